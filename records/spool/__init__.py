"""What could not be written yet: operations kept on disk and written later, exactly once.

Start reading in `spool`.
"""
