"""What ``helpline doctor`` says of the ways out: to the emergency number, and when each worked last."""

import asyncio
import ipaddress
import re
import socket
from datetime import datetime

from dialplan.settings import AsteriskSettings
from helpline.app import App
from helpline.finding import Finding, State
from records.calls.ways import LastTries
from records.clock import INDIA

_NAMES = {"first": "the trunk", "second": "the second way"}


def ways(app: App) -> list[Finding]:
    """One finding for each way out. Raises what opening the records raises."""
    settings = app.settings.asterisk
    tried = {one.way: one for one in _last_tries(app)}
    return [_first(settings, tried.get("first")), _second(settings, tried.get("second"))]


def _first(settings: AsteriskSettings, tried: LastTries | None) -> Finding:
    address = settings.trunk_address
    if not address:
        what = f"no call leaves, to {settings.emergency_target} neither: the trunk has no address"
        return Finding(State.ERROR, "way out", what, "set [asterisk] trunk_contact to host:port of the trunk")
    return _way("first", address, tried, "[asterisk] trunk_contact")


def _second(settings: AsteriskSettings, tried: LastTries | None) -> Finding:
    second = settings.emergency_second
    if not second:
        what = "there is no second way to the emergency number when the trunk does not answer"
        remedy = "set [asterisk] emergency_second to another trunk, or to a telephone in the room"
        return Finding(State.WARNING, "way out", what, remedy)
    return _way("second", second, tried, "[asterisk] emergency_second")


def _way(name: str, address: str, tried: LastTries | None, setting: str) -> Finding:
    shown = f"{_NAMES[name]} ({address})"
    if not address.isdecimal() and not _resolves(address):
        what = f"{shown}: the name cannot be found, so no call leaves by it"
        return Finding(State.ERROR, "way out", what, f"correct {setting}, best to an IP address")
    if tried is None:
        what = f"{shown} was never tried with a real call"
        remedy = "call 181 from outside, press the emergency's key, and tell who answers that it is a trial"
        return Finding(State.WARNING, "way out", what, remedy)
    worked = f"last answered {_day(tried.worked_at)}" if tried.worked_at else "never answered"
    if tried.works or tried.failed is None:
        return Finding(State.OK, "way out", f"{shown} {worked}")
    failed = tried.failed
    answer = f"SIP {failed.code}" if failed.code else "no SIP answer"
    what = f"{shown} failed {_day(failed.at)} ({failed.status}, {answer}), {worked}"
    return Finding(State.ERROR, "way out", what, f"ask the trunk's provider, and look at {setting}")


def _resolves(address: str) -> bool:
    host = re.sub(r":[0-9]{1,5}$", "", address).strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        try:
            socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
        except OSError:
            return False
    return True


def _day(at: datetime) -> str:
    return at.astimezone(INDIA).strftime("%d.%m.%Y %H:%M")


def _last_tries(app: App) -> list[LastTries]:
    if app.records_url.startswith("sqlite") and not (app.state_dir / "records.sqlite").exists():
        return []
    from records import open_records

    async def ask() -> list[LastTries]:
        async with await open_records(app.records_url, settings=app.settings.records) as records:
            return await records.calls.last_tries()

    return asyncio.run(ask())
