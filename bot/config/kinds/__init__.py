"""The kinds of values a setting may have: how each is read from text, checked, and written back."""
