"""How agents see and answer: the web desk."""
