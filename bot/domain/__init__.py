"""Plain data and rules of after-sales. Nothing here reads a clock, a disk or a network."""
