"""What people write in a step, checked: notes, reasons, codes of the list. Raises `WrongInput`."""

from records.life.steps import Context
from records.sentence import Sentence
from records.text import clean

LONGEST_TEXT = 2000
"""Characters of a note or reason: an A4 page. A file is attached elsewhere, not pasted."""


class WrongInput(Exception):  # noqa: N818
    """What was given does not do; ``why`` says the reason and what would."""

    def __init__(self, en: str, hi: str) -> None:
        super().__init__(en)
        self.why = Sentence(en, hi)


def written(what: Sentence, text: str, *, needed: bool = True) -> str:
    """The text without spare blanks; ``what`` names it for the refusal."""
    text = clean(text).strip()
    if needed and not any(map(str.isalnum, text)):
        raise WrongInput(f"it needs {what.en}; write one", f"{what.hi} ज़रूरी है; लिखें")
    if len(text) > LONGEST_TEXT:
        raise WrongInput(
            f"{what.en} has {len(text)} characters; {LONGEST_TEXT} are possible",
            f"{what.hi} में {len(text)} अक्षर हैं; {LONGEST_TEXT} तक हो सकते हैं",
        )
    return text


NOTE = Sentence("a note", "टिप्पणी")
REASON = Sentence("a reason", "कारण")
DEPARTMENT = Sentence("the department it belongs to", "विभाग, जिसका यह प्रकरण है,")


def reason_code(code: str, context: Context) -> str:
    """A code of the list of reasons for the step."""
    code = clean(code).strip()
    if not code:
        raise WrongInput("it needs a reason from the list; name its code", "सूची में से एक कारण ज़रूरी है; चुनें")
    if context.reasons is not None and code not in context.reasons:
        known = ", ".join(sorted(context.reasons)) or "none"
        raise WrongInput(
            f"the list has no such reason; its codes are: {known}",
            f"सूची में ऐसा कारण नहीं है; उसके कोड ये हैं: {known}",
        )
    return code
