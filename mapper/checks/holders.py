"""Who sits in the posts: vacant ones, times that end soon, deputies who are away as well, circles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from mapper.changes.diff_words import by_id
from mapper.circles import circles
from mapper.decision.edition import Edition
from mapper.decision.holders import holders_of
from mapper.errors import Problem
from mapper.model.office_model import Holder
from mapper.settings import MapperSettings

_EXAMPLES = 3
_FILE = "holders.csv"


def check_holders(edition: Edition, day: date, settings: MapperSettings) -> Iterator[Problem]:
    """Warnings about the holders on `day`. None keeps an edition back: complaints belong to posts."""
    if not edition.holders:
        what = "no holder is named: officers cannot log in to their complaints, and nobody can be telephoned"
        yield Problem(_FILE, 0, "", what, "fill in the sheet holders", "warning")
        return
    yield from _unknown(edition)
    yield from _vacant(edition, day)
    yield from _ending(edition, day, settings.ending_soon_days)
    yield from _deputies(edition, day)
    yield from _circles(edition)
    yield from _logins(edition)


def _unknown(edition: Edition) -> Iterator[Problem]:
    for column in ("post_id", "deputy_post_id"):
        named = {getattr(holder, column) for holder in edition.holders} - {""}
        strange = sorted(named - edition.posts.keys())
        if strange:
            what = f"{_some(strange, 'post')} that no rule leads to: {_list(strange)}"
            remedy = "correct the id (see `helpline directory explain`), or add a rule for it"
            yield Problem(_FILE, 0, column, what, remedy, "warning")


def _vacant(edition: Edition, day: date) -> Iterator[Problem]:
    empty = [post for post_id, post in edition.posts.items() if not holders_of(edition, post_id, day)]
    if empty:
        what = f"{len(empty)} of {len(edition.posts)} posts are vacant: {_list([p.name_en for p in empty])}"
        remedy = "name who holds them, or who has additional charge"
        things = tuple(map(by_id, empty))
        yield Problem(_FILE, 0, "post_id", what, remedy, "warning", things)


def _ending(edition: Edition, day: date, days: int) -> Iterator[Problem]:
    last = day + timedelta(days=days)
    ending = [
        holder
        for holder in edition.holders
        if holder.until is not None and day <= holder.until <= last and not _followed(edition, holder)
    ]
    if ending:
        names = [f"{holder.name_en} ({holder.post_id}) on {holder.until}" for holder in ending]
        what = (
            f"{_some(ending, 'holder')} with a last day within {days} days and nobody after: {_list(names)}"
        )
        yield Problem(_FILE, 0, "to", what, "name who follows", "warning")


def _followed(edition: Edition, holder: Holder) -> bool:
    if holder.until is None:
        return True
    next_day = holder.until + timedelta(days=1)
    return any(other.in_office(next_day) for other in edition.holders_by_post[holder.post_id])


def _deputies(edition: Edition, day: date) -> Iterator[Problem]:
    """A holder is on leave and nobody acts for him: no deputy is named, or the deputy is away as well."""
    for post_id, holders in edition.holders_by_post.items():
        away = [holder for holder in holders if holder.in_office(day) and holder.on_leave(day)]
        if not away:
            continue
        acting = [holder for holder in holders_of(edition, post_id, day) if holder not in away]
        if acting:
            continue
        holder = away[0]
        until = f"until {holder.leave_to}" if holder.leave_to else "without an end"
        why = "no deputy is named"
        if holder.deputy_post_id:
            why = f"the deputy {holder.deputy_post_id} is away or vacant as well"
        what = f"{holder.name_en} ({post_id}) is on leave {until}, and {why}"
        yield Problem(_FILE, 0, "deputy_post_id", what, "name a deputy who is there", "warning")


def _circles(edition: Edition) -> Iterator[Problem]:
    """Posts that deputise for each other in a circle."""
    leads = {
        post_id: {holder.deputy_post_id for holder in holders} - {""}
        for post_id, holders in edition.holders_by_post.items()
    }
    for way in circles(leads):
        what = f"deputies in a circle: {' → '.join([*way, way[0]])}"
        yield Problem(_FILE, 0, "deputy_post_id", what, "name a deputy outside the circle", "warning")


def _logins(edition: Edition) -> Iterator[Problem]:
    """A login written for two persons: each would see and answer the other's complaints."""
    shared = {
        username: names
        for username, holders in edition.holders_by_username.items()
        if len(names := {holder.name_en.casefold() for holder in holders}) > 1
    }
    if shared:
        shown = [f"{username} ({', '.join(sorted(names))})" for username, names in sorted(shared.items())]
        what = f"{_some(shown, 'login')} with several names: {_list(shown)}"
        remedy = "give each person a login of his own, or write one name the same everywhere"
        yield Problem(_FILE, 0, "username", what, remedy, "warning")


def _some(things: list[str] | list[Holder], noun: str) -> str:
    return f"{len(things)} {noun}{'s' if len(things) != 1 else ''}"


def _list(names: list[str]) -> str:
    return ", ".join(names[:_EXAMPLES]) + (", ..." if len(names) > _EXAMPLES else "")
