"""The desk put together: `create_app` takes the rooms below and gives an aiohttp application."""

import logging
from pathlib import Path

from aiohttp import web

from desk import (
    alarms,
    calls,
    complaint_page,
    complaints,
    login,
    messages,
    returning,
    search,
    steps,
    stream,
)
from desk import health as health_page
from desk import recordings as recording_pages
from desk.alarm_bar import keep_looking
from desk.answers import answer_refusals
from desk.assets import load_assets, serve
from desk.board import Board
from desk.condition import Health, Unwatched
from desk.context import DESK, Clock, Desk, Districts, Live
from desk.door.arriving import note_arrival
from desk.door.gate import Gate
from desk.door.headers import add_headers
from desk.door.proxies import see_through
from desk.door.reading import check_head, read_body
from desk.door.sessions import keep_out_the_ended
from desk.door.sources import networks
from desk.door.turns import Turns
from desk.hub import Hub
from desk.listening import close_streams, keep_listening
from desk.pages import PAGES, load_templates
from desk.security import give_login_token, know_viewer, refuse_forged
from desk.settings import DeskSettings
from desk.standing import Standing
from desk.texts import load_texts
from office import Editions, Office
from records import Records

log = logging.getLogger(__name__)


def create_app(
    *,
    records: Records,
    editions: Editions,
    switchboard: Live,
    districts: Districts,
    settings: DeskSettings,
    clock: Clock,
    recordings: Path,
    health: Health | None = None,
) -> web.Application:
    """The application, ready for a runner. Reads its files now, so that no request waits for a disk.

    ``editions`` must hold the edition in force in memory, so that it answers at once; whoever publishes
    another one while the desk runs warms it first. The caller owns ``records`` and ``switchboard`` and closes
    them after the application. ``recordings`` is the folder of conversations and messages; ``health``
    watches the machine, None: nobody does. Raises
    `DeskError` when a text file is not right.
    """
    editions.current().warm()
    assets = load_assets()
    if assets.missing():
        log.warning(
            "desk: %s not built; run npm ci and npm run build in desk/frontend", ", ".join(assets.missing())
        )
    desk = Desk(
        records=records, office=Office(records, editions, clock), live=switchboard, districts=districts,
        settings=settings, clock=clock, texts=load_texts(), assets=assets, board=Board(),
        hub=Hub(
            per_page=settings.stream_events, replay=settings.stream_replay, per_user=settings.streams_per_user
        ),
        gate=Gate(settings),
        turns=Turns(
            workers=settings.login_workers, waiting=settings.login_waiting,
            seconds=settings.login_wait_seconds,
        ),
        recordings=recordings,
        standing=Standing(), health=health or Unwatched(),
    )  # fmt: skip
    app = web.Application(
        middlewares=[
            note_arrival,
            see_through(networks(settings.trusted_proxies)),
            give_login_token,
            answer_refusals,
            check_head,
            know_viewer,
            read_body,
            refuse_forged,
        ],
        client_max_size=settings.body_bytes,
    )
    app[DESK] = desk
    app[PAGES] = load_templates()
    parts = (
        login,
        complaints,
        complaint_page,
        steps,
        messages,
        calls,
        recording_pages,
        search,
        stream,
        health_page,
        returning,
        alarms,
    )
    for part in parts:
        app.add_routes(part.routes())
    app.add_routes(serve(assets))
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(close_streams)
    app.cleanup_ctx.append(keep_listening)
    app.cleanup_ctx.append(keep_out_the_ended)
    app.cleanup_ctx.append(keep_looking)
    return app
