"""From a template's name to a response: templates are compiled at the start, so no request waits for a
disk."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import DictLoader, Environment, StrictUndefined

from desk import formats
from desk.alarm_bar import alarms_for
from desk.context import VIEWER, desk_of, texts_of
from desk.notes import notes
from desk.panel import is_overdue
from desk.security import csrf_of
from desk.spot import spot

TEMPLATES = Path(__file__).parent / "templates"
PAGES = web.AppKey("pages", Environment)


@cache
def load_templates(folder: Path = TEMPLATES) -> Environment:
    """Read and compile all templates. Blocks: for the start only. A mistake in a template raises
    here. Applications of one process share them."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=len(sources),
    )
    environment.filters["phone"] = formats.phone
    environment.filters["number"] = formats.complaint_number
    environment.filters["indian"] = formats.indian
    environment.filters["duration"] = formats.duration
    environment.filters["clock"] = formats.clock_time
    for name in sources:
        environment.get_template(name)
    return environment


def wants_json(request: web.Request) -> bool:
    """A program asks, not a browser: ``Accept`` names JSON and not HTML."""
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def is_htmx(request: web.Request) -> bool:
    """The page itself asks for a part of it."""
    return request.headers.get("HX-Request") == "true"


def draw(request: web.Request, template: str, **values: Any) -> str:
    """The HTML of a template with what every template may use."""
    desk, texts = desk_of(request), texts_of(request)
    language = texts.language
    return (
        request.config_dict[PAGES]
        .get_template(template)
        .render(
            t=texts,
            lang=language,
            viewer=request.get(VIEWER),
            csrf=csrf_of(request),
            asset=desk.assets.url,
            day=lambda value: formats.day(value, language),
            local=lambda thing, name: getattr(thing, f"{name}_{language}"),
            today=desk.today(),
            now=desk.clock(),
            overdue=lambda complaint: is_overdue(complaint, desk.clock()),
            path=request.path_qs,
            spot=lambda complaint: spot(desk.edition(), complaint, language),
            alarms=lambda: alarms_for(request),
            notes_of=lambda steps: notes(steps, texts),
            **values,
        )
    )


def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A template as a response."""
    return web.Response(text=draw(request, template, **values), status=status, content_type="text/html")


def json_answer(data: object, *, status: int = 200) -> web.Response:
    """An answer for programs; Hindi stays readable in it."""
    return web.json_response(text=json.dumps(data, ensure_ascii=False), status=status)
