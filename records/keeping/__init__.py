"""What is kept no longer: people who asked to be erased, and files whose days are over."""
