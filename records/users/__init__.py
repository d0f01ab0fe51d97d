"""Who may log in: users, their roles, sessions and passwords. Start reading in `users`."""
