"""Ways to reach people: each channel turns what happens there into inbox rows, and outbox rows into messages there."""
