"""What is different between two editions, and whom it affects. Start reading in `diff`."""
