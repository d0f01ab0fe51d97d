"""Nobody is logged in at all."""

from .play import NOBODY, WORDS, Play, Scene, threads

DESERTED = Scene(
    "deserted",
    "nobody is logged in, the trunk is down",
    threads(
        60001,
        Play("queue empty", ("39", "beep@0.2:hang-up"), ("connecting", *NOBODY, "beep"), "refused"),
        Play("district without a centre", ("1", "04", "1", "beep@0.2:hang-up"), NOBODY, "refused"),
        Play(
            "emergency, the trunk does not take it",
            ("emergency-hint@1:9", f"beep:{WORDS}", "message-review:1"),
            ("emergency-connecting", *NOBODY, "message-kept"),
            "message",
        ),
    ),
)
