"""An open centre: every way through the menus to a person."""

from .play import AFTER, ENTRY, STATE, Play, Scene, Thread, threads
from .status import STATUS

OPEN = Scene(
    "open",
    "executives answer, the trunk takes 112",
    (
        *STATUS,
        *threads(
            20001,
            Play("no key at all", (), (*ENTRY, "menu-again", "menu-last", *STATE), "person"),
            Play(
                "wrong keys",
                ("5", "6", "#"),
                ("wrong-key", "menu-again", "wrong-key", "menu-last", *STATE),
                "person",
            ),
            (
                Play(
                    "complaint, heard twice, rated",
                    ("1", "39", "rate-ask:5"),
                    ("ask-district", "district/rajgarh", "connecting", *AFTER, "rate-thanks", "thanks"),
                    "person",
                    complaint=True,
                ),
                Play(
                    "calls again: his last district",
                    ("1", "1"),
                    ("offer-district", "district/rajgarh", "offer-yes-no", "connecting"),
                    "person",
                    never=("ask-district",),
                ),
            ),
            Play(
                "complaint, not rated",
                ("1", "39"),
                ("connecting", *AFTER, "rate-ask-again", "thanks"),
                "person",
                complaint=True,
            ),
            Play(
                "complaint, hangs up in the rating",
                ("1", "39", "rate-ask@1:hang-up"),
                ("connecting", *AFTER),
                "person",
                complaint=True,
            ),
            Play("knows the code at the menu", ("39",), ("connecting",), "person", never=("ask-district",)),
            Play(
                "emergency, in the first sentence", ("emergency-hint@1:9",), ("emergency-connecting",), "112"
            ),
            Play("emergency, from the menu", ("menu-status@0.5:9",), ("emergency-connecting",), "112"),
            Play(
                "direct number",
                ("1",),
                ("greeting", "connecting"),
                "person",
                number="07372181",
                never=("ask-district",),
            ),
            Play(
                "00 lists the division",
                ("1", "00", "39"),
                ("ask-district", "list-intro", "district/bhopal", "code-is", "ask-district", "connecting"),
                "person",
            ),
            Play(
                "three wrong codes",
                ("1", "99", "98", "97"),
                ("wrong-code", "ask-district-again", "wrong-code", "ask-district-last", "wrong-code", *STATE),
                "person",
            ),
            Play(
                "no answer to the district",
                ("1", "-", "-", "-"),
                ("ask-district", "ask-district-again", "ask-district-last", *STATE),
                "person",
            ),
            Play(
                "changes the district",
                ("1", "04", "2", "39"),
                (
                    "district/bhopal",
                    "confirm-district",
                    "ask-district-again",
                    "district/rajgarh",
                    "connecting",
                ),
                "person",
            ),
            Play("operator by 0", ("0",), STATE, "person"),
            Play("scheme information, desk not manned", ("4",), ("connecting", *STATE), "person"),
            Play("demand or suggestion", ("3", "39"), ("ask-district", "connecting"), "person"),
            Play(
                "hears the menu again", ("*", "39"), ("menu-repeat", "menu-complaint", "connecting"), "person"
            ),
            (
                Play(
                    "English",
                    ("greeting@1:8", "1", "39"),
                    (
                        "en/emergency-hint",
                        "en/greeting",
                        "en/menu-complaint",
                        "en/ask-district",
                        "en/connecting",
                    ),
                    "person",
                ),
                Play(
                    "English again, remembered",
                    ("1", "1"),
                    (
                        "en/emergency-hint",
                        "en/greeting-known",
                        "en/menu-complaint",
                        "en/offer-district",
                        "en/connecting",
                    ),
                    "person",
                    never=("greeting",),
                ),
            ),
            Play(
                "Malvi, where nothing is recorded",
                ("greeting@1:7", "1", "39"),
                ("greeting", "greeting", "menu-complaint", "ask-district", "connecting"),
                "person",
            ),
        ),
        Thread(
            "07372255555",
            (
                Play(
                    "landline: its STD code is offered",
                    ("1", "1"),
                    ("offer-district", "district/rajgarh", "offer-yes-no", "connecting"),
                    "person",
                    never=("ask-district",),
                ),
            ),
        ),
    ),
    settings={"asterisk": {"ring_seconds": 15}},
    lines=5,
    answering=2,
    emergency=True,
    menu=('8 = "en"', '8 = "en"\n7 = "mup"'),
)

DESK = Scene(
    "desk",
    "schemes are told at one telephone",
    threads(
        90001,
        Play(
            "scheme information, desk manned",
            ("4",),
            ("menu-information", "connecting"),
            "person",
            never=("to-state-operator", "ask-district"),
        ),
    ),
    answering=1,
    menu=('target = "queue:information"', 'target = "extension:2001"'),
)
