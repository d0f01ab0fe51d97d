"""What happened: calls, complaints, events, users; and the migrations of their tables."""
