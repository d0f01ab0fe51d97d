"""Editions of the directory on disk: drafts, publishing, the list of editions, reading them again.

Start reading in `store`.
"""
