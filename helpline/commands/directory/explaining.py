"""`helpline directory explain`: who acts on a complaint, by when, and which rules said so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from helpline.commands.directory.shared import FOLDER, JSON, as_text, fail, limits_of, store_of
from helpline.commands.office_options import Day, Moment, noon
from mapper import (
    DirectoryError,
    Edition,
    Explanation,
    Holder,
    LevelExplained,
    Place,
    Problem,
    Registration,
    explain,
    explain_level,
    holders_of,
)
from mapper.days import indian_day
from mapper.directory.store import DirectoryStore
from office.finding import places_called

_HOW = {
    "start": ("पंजीयन पर", "at registration"),
    "automatic": ("समय-सीमा के बाद अपने-आप", "by itself when the limit before ends"),
    "manual": ("केवल हाथ से, कारण के साथ", "by hand only, with a reason"),
}


@click.command("explain")
@click.option("--type", "type_code", required=True, help="Code of the complaint type, such as REVENUE-01.")
@click.option(
    "--place", "place_text", required=True, help="Id of the place, or its name in Hindi or Roman letters."
)
@click.option(
    "--at",
    type=Moment(),
    help="Time of registration, ISO 8601; in India unless it names a zone (default: now).",
)
@click.option(
    "--on", type=Day(), help="A day, such as 2026-11-23: registered then, by the edition then in force."
)
@click.option("--level", type=click.IntRange(min=1), help="This level only, its limit beginning on that day.")
@click.option("--edition", "number", type=click.IntRange(min=1), help="Ask an earlier edition.")
@FOLDER
@JSON
@click.pass_context
def explain_(
    context: click.Context,
    type_code: str,
    place_text: str,
    at: datetime | None,
    on: date | None,
    level: int | None,
    number: int | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Say who would act on a complaint, level by level, by when, and which rules decided."""
    if at and on:
        raise click.UsageError("say --at or --on, not both")
    moment = at or (noon(on) if on else datetime.now(UTC))
    try:
        store = store_of(context, folder)
        if on and number is None:
            number = _in_force_on(store, on)
        edition = store.edition(number)
        place = _place(edition, place_text, limits_of(context).candidates)
        registration = Registration(type_code, place.id, moment)
        explanation = explain(edition, registration)
        if level is not None:
            explanation = _only(edition, explanation, registration, level)
    except DirectoryError as error:
        fail(error.problems, as_json=as_json)
    if as_json:
        click.echo(as_text(_explained(edition, explanation)))
    else:
        for line in _lines(edition, explanation):
            click.echo(line)
    if not explanation.levels or explanation.levels[0].assignment is None:
        context.exit(1)


def _in_force_on(store: DirectoryStore, day: date) -> int | None:
    """The number of the edition in force at the end of that day; the first one for a day before it."""
    entries = store.editions()
    known = [
        entry for entry in entries if indian_day(datetime.fromisoformat(entry.published_at)) <= day
    ] or entries[:1]
    return known[-1].number if known else None


def _only(edition: Edition, whole: Explanation, registration: Registration, level: int) -> Explanation:
    found = explain_level(edition, registration, level, whole.start)
    if found is None:
        named = ", ".join(str(one.level) for one in whole.levels)
        what = f"type {whole.type.code} has no level {level} at {whole.place.id}"
        raise DirectoryError(Problem("levels.csv", 0, "level", what, f"its levels are {named}"))
    return Explanation(whole.type, whole.place, whole.area, whole.edition, whole.start, (found,))


def _place(edition: Edition, text: str, candidates: int) -> Place:
    if place := edition.places.get(text):
        return place
    hits, exact = places_called(edition, text, candidates)
    if exact and len(hits) == 1:
        return hits[0].place
    if not hits:
        raise DirectoryError(
            Problem("places.csv", 0, "place_id", f"no place is called {text!r}", "try fewer letters")
        )
    what = (
        f"{text!r} is the name of {len(hits)} places or more"
        if exact
        else f"no place is called exactly {text!r}"
    )
    lines = [
        f"\n  {hit.place.id:24} {hit.place.name_hi} ({hit.place.name_en}): {hit.where_en}" for hit in hits
    ]
    raise DirectoryError(Problem("places.csv", 0, "place_id", what, "name one by its id:" + "".join(lines)))


def _explained(edition: Edition, explanation: Explanation) -> dict[str, Any]:
    levels = []
    for step in explanation.levels:
        found = step.assignment
        post = {"id": found.post.id, "hi": found.post.name_hi, "en": found.post.name_en} if found else None
        levels.append(
            {
                "level": step.level,
                "label": step.label,
                "escalation": step.escalation,
                "post": post,
                "holders": [
                    {"hi": one.name_hi, "en": one.name_en, "phone": one.phone, "charge": one.charge}
                    for one in _holders(edition, step, explanation.start)
                ],
                "due": found.due.isoformat() if found else None,
                "rule": found.rule if found else None,
                "drafted": found.drafted if found else None,
                "tried": [asdict(tried) for tried in step.tried],
            }
        )
    return {
        "edition": explanation.edition,
        "published_at": edition.published_at,
        "type": {
            "code": explanation.type.code,
            "hi": explanation.type.name_hi,
            "en": explanation.type.name_en,
        },
        "place": {
            "id": explanation.place.id,
            "hi": explanation.place.name_hi,
            "en": explanation.place.name_en,
        },
        "area": explanation.area,
        "registered_on": explanation.start.isoformat(),
        "levels": levels,
    }


def _holders(edition: Edition, step: LevelExplained, on: date) -> tuple[Holder, ...]:
    return holders_of(edition, step.assignment.post.id, on) if step.assignment else ()


def _lines(edition: Edition, explanation: Explanation) -> Iterator[str]:
    kind, place = explanation.type, explanation.place
    area = {"rural": "ग्रामीण / rural", "urban": "शहरी / urban"}.get(explanation.area, explanation.area)
    published = f", published {_published_on(edition)}" if edition.published_at else ""
    yield f"प्रारूप / type   {kind.code}  {kind.name_hi} ({kind.name_en})"
    yield f"स्थान / place    {place.id}  {place.name_hi} ({place.name_en}), {area}"
    yield f"पंजीयन / registered on {explanation.start}"
    yield f"संस्करण / edition {explanation.edition}{published}"
    for step in explanation.levels:
        yield ""
        yield from _level_lines(edition, step, explanation.start)
    yield ""
    yield "दिनांक तब के हैं जब पहले के लेवल कुछ न करें / the days if no level before it acts"


def _published_on(edition: Edition) -> date:
    return indian_day(datetime.fromisoformat(edition.published_at))


def _level_lines(edition: Edition, step: LevelExplained, on: date) -> Iterator[str]:
    found = step.assignment
    if found is None:
        yield f"{step.label}  कोई नहीं, लेवल छोड़ा जाता है / nobody: the level is passed over"
    else:
        hindi, english = _HOW.get(step.escalation, ("", step.escalation))
        yield f"{step.label}  {found.post.name_hi} ({found.post.name_en})"
        yield f"    पद / post      {found.post.id}"
        people = _holders(edition, step, on)
        named = "; ".join(f"{one.name_hi} ({one.name_en}) {one.phone}".strip() for one in people)
        yield f"    पदस्थ / holder  {named or 'नाम ज्ञात नहीं / not named'}"
        yield f"    अंतिम तिथि / by {found.due}"
        yield f"    कैसे / reached  {hindi} / {english}"
        yield f"    नियम / rule     {found.rule}"
    for tried in step.tried:
        yield f"    - {tried.rule}: {tried.text}: {tried.outcome}"
