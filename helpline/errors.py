"""What the front door can complain of, and every room's error base it prints as one line."""


class HelplineError(Exception):
    """A command cannot go on. ``str()`` is one line: the cause and the remedy."""


class SettingsError(HelplineError):
    """A setting is missing, unreadable or out of range. Names the file or variable and the key."""


def room_errors() -> tuple[type[Exception], ...]:
    """The base error of every room: each one's ``str()`` is meant for the person at the keyboard."""
    from agi.errors import AgiError
    from desk.errors import DeskError
    from dialplan.errors import DialplanError
    from helpline.phone.errors import PhoneError
    from ivr_prompts.errors import PromptError
    from mapper.errors import DirectoryError
    from office.errors import OfficeError
    from records.errors import RecordsError
    from switchboard.errors import SwitchboardError

    return (
        HelplineError,
        AgiError,
        DeskError,
        DialplanError,
        PhoneError,
        PromptError,
        DirectoryError,
        OfficeError,
        RecordsError,
        SwitchboardError,
    )
