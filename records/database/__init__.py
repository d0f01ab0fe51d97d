"""The database itself: its address, connections and column types, and what its failures mean to people.

Knows nothing of calls or complaints. Start reading in `database`.
"""
