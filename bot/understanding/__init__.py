"""What a message means: intents by likeness to taught phrases, slots, language. Pure."""
