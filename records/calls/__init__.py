"""Calls in the database: their states and steps, recordings, messages, and wishes to be called back.

Calls that only Asterisk knows are brought in by `records.missed_calls`. Start reading in `log`.
"""
