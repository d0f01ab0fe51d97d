"""Calls that ask how a complaint stands, from its own telephone and from another."""

from .play import NUMBER, OFFERS, OTHER, OWN, SLIP, STATE, TOLD, Play, Thread

STATUS = (
    Thread(
        OWN,
        (
            Play("status, own phone", ("2", "1"), ("status-last-offer", *TOLD, "thanks"), "told"),
            Play("status, own phone, no key", ("2", "-"), (*OFFERS, *TOLD, "thanks"), "told"),
            Play(
                "status, operator after it",
                ("2", "1", "status-with@0.5:0"),
                ("status-of", *STATE),
                "person",
            ),
        ),
    ),
    Thread(
        OTHER,
        (
            Play(
                "status, other phone",
                ("2", f"{NUMBER}#", OWN[-4:]),
                ("status-ask-number", "status-ask-phone", *TOLD),
                "told",
            ),
            Play(
                "status, other phone, wrong digits",
                ("2", f"{NUMBER}#", "1111", "2222", "3333"),
                (
                    *("status-ask-phone", "status-phone-wrong"),
                    *("status-ask-phone-again", "status-phone-wrong"),
                    *("status-ask-phone-last", "status-phone-wrong"),
                    *STATE,
                ),
                "person",
                never=("status-of",),
            ),
            Play(
                "status, a typing slip",
                ("2", f"{SLIP}#", f"{NUMBER}#", OWN[-4:]),
                ("status-number-wrong", "status-ask-number-again", "status-ask-phone", *TOLD),
                "told",
            ),
            Play(
                "status, no number",
                ("2", "-", "-", "-"),
                ("status-ask-number", "status-ask-number-again", "status-ask-number-last", *STATE),
                "person",
            ),
        ),
    ),
)
"""Calls of one who registered a complaint, and of another who asks about it."""
