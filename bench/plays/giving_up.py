"""Callers who hang up while a prompt speaks."""

from .play import Play, Scene, threads


def _gives_up(prompt: str, *before: str) -> Play:
    return Play(f"hangs up in {prompt}", (*before, f"{prompt}@0.8:hang-up"), (prompt,), "gave up")


GIVING_UP = Scene(
    "giving-up",
    "the caller hangs up in a prompt",
    threads(
        30001,
        _gives_up("emergency-hint"),
        _gives_up("greeting"),
        _gives_up("language-hint"),
        _gives_up("menu-status"),
        _gives_up("menu-again", "-"),
        _gives_up("wrong-key", "5"),
        _gives_up("ask-district", "1"),
        _gives_up("wrong-code", "1", "99"),
        _gives_up("confirm-district", "1", "04"),
        _gives_up("list-intro", "1", "00"),
        _gives_up("connecting", "39"),
        _gives_up("to-state-operator", "0"),
        _gives_up("status-ask-number", "2"),
        _gives_up("emergency-connecting", "emergency-hint@1:9"),
    ),
    lines=3,
    ringing=1,
)
