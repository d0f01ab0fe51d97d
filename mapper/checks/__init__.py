"""What is wrong or doubtful in a directory, before it is published. Start reading in `check`."""
