"""Who sits in a post on a day, which posts a login may act for, and the lists of reasons."""

from __future__ import annotations

from datetime import date

from mapper.decision.edition import Edition
from mapper.model.office_model import Holder, Reason


def holders_of(edition: Edition, post_id: str, on: date) -> tuple[Holder, ...]:
    """Who answers for a post on a day, the one who acts first.

    Present regular holders, then those with additional charge, then the deputies of whoever is on leave, then
    those on leave. Empty: the post is vacant, or nobody has written down who holds it.
    """
    seats = [holder for holder in edition.holders_by_post.get(post_id, ()) if holder.in_office(on)]
    present = [holder for holder in seats if not holder.on_leave(on)]
    away = [holder for holder in seats if holder.on_leave(on)]
    present.sort(key=_regular_first)
    deputies: list[Holder] = []
    for holder in sorted(away, key=_regular_first):
        deputies += _present(edition, holder.deputy_post_id, on, {post_id})
    return tuple(dict.fromkeys([*present, *deputies, *away]))


def posts_of(edition: Edition, username: str, on: date) -> tuple[str, ...]:
    """The posts that a login may act for on a day: those it holds, and those it deputises for on that day."""
    own = [holder for holder in edition.holders_by_username.get(username.lower(), ()) if holder.in_office(on)]
    posts = dict.fromkeys(holder.post_id for holder in own)
    acting = [holder.post_id for holder in own if not holder.on_leave(on)]
    asked: set[str] = set()
    while acting:
        deputy = acting.pop()
        if deputy in asked:
            continue
        asked.add(deputy)
        for absent in edition.holders_by_deputy.get(deputy, ()):
            if absent.in_office(on) and absent.on_leave(on):
                posts[absent.post_id] = None
                acting.append(absent.post_id)
    return tuple(posts)


def reasons(edition: Edition, purpose: str) -> tuple[Reason, ...]:
    """The list of reasons for a purpose, in the sheet's order; empty when the edition has none."""
    return tuple(reason for reason in edition.reasons if reason.purpose == purpose)


def _regular_first(holder: Holder) -> bool:
    return holder.charge != "regular"


def _present(edition: Edition, post_id: str, on: date, asked: set[str]) -> list[Holder]:
    """The present holders of a deputy's post; those of its own deputies when it is on leave as well."""
    if not post_id or post_id in asked:
        return []
    asked.add(post_id)
    seats = [holder for holder in edition.holders_by_post.get(post_id, ()) if holder.in_office(on)]
    present = sorted((holder for holder in seats if not holder.on_leave(on)), key=_regular_first)
    for holder in seats:
        if holder.on_leave(on):
            present += _present(edition, holder.deputy_post_id, on, asked)
    return present
