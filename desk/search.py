"""Search as you type: places and complaint types, as JSON or as the options of a list."""

from aiohttp import web

from desk.context import desk_of
from desk.pages import json_answer, page, wants_json

LONGEST_QUERY = 80
PLACES_SHOWN = 12
TYPES_SHOWN = 20


def routes() -> list[web.RouteDef]:
    """Routes of this module."""
    return [web.get("/places", find_places), web.get("/types", find_types)]


async def find_places(request: web.Request) -> web.Response:
    """Places that sound like ``q``, the best first."""
    edition = desk_of(request).edition()
    hits = edition.search_places(_query(request), limit=PLACES_SHOWN)
    sure = _sure([hit.score == 1.0 for hit in hits])
    if not wants_json(request):
        return page(request, "places.html", hits=hits, sure=sure)
    return json_answer(
        {
            "places": [
                {
                    "id": hit.place.id, "name_hi": hit.place.name_hi, "name_en": hit.place.name_en,
                    "where_hi": hit.where_hi, "where_en": hit.where_en, "drafted": hit.place.drafted,
                    "sure": at == sure,
                }
                for at, hit in enumerate(hits)
            ]
        }
    )  # fmt: skip


async def find_types(request: web.Request) -> web.Response:
    """Types that hold the words of ``q``; without words all, in the order of the departments."""
    edition, text = desk_of(request).edition(), _query(request)
    sure = set[str]()
    if text:
        types = [hit.type for hit in edition.search_types(text, limit=TYPES_SHOWN)]
        named = [text in {each.name_hi, each.name_en, each.code} for each in types]
        sure = {types[at].code for at in [_sure(named)] if at is not None}
    else:
        order = {code: place for place, code in enumerate(edition.departments)}
        types = sorted(edition.types.values(), key=lambda each: order[each.department_code])
    if not wants_json(request):
        # Departments in the order of their best hit, so that the likeliest group comes first.
        groups = [
            (edition.departments[code], [each for each in types if each.department_code == code])
            for code in dict.fromkeys(each.department_code for each in types)
        ]
        return page(request, "types.html", groups=groups, sure=sure)
    return json_answer(
        {
            "types": [
                {
                    "code": each.code, "name_hi": each.name_hi, "name_en": each.name_en,
                    "department_code": each.department_code,
                    "department_hi": edition.departments[each.department_code].name_hi,
                    "department_en": edition.departments[each.department_code].name_en,
                    "drafted": each.drafted,
                    "sure": each.code in sure,
                }
                for each in types
            ]
        }
    )  # fmt: skip


def _sure(whole: list[bool]) -> int | None:
    """The one hit that may be taken unasked, if there is one."""
    return whole.index(True) if whole.count(True) == 1 else None


def _query(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:LONGEST_QUERY]
