"""What somebody must look at, until he has seen it or it is over. Start reading in `book`."""
