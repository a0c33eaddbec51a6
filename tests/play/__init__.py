"""Playing whole conversations against a whole running shop."""
