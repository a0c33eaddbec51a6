"""Doubles of the outside world, as strict as the originals."""
