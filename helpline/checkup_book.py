"""What ``helpline doctor`` looks at on the way into the book: what was put aside, and Asterisk's requests."""

from helpline.app import App
from helpline.finding import Finding, State
from helpline.wiring import has_old_dialplan
from records import aside


def put_aside(app: App) -> Finding:
    """Whether everything that was told has been stored."""
    lines = [one for folder in (app.spool, app.desk_spool) for one in aside.read(folder)]
    if not lines:
        return Finding(State.OK, "aside", "nothing was put aside")
    odd = sum(one.operation is None for one in lines)
    return Finding(
        State.WARNING,
        "aside",
        f"{len(lines) - odd} writes could not be stored and {odd} lines not be read; they were put aside",
        "see them: helpline records aside; store them again: helpline records aside --store",
    )


def dialplan(app: App) -> Finding:
    """Whether Asterisk's configuration knows the key of the AGI service."""
    if has_old_dialplan(app):
        return Finding(
            State.ERROR,
            "AGI key",
            "Asterisk's configuration is of an earlier version: its requests to the service have no key",
            "run: helpline asterisk apply, then reload Asterisk",
        )
    return Finding(State.OK, "AGI key", "the dialplan's requests have a key, or are made at the next apply")
