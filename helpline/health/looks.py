"""Which looks there are at a centre: the same for the running service and for the doctor."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from desk.condition import Condition
from dialplan.hours import load_hours
from dialplan.layout import Layout
from helpline.app import App
from helpline.book import traces
from helpline.catchup import EVENTS_FILE
from helpline.health import exchange, folders, store, times
from helpline.health.backups import backups
from helpline.health.guessing import Guessing
from helpline.health.threads import in_thread
from helpline.health.watch import Look
from records import Records, utc_now
from switchboard import Switchboard

_ROOM = ("disk_low", "disk_full")


def of_machine(app: App) -> list[Look]:
    """Looks that need nothing but this machine."""
    limits, place = app.settings.health, Layout(app.asterisk_runtime)
    database = [app.state_dir] if app.records_url.startswith("sqlite") else []
    disks = [app.state_dir, app.exchange.recordings_dir, *database, place.log]
    spools = (app.spool, app.spool / "desk")
    file = app.asterisk_runtime / EVENTS_FILE

    def recordings() -> list[Condition]:
        folder = app.exchange.recordings_dir
        if not folder.exists() and not place.etc.exists():
            return []
        uid = folders.asterisk_uid(place.run / "asterisk.pid", limits.asterisk_user)
        return folders.recordings(folder, uid)

    looks = [
        _blocking("disks", _ROOM, lambda: folders.room(disks, limits.disk_low_mb, limits.disk_full_mb)),
        _blocking("recordings", ("recordings_unwritable",), recordings),
        _blocking(
            "spool",
            ("spool_waits", "spool_aside"),
            lambda: store.spool(spools, limits.spool_wait_seconds, utc_now()),
        ),
        _blocking(
            "events", ("events_unreadable",), lambda: store.events(file, expected=place.control.exists())
        ),
    ]
    if limits.backup_days:
        marks = traces(app).marks
        looks.append(
            _blocking(
                "backup",
                ("backup_overdue",),
                lambda: backups(app.state_dir, marks, limits.backup_days, utc_now()),
            )
        )
    if limits.clock_sync:
        looks.append(_blocking("clock", ("clock_unsynchronised",), times.synchronised))
    return looks


def of_service(app: App, records: Records, switchboard: Switchboard) -> list[Look]:
    """Looks of a running service besides."""
    limits = app.settings.health
    begun, pace = utc_now(), timedelta(seconds=app.settings.clock.every_seconds + limits.clock_late_seconds)
    link = app.settings.switchboard
    away = exchange.Away(f"{link.host}:{link.port}", limits.asterisk_away_seconds)
    code = app.settings.asterisk.district_code
    chosen = app.exchange.hours_file
    hours = load_hours(None if chosen == Path() else chosen)
    nobody = exchange.Nobody(f"district-{code}", code, hours, limits.nobody_seconds)
    jumps = times.Jumps(limits.clock_jump_seconds)
    shown = records.database.address.shown
    late = store.unwritable(shown, f"no answer within {limits.limit_seconds:g} s")

    guessing = Guessing(
        Layout(app.asterisk_runtime).log / "security.log", app.state_dir / "guessing.json", limits
    )

    async def gone() -> list[Condition]:
        return away.look(connected=switchboard.connected)

    async def unstaffed() -> list[Condition]:
        return nobody.look(switchboard.state, utc_now(), connected=switchboard.connected)

    async def jumped() -> list[Condition]:
        return jumps.look()

    async def lost() -> list[Condition]:
        return store.lost(shown, records.presence.lost)

    return [
        Look("book", ("database_lost",), lost),
        Look("database", ("database_unwritable",), lambda: store.database(records, utc_now()), late),
        Look("link", ("asterisk_away",), gone),
        Look("executives", ("nobody_logged_in",), unstaffed),
        Look("jumps", (), jumped),
        _blocking("guessing", (), guessing.look),
        Look(
            "escalation",
            ("clock_behind",),
            lambda: times.escalation(records, utc_now(), begun, pace),
            late,
        ),
    ]


def _blocking(name: str, kinds: tuple[str, ...], work: Callable[[], list[Condition]]) -> Look:
    async def look() -> list[Condition]:
        return await in_thread(work)

    return Look(name, kinds, look)
