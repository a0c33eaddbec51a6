"""What comes from outside, at random: whatever it is, it is read, refused in words, or kept for a person; nothing breaks."""
