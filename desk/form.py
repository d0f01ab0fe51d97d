"""The complaint form as data: read from what was sent, checked field by field. Pure."""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from desk.settings import DeskSettings
from mapper import Edition
from mapper.decision.meant_for import unusual
from records.life.states import COMPLAINT, KINDS
from records.phone import parse, several

# Controls, and what cannot be seen: blanks of no width, marks that turn the direction of the text. The
# joiners U+200C and U+200D stay: Hindi is spelt with them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_BLANKS = re.compile(r"\s+")
_KEY = re.compile(r"[0-9A-Za-z-]{8,64}$")
_CALL_ID = re.compile(r"[0-9A-Za-z._-]{1,80}$")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: the key of its text and what to fill in."""

    key: str
    places: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ComplaintForm:
    """What was typed, cleaned but not yet judged. ``place_text`` and ``type_text`` are what stands in the
    search fields, ``*_where`` what the lists said beside the choice; only ``place_id`` and
    ``type_code`` count. ``message``: the id of the spoken message that is written down.
    ``withheld``, for the page alone, is not empty when the caller hides his number. ``anyway``: the `pair`
    that is to be registered though it was asked about."""

    key: str
    call_id: str = ""
    citizen_name: str = ""
    citizen_phone: str = ""
    place_id: str = ""
    place_text: str = ""
    place_where: str = ""
    type_code: str = ""
    type_text: str = ""
    type_where: str = ""
    description: str = ""
    kind: str = COMPLAINT
    message: str = ""
    withheld: str = ""
    anyway: str = ""

    @property
    def pair(self) -> str:
        """Type and place together: what a question about them is answered for."""
        return f"{self.type_code}@{self.place_id}"

    @property
    def source(self) -> str:
        """What it is about: the call, or the message; the page keeps a draft for each."""
        return f"message-{self.message}" if self.message else self.call_id


def new_form(
    call_id: str = "",
    citizen_phone: str = "",
    citizen_name: str = "",
    message: str = "",
    *,
    withheld: bool = False,
) -> ComplaintForm:
    """An empty form with a key of its own: however often it is sent, it makes one complaint."""
    return ComplaintForm(
        str(uuid.uuid4()),
        call_id,
        citizen_name,
        citizen_phone,
        message=message,
        withheld="yes" if withheld else "",
    )


def read_form(given: Mapping[str, object]) -> ComplaintForm:
    """The form out of form fields or a JSON object. Text that is not text becomes empty. A program that
    sends no key gets a new one: its request then stands for itself."""
    values = {
        each.name: _line(given.get(each.name)) for each in fields(ComplaintForm) if each.name != "description"
    }
    values["kind"] = values["kind"] or COMPLAINT
    form = ComplaintForm(**values, description=cleaned(given.get("description")).strip())
    return form if form.key else replace(form, key=str(uuid.uuid4()))


def check(form: ComplaintForm, edition: Edition, settings: DeskSettings) -> dict[str, Problem]:
    """The problems by field, in the order of the form; empty when it can be registered."""
    problems: dict[str, Problem] = {}
    if not _KEY.match(form.key):
        problems["key"] = Problem("field.key_wrong")
    if form.call_id and not _CALL_ID.match(form.call_id):
        problems["call_id"] = Problem("field.call_other")
    if form.kind not in KINDS:
        problems["kind"] = Problem("field.kind_unknown", {"kinds": ", ".join(KINDS)})
    if not any(map(str.isalpha, form.citizen_name)):
        problems["citizen_name"] = Problem("field.name_missing")
    elif len(form.citizen_name) > settings.name_chars:
        problems["citizen_name"] = Problem("field.name_long", {"limit": settings.name_chars})
    if not form.citizen_phone:
        problems["citizen_phone"] = Problem("field.phone_missing")
    elif parse(form.citizen_phone).e164 is None:
        two = several(form.citizen_phone)
        problems["citizen_phone"] = Problem("field.phone_two" if two else "field.phone_wrong")
    for name, text, chosen, known in (
        ("place_id", form.place_text, form.place_id, edition.places),
        ("type_code", form.type_text, form.type_code, edition.types),
    ):
        word = name.split("_", maxsplit=1)[0]
        if not chosen:
            problems[name] = (
                Problem(f"field.{word}_unlisted", {"text": text[:40]})
                if text
                else Problem(f"field.{word}_missing")
            )
        elif chosen not in known:
            problems[name] = Problem(f"field.{word}_unknown")
    if not any(map(str.isalnum, form.description)):
        problems["description"] = Problem("field.description_missing")
    elif len(form.description) > settings.description_chars:
        places = {"limit": settings.description_chars, "count": len(form.description)}
        problems["description"] = Problem("field.description_long", places)
    return problems


def question(form: ComplaintForm, edition: Edition) -> Problem | None:
    """What is asked once before a form without problems is registered: whether a town's type is meant for a
    village, or the reverse. The page fills in the names."""
    kind, place = edition.types[form.type_code], edition.places[form.place_id]
    area = None if form.anyway == form.pair else unusual(edition, kind, place)
    if area is None:
        return None
    return Problem("field.ask_urban" if area == "urban" else "field.ask_rural")


def _line(value: object) -> str:
    return _BLANKS.sub(" ", cleaned(value)).strip()


def cleaned(value: object) -> str:
    """Text as it was typed, without what cannot be seen; what is not text becomes empty."""
    text = unicodedata.normalize("NFC", value if isinstance(value, str) else "")
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
