"""Overdue complaints go to the next level: which they are, and writing many at a time.

Who the next officer is comes from outside. Start reading in `sweep`.
"""
