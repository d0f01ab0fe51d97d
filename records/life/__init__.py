"""A complaint's life, pure: its states, the steps between them, the chain of its events.

What writes them is `records.complaints.book`. Start reading in `table`, then `rules`.
"""
