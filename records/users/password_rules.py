"""Which passwords are refused because they are guessed first: common ones, names, runs of keys, dates.

Judged by zxcvbn (MIT licence), which knows some 30,000 common passwords and first tries what people do.
"""

from collections.abc import Iterable

from records.errors import UserError
from records.users.passwords import LONGEST, check

FEWEST_GUESSES = 10**8
"""zxcvbn's score 3: a century at the desk's 60 tries an hour, months with a stolen hash."""

COMMON_HERE = (
    "181", "cmhelpline", "helpline", "cm helpline", "desk", "callcentre", "callcenter", "asterisk", "madhya",
    "pradesh", "madhyapradesh", "bharat", "hindustan", "india", "jaihind", "jaishriram", "jaimatadi",
    "namaste", "shriram", "krishna", "mahakal", "admin", "officer", "executive", "supervisor",
    "administrator", "collector", "हेल्पलाइन", "मध्यप्रदेश", "भारत", "जयहिंद", "जयश्रीराम", "पासवर्ड",
    "शिकायत", "नमस्ते",
)  # fmt: skip
"""What people of such a centre think of first, beside the district's and their own names."""


def check_new(password: str, words: Iterable[str] = ()) -> None:
    """Raises `UserError` for a password that is too short, too long, or guessed too soon.

    ``words``: names that whoever knows the person and the centre tries first.
    """
    # Takes a while to import, and only who sets a password needs it.
    from zxcvbn import zxcvbn

    check(password)
    known = sorted(
        {part.lower() for word in (*words, *COMMON_HERE) for part in (word, *word.split()) if part}
    )
    found = zxcvbn(password, user_inputs=known, max_length=LONGEST)
    if found["guesses"] > FEWEST_GUESSES:
        return
    why = "is guessed too soon"
    for match in found["sequence"]:
        if match.get("dictionary_name") == "user_inputs":
            why = "is guessed too soon: it has a name or a word of this centre in it"
        elif match["pattern"] == "dictionary" and match["dictionary_name"] == "passwords":
            why = "is guessed too soon: it has a common password in it"
        elif match["pattern"] in {"spatial", "sequence", "repeat"}:
            why = "is guessed too soon: it has a run of keys or a repetition in it"
        elif match["pattern"] in {"date", "regex"}:
            why = "is guessed too soon: it has a date or a year in it"
        else:
            continue
        break
    raise UserError(
        f"the password {why}; choose three or four words that do not belong together, or have one made by"
        " leaving out --ask and --password-stdin"
    )
