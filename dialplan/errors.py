"""Errors of this room that people read."""


class DialplanError(Exception):
    """The telephone exchange cannot be configured or started; str() is one line: cause and remedy."""
