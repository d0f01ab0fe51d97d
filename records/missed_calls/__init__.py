"""Calls that only Asterisk's own file (CEL) knows, brought into the log exactly once.

Start reading in `catchup`.
"""
