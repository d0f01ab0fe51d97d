"""What records can complain of. The text of every error is one line: the cause and the remedy."""


class RecordsError(Exception):
    """Records cannot do what was asked. ``str()`` is one line for the person at the keyboard.

    Never holds a password, a caller's number or a complaint's text.
    """


class NumberError(RecordsError):
    """A complaint number that cannot be one: mistyped, or not a number at all."""


class UserError(RecordsError):
    """A user that cannot be created or changed as asked."""


class UnavailableError(RecordsError):
    """The database cannot be reached or is busy just now; the same request may succeed later."""


class TamperedError(RecordsError):
    """The events of a complaint do not fit together: somebody changed the database by hand."""
