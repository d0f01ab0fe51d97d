"""Callers who wait: nobody takes their call, or the queue is full."""

from .play import NOBODY, WORDS, Play, Scene, threads

BUSY = Scene(
    "busy",
    "executives' telephones ring and nobody answers",
    threads(
        40001,
        Play(
            "waits until nobody came",
            ("39",),
            ("connecting", *NOBODY, "message-empty", "callback-noted"),
            "callback",
            seconds=280,
        ),
        Play(
            "waits, asks for the menu, stays",
            ("39", "all-busy@2:1", "waiting-menu:1", "all-busy@1:hang-up"),
            ("connecting", "waiting-menu", "all-busy"),
            "gave up",
        ),
        Play(
            "waits, then leaves a message",
            ("39", "all-busy@2:5", "waiting-menu:2", f"beep:{WORDS}", "message-review:1"),
            ("waiting-menu", "message-intro", "beep", "message-review", "message-kept", "thanks"),
            "message",
        ),
        Play(
            "waits, then wants to be called",
            ("39", "connecting+6:*", "waiting-menu:3"),
            ("waiting-menu", "callback-noted", "thanks"),
            "callback",
        ),
        Play(
            "message heard, spoken again",
            (
                *(
                    "39",
                    "all-busy@2:5",
                    "waiting-menu:2",
                    f"beep:{WORDS}",
                    "message-review:2",
                    "message-review:3",
                ),
                *(f"beep:{WORDS}", "message-review:-"),
            ),
            ("beep", "message-review", "message-review", "beep", "message-review", "message-kept"),
            "message",
        ),
        Play(
            "silent after the beep",
            ("39", "all-busy@2:5", "waiting-menu:2"),
            (*("beep", "message-empty") * 3, "callback-noted", "thanks"),
            "callback",
        ),
        Play(
            "hangs up while he speaks",
            ("39", "all-busy@2:5", "waiting-menu:2", f"beep:{WORDS}", "+4:hang-up"),
            ("message-intro", "beep"),
            "message",
        ),
    ),
    settings={"asterisk": {"queue_wait_seconds": 75, "ring_seconds": 20}},
    lines=3,
    ringing=1,
)

FULL = Scene(
    "full",
    "only one may wait",
    threads(
        50001,
        Play("waits", ("39", "connecting+25:hang-up"), ("connecting",), "gave up"),
        Play(
            "queue full",
            ("39", f"beep:{WORDS}", "message-review:1"),
            ("connecting", *NOBODY, "beep", "message-kept"),
            "message",
            delay=8.0,
        ),
    ),
    settings={"asterisk": {"queue_longest": 1, "queue_wait_seconds": 90}},
    ringing=1,
)
