"""The service: calls, desk, the link to Asterisk and the escalation clock in one process, or apart."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, replace
from enum import Flag, auto
from pathlib import Path

from agi.centre import Centre
from agi.journal import Journal
from agi.serve import serving
from agi.settings import AgiSettings
from agi.spool import RecordsSpool
from desk.app import create_app
from desk.door.site import serving as serving_desk
from dialplan.districts import load_districts
from dialplan.hours import load_hours
from dialplan.menu import load_menu
from helpline import open_files
from helpline.app import App
from helpline.catchup import EVENTS_FILE, keep_caught_up
from helpline.clock import keep_clock
from helpline.errors import HelplineError
from helpline.health.looks import of_machine, of_service
from helpline.health.watch import Watch
from helpline.link import keep_link
from helpline.logs import set_up_logs
from helpline.logs_kept import keep_removing
from helpline.presence import keep_present
from helpline.recorder import record
from helpline.renewal import keep_current
from helpline.state_folder import close_to_others, locked
from helpline.watch import watched
from helpline.wiring import agi_gate, edition_in_force, make_state_dir, open_centre_records, secrets
from ivr_prompts import load_catalogue
from office import Editions
from records import Records, utc_now
from records.spool.spool import Spool
from switchboard import Switchboard

log = logging.getLogger("helpline.serve")

SHUTDOWN_SECONDS = 3.0
"""What open pages get to finish a request; their event streams are told to close at once."""


class Part(Flag):
    """What a process serves."""

    AGI = auto()
    DESK = auto()
    CLOCK = auto()
    ALL = AGI | DESK | CLOCK


@dataclass(frozen=True)
class Service:
    """A running service, for those who started it."""

    records: Records
    switchboard: Switchboard | None
    agi_address: tuple[str, int] | None
    desk_address: tuple[str, int] | None


@contextlib.asynccontextmanager
async def service(
    app: App, parts: Part = Part.ALL, *, listen: tuple[str, int] | None = None
) -> AsyncIterator[Service]:
    """Serve as long as the context lasts; on leaving, calls are drained first and the records closed last.

    ``listen`` is the AGI server's address instead of the settings'. Raises a room's error, with nothing left
    running, when a port is taken, another service uses the state folder, the database cannot be opened or is
    lost, or the directory cannot be read. Asterisk may
    come later: the link to it is tried until it is there.
    """
    async with contextlib.AsyncExitStack() as stack:
        folder = await asyncio.to_thread(make_state_dir, app)
        stack.enter_context(locked(folder, _lock_names(parts)))
        closing = asyncio.to_thread(close_to_others, folder)
        await stack.enter_async_context(_background(closing, "private files"))
        records = await stack.enter_async_context(await open_centre_records(app))
        await stack.enter_async_context(_background(keep_present(records), "presence"))
        agi_address = desk_address = None
        switchboard = None
        journal = await stack.enter_async_context(_journal(app, records, parts))
        if Part.DESK in parts:
            switchboard = Switchboard(app.settings.switchboard, secrets(app).ami_password, clock=utc_now)
            stack.push_async_callback(switchboard.stop)
            health = Watch([*of_machine(app), *of_service(app, records, switchboard)], app.settings.health)
            desk_address = await stack.enter_async_context(_desk(app, records, switchboard, health))
            await stack.enter_async_context(health.kept(records))
            recording = record(switchboard, records.calls, journal)
            await stack.enter_async_context(_background(recording, "recorder"))
            await stack.enter_async_context(
                _background(keep_link(switchboard, records.calls, utc_now), "link")
            )
            events = app.asterisk_runtime / EVENTS_FILE
            kept = _spool_folder(app, parts)
            missed = keep_caught_up(events, records, recordings=app.exchange.recordings_dir, aside=kept)
            await stack.enter_async_context(_background(missed, "catch-up"))
            old = keep_removing(app.asterisk_runtime / "log", app.settings.logs, records)
            await stack.enter_async_context(_background(old, "old logs"))
        if Part.AGI in parts:
            gate = await asyncio.to_thread(agi_gate, app)
            serve = serving(_centre(app, records, journal, listen), utc_now, gate)
            server = await stack.enter_async_context(serve)
            agi_address = server.address
        if Part.CLOCK in parts:
            await stack.enter_async_context(_background(keep_clock(app, records), "clock"))
        yield Service(records, switchboard, agi_address, desk_address)


def _lock_names(parts: Part) -> list[str]:
    """Calls and desk may be there once for a state folder. A clock apart may run beside the whole service."""
    both = [part.name.lower() for part in (Part.AGI, Part.DESK) if part in parts and part.name]
    return both or ["clock"]


@contextlib.asynccontextmanager
async def _journal(app: App, records: Records, parts: Part) -> AsyncIterator[Journal]:
    """Where all facts of calls go. A desk of its own process has a folder of its own for them."""
    spool = await asyncio.to_thread(Spool, _spool_folder(app, parts))
    try:
        journal = Journal(app.settings.agi, RecordsSpool(records, spool))
        async with journal.kept():
            yield journal
    finally:
        spool.close()


def _spool_folder(app: App, parts: Part) -> Path:
    return app.spool if Part.AGI in parts else app.desk_spool


def _centre(app: App, records: Records, journal: Journal, listen: tuple[str, int] | None) -> Centre:
    settings: AgiSettings = app.settings.agi
    if listen is not None:
        settings = replace(settings, host=listen[0], port=listen[1])
    exchange = app.exchange
    return Centre(
        calls=records.calls,
        complaints=records.complaints,
        catalogue=load_catalogue(),
        districts=load_districts(),
        menu=load_menu(_chosen(exchange.menu_file)),
        hours=load_hours(_chosen(exchange.hours_file)),
        drafts=records.drafts,
        callbacks=records.callbacks,
        journal=journal,
        settings=settings,
        recordings=exchange.recordings_dir,
    )


def _chosen(path: Path) -> Path | None:
    """The file the settings name, or None for the shipped one; Asterisk's configuration reads the same."""
    return None if path == Path() else path


@contextlib.asynccontextmanager
async def _desk(
    app: App, records: Records, switchboard: Switchboard, health: Watch
) -> AsyncIterator[tuple[str, int]]:
    current = await asyncio.to_thread(edition_in_force, app)
    settings = app.settings.desk
    application = await asyncio.to_thread(
        create_app,
        records=records,
        editions=Editions(app.directory, lambda: current.edition),
        switchboard=switchboard,
        districts=load_districts(),
        settings=settings,
        clock=utc_now,
        recordings=app.exchange.recordings_dir,
        health=health,
    )
    async with contextlib.AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(
                serving_desk(application, settings, shutdown_seconds=SHUTDOWN_SECONDS)
            )
        except OSError as error:
            raise HelplineError(
                f"the desk cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
                "stop what holds the port or set [desk] port"
            ) from None
        async with _background(keep_current(current), "edition"):
            yield address


@contextlib.asynccontextmanager
async def _background(work: Coroutine[None, None, object], name: str) -> AsyncIterator[None]:
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _keep_what_is_loaded() -> None:
    """The directory stays for as long as the process: looking through a State's for garbage, as Python does
    now and then, would make every call wait for some 200 ms."""
    gc.collect()
    gc.freeze()


async def run(app: App, parts: Part, *, listen: tuple[str, int] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends at once."""
    files = open_files.allow(app.settings)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    main = asyncio.current_task()

    def signalled() -> None:
        if stop.is_set() and main is not None:
            main.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, signalled)
    try:
        async with service(app, parts, listen=listen) as running, watched(app.settings.helpline.hang_seconds):
            # Not before: what keeps the service from starting is told once, by the command line.
            set_up_logs()
            _keep_what_is_loaded()
            if not files.enough:
                log.warning("event=open-files allowed=%d needed=%d", files.allowed, files.needed)
            if running.agi_address is not None:
                log.info("event=listening what=agi address=%s:%d", *running.agi_address)
            if running.desk_address is not None:
                log.info("event=listening what=desk address=http://%s:%d", *running.desk_address)
            await stop.wait()
            log.info("event=draining")
    except asyncio.CancelledError:
        log.warning("event=stopped-without-drain")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
