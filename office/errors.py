"""What the office refuses, told to the person at the keyboard."""

from records.errors import IllegalStep
from records.sentence import Sentence

COMMANDS = {"propose_department": "out-of-department", "propose_close": "special-close"}
"""Steps whose command has a name of its own; the others have the step's."""


def command_of(step: str) -> str:
    """The subcommand of ``helpline complaint`` that takes a step."""
    return COMMANDS.get(step, step.replace("_", "-"))


class OfficeError(Exception):
    """Something cannot be done to a complaint. ``str()`` is one line: the cause and the remedy.

    ``hi``: the same in Hindi, for whoever takes steps on the desk; empty for what only a shell is told.
    """

    def __init__(self, en: str, hi: str = "") -> None:
        super().__init__(en)
        self.hi = hi


class UnknownComplaintError(OfficeError):
    """There is no complaint of that number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"there is no complaint {number}; find it with `helpline complaint list --phone`")


class UnknownActorError(OfficeError):
    """Nobody of that name works here, or the post is not in the directory."""


class RefusedError(OfficeError):
    """A step that is not possible now, or not for him.

    ``who``: the posts that may take it, with holders. ``choices``: lines of the list to choose from.
    ``why``: the reason and who may, in both languages.
    """

    def __init__(
        self, refusal: IllegalStep, who: tuple[Sentence, ...] = (), choices: tuple[str, ...] = ()
    ) -> None:
        may = f": {'; '.join(each.en for each in who)}" if who else ""
        lines = "".join(f"\n  {line}" for line in choices)
        possible = ", ".join(map(command_of, refusal.legal)) or "nothing"
        super().__init__(
            f"complaint {refusal.number}: {command_of(refusal.step)} is refused, {refusal.reason.en}{may}; "
            f"possible now: {possible}{lines}"
        )
        self.refusal = refusal
        self.who = who
        self.why = Sentence(
            "; ".join((refusal.reason.en, *(each.en for each in who))),
            "; ".join((refusal.reason.hi, *(each.hi for each in who))),
        )
