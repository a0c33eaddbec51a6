"""Killing the served shop at random moments, and proving afterwards that nothing was lost and nothing done twice.

`python -m tests.crash --help`
"""
