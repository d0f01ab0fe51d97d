"""What ``helpline doctor`` looks at on the way into the book: by what Asterisk's requests are known."""

from helpline.app import App
from helpline.finding import Finding, State


def dialplan(app: App) -> Finding:
    """Whether Asterisk's configuration knows the key of the AGI service."""
    from helpline.wiring import has_old_dialplan

    if has_old_dialplan(app):
        return Finding(
            State.ERROR,
            "AGI key",
            "Asterisk's configuration is of an earlier version: its requests to the service have no key",
            "run: helpline asterisk apply, then reload Asterisk",
        )
    return Finding(State.OK, "AGI key", "the dialplan's requests have a key, or are made at the next apply")
