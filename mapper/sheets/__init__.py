"""The office's sheets on their way to a directory: read, mended, checked against each other.

Every problem is told with file, row, column and remedy. Start reading in `importer`, then `reading`.
"""
