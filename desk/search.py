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
    """Places that sound like ``q``, the best first; ``sure`` is at most one that may be taken unasked."""
    edition = desk_of(request).edition()
    hits = edition.search_places(_query(request), limit=PLACES_SHOWN)
    if not wants_json(request):
        return page(request, "places.html", hits=hits)
    return json_answer(
        {
            "places": [
                {
                    "id": hit.place.id, "name_hi": hit.place.name_hi, "name_en": hit.place.name_en,
                    "where_hi": hit.where_hi, "where_en": hit.where_en, "drafted": hit.place.drafted,
                    "sure": hit.sure, "namesakes": hit.namesakes,
                    "elsewhere_hi": hit.elsewhere_hi, "elsewhere_en": hit.elsewhere_en,
                }
                for hit in hits
            ]
        }
    )  # fmt: skip


async def find_types(request: web.Request) -> web.Response:
    """Types that hold the words of ``q``; without words all, in the order of the departments."""
    edition, text = desk_of(request).edition(), _query(request)
    sure = set[str]()
    if text:
        hits = edition.search_types(text, limit=TYPES_SHOWN)
        types = [hit.type for hit in hits]
        sure = {hit.type.code for hit in hits if hit.sure}
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


def _query(request: web.Request) -> str:
    return request.query.get("q", "").strip()[:LONGEST_QUERY]
