"""How soon the desk's screens show what a buyer wrote, with many screens open."""
