"""What records can complain of. The text of every error is one line: the cause and the remedy."""

from records.sentence import Sentence


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


class LostError(UnavailableError):
    """The book is not where it was, or something else lies there. Nothing is written until it is back."""


class NoBookError(RecordsError):
    """There never was a book, and who asks does not begin one."""


class StaleError(RecordsError):
    """The complaint was changed by somebody else since the caller looked at it; look again and decide."""


class IllegalStep(RecordsError):  # noqa: N818
    """A step that the complaint's life does not allow. Nothing was changed.

    ``code``: "kind" and "status" (not for such a complaint, not in this state), "actor" (not by him),
    "condition" (a rule of the office), "input" (what was given does not do), "moment" (before its last
    event). ``legal``: the names of the steps the same actor may take now. ``reason`` is in both languages.
    ``status``: the state in which it is.
    """

    def __init__(
        self, number: str, step: str, code: str, reason: Sentence, legal: tuple[str, ...], status: str
    ) -> None:
        possible = ", ".join(legal) if legal else "nothing"
        super().__init__(f"complaint {number}: {step} is refused, {reason.en}; possible now: {possible}")
        self.number = number
        self.step = step
        self.code = code
        self.reason = reason
        self.legal = legal
        self.status = status


class TamperedError(RecordsError):
    """The events of a complaint do not fit together: somebody changed the database by hand."""
