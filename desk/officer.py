"""An officer's page: the complaints that his posts have, and those that wait for his decision."""

from aiohttp import web

from desk.context import Desk, desk_of, viewer_of
from desk.pages import json_answer, page, wants_json
from desk.panel import is_overdue
from mapper import Post
from office import moves
from records import Complaint, Wanted
from records.life.states import CLOSE_PROPOSED, DEPARTMENT_PROPOSED

DECIDING_READ = 500
"""Proposals of all offices looked through for those that one officer decides; few wait at a time."""


async def show_office(request: web.Request) -> web.Response:
    """For an officer who holds posts, his own complaints, the longest overdue first; else the recent ones."""
    desk, viewer = desk_of(request), viewer_of(request)
    edition = desk.edition()
    ids = sorted(desk.actor(viewer).post_ids)
    posts = [edition.posts[each] for each in ids if each in edition.posts]
    limit = desk.settings.list_rows
    if not posts:
        recent = await desk.records.complaints.recent(limit)
        return page(request, "officer.html", posts=[], mine=[], deciding=[], recent=recent, limit=limit)
    mine = await desk.office.search(Wanted(unclosed=True), [post.id for post in posts], limit)
    deciding = await _deciding(desk, posts)
    if wants_json(request):
        return json_answer({"mine": _lines(desk, mine), "deciding": _lines(desk, deciding)})
    return page(request, "officer.html", posts=posts, mine=mine, deciding=deciding, recent=[], limit=limit)


async def _deciding(desk: Desk, posts: list[Post]) -> list[Complaint]:
    """What others propose and he decides: out of department, special close."""
    edition, today, own = desk.edition(), desk.today(), {post.id for post in posts}
    found = []
    for status in (DEPARTMENT_PROPOSED, CLOSE_PROPOSED):
        for each in await desk.records.complaints.search(Wanted(status=status, by_due=True), DECIDING_READ):
            if each.type_code in edition.types and each.place_id in edition.places:
                context = moves.context(edition, each, today)
                if own & {context.district_post_id, context.decider_post_id}:
                    found.append(each)
    return found


def _lines(desk: Desk, complaints: list[Complaint]) -> list[dict[str, object]]:
    return [
        {
            "number": each.number,
            "type_hi": each.type_hi,
            "type_en": each.type_en,
            "place_hi": each.place_hi,
            "place_en": each.place_en,
            "level_label": each.assigned.level_label,
            "due": each.assigned.due.isoformat(),
            "overdue": is_overdue(each, desk.clock()),
            "state": each.status,
        }
        for each in complaints
    ]
