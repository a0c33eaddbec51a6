"""The walk of a message: stored, claimed, understood, decided, rendered, committed, sent."""
