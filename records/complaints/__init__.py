"""Complaints in the database: registered, acted on, found, and read for reports.

Which step is allowed is a matter of `records.life`. Start reading in `book`.
"""
