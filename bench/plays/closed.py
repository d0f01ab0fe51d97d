"""Calls outside of the hours."""

from .play import WORDS, Play, Scene, threads

CLOSED = Scene(
    "closed",
    "the district's centre is closed, nobody of the state is logged in",
    threads(
        70001,
        Play(
            "centre closed",
            ("39", f"beep:{WORDS}", "message-review:1"),
            ("closed-now", "closed-opens-at", "to-state-operator", "nobody", "message-intro", "message-kept"),
            "message",
        ),
    ),
    hours="{shut}",
)

SHUT = Scene(
    "shut",
    "the state's operators are closed too",
    threads(
        80001,
        Play(
            "everything closed",
            ("39", f"beep:{WORDS}", "message-review:1"),
            ("closed-now", "closed-opens-at", "message-intro", "message-kept", "thanks"),
            "message",
            never=("nobody",),
        ),
        Play(
            "district without a centre, closed",
            ("1", "04", "1", "beep@0.2:hang-up"),
            ("closed-now",),
            "gave up",
        ),
    ),
    hours="{shut}{shut-state}",
)
