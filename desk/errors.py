"""What can go wrong in the desk, for people: ``str()`` of each is one line with the cause and the remedy."""


class DeskError(Exception):
    """Base of the desk's errors; raised when the desk cannot be put together or cannot listen."""


class TextsError(DeskError):
    """A language's text file is missing, not TOML, or lacks a key that the others have."""
