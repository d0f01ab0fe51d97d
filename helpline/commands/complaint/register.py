"""``helpline complaint register``: a complaint without the desk, such as one that came on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from desk.form import check, read_form
from dialplan.districts import load_districts
from helpline.app import App
from helpline.commands import words
from helpline.commands.complaint import view
from helpline.commands.office_options import JSON, Acting, acting, in_office
from helpline.commands.output import say
from mapper import Edition
from mapper.decision.meant_for import unusual
from office import Office, OfficeError
from office.finding import find_place, find_type
from office.forms import Registering
from records import Complaint
from records.life.states import KINDS, Kind
from records.life.steps import Actor

LONGEST_KEY = 200
"""As `records.ComplaintBook.register` takes it."""
_SAID = ("citizen_name", "citizen_phone", "place_id", "type_code", "description", "kind")


@dataclass(frozen=True)
class Form:
    """What was typed: type and place by code or by words."""

    type_text: str
    place_text: str
    citizen_name: str
    citizen_phone: str
    description: str
    kind: Kind
    district: str | None

    async def read(
        self,
        app: App,
        office: Office,
        actor: Actor,
        key: str | None = None,
        *,
        known_phone: str | None = None,
    ) -> Registering:
        """With type and place found in the edition in force, and checked as the desk checks it.

        ``known_phone`` stands for a telephone that was not typed. Raises `OfficeError`: all that is wrong.
        """
        if self.district and load_districts().by_code(self.district) is None:
            raise OfficeError(f"{self.district!r} is no district's code; write two digits, such as 39")
        edition = await office.edition()
        typed = read_form(
            {
                "type_code": find_type(edition, self.type_text).code,
                "place_id": find_place(edition, self.place_text).id,
                "citizen_name": self.citizen_name,
                "citizen_phone": self.citizen_phone or known_phone or "",
                "description": self.description,
            }
        )
        if problems := check(typed, edition, app.settings.desk):
            raise OfficeError(" ".join(words.english(each.key, each.places) for each in problems.values()))
        return Registering(
            type_code=typed.type_code,
            place_id=typed.place_id,
            citizen_name=typed.citizen_name,
            citizen_phone=typed.citizen_phone,
            description=typed.description,
            district_code=self.district or actor.district_code or app.settings.asterisk.district_code,
            kind=self.kind,
            key=key,
        )


_OPTIONS = (
    click.option("--type", "type_text", required=True, help="Code of the type, or words that mean one type."),
    click.option(
        "--place", "place_text", required=True, help="Id of the place, or its name in either script."
    ),
    click.option("--name", "citizen_name", required=True, help="The citizen's name."),
    click.option(
        "--phone", "citizen_phone", default="", help="His telephone, as told; needed without a call."
    ),
    click.option("--text", "description", required=True, help="What the citizen says, in his own words."),
    click.option(
        "--kind", type=click.Choice(KINDS), default="complaint", show_default=True, help="What it is."
    ),
    click.option("--district", help="Two-digit district code (default: the user's, else the centre's)."),
)


def FORM(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 (a decorator like the options)
    """Adds the options of a form, and hands them over as ``form``."""

    @wraps(command)
    def with_form(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name) for name in Form.__dataclass_fields__}
        return command(*args, form=Form(**given), **kwargs)

    wrapped: Callable[..., Any] = with_form
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _key(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (value.strip() and len(value) <= LONGEST_KEY):
        raise click.BadParameter(f"write 1 to {LONGEST_KEY} characters")
    return value


@click.command()
@FORM
@click.option("--key", callback=_key, help="Registers once however often the command is run with this key.")
@acting
@JSON
@click.pass_obj
def register(app: App, *, form: Form, key: str | None, acting: Acting, as_json: bool) -> None:
    """Register a complaint.

    The officer and the last day follow from type and place.

    \b
    helpline complaint register --by sita --type "नामांतरण" --place village:479544 \\
        --name रामलाल --phone 9812345610 --text "दो महीने से नामांतरण नहीं हुआ"
    """

    async def work(office: Office) -> tuple[Complaint, bool, str | None]:
        actor = await acting.actor(office)
        sent = await form.read(app, office, actor, key)
        made = await office.register(actor, sent)
        warning = _unusual(await office.edition(), sent)
        return made, any(getattr(made, name) != getattr(sent, name) for name in _SAID), warning

    made, stale, warning = in_office(app, acting.at, work, as_json=as_json)
    lines = view.registered_lines(made)
    if warning:
        lines.insert(1, f"  {warning}")
    if stale:
        lines.insert(1, "  this key was registered before: what is written now is not stored")
    say({**view.as_data(made), "stale": stale, "warning": warning}, lines, json_wanted=as_json)


def _unusual(edition: Edition, sent: Registering) -> str | None:
    """What the desk would have asked about: a town's type at a village, or the reverse."""
    kind, place = edition.types[sent.type_code], edition.places[sent.place_id]
    area = unusual(edition, kind, place)
    if area is None:
        return None
    meant, there = ("towns", "a village") if area == "urban" else ("villages", "in a town")
    return (
        f"look again: {kind.code} is for {meant}, and {place.name_en} is {there}; it is registered as written"
    )
