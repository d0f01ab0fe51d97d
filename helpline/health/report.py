"""The looks as lines of ``helpline doctor``, and what a running service says of itself."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Sequence

from desk.condition import Condition
from helpline.app import App
from helpline.finding import Finding, State
from helpline.health import store
from helpline.health.looks import of_machine
from helpline.health.watch import Look, Watch
from helpline.wiring import open_existing_records
from records import utc_now

_MOST_BYTES = 64 << 10


def findings(app: App) -> list[Finding]:
    """A line for each look, and one for the service that runs, if one does. Changes nothing that counts."""
    return [*asyncio.run(_look(app)), *_service(app)]


async def database_writable(app: App) -> Sequence[Condition]:
    """Whether the database that is there takes a write. Raises `RecordsError`: it cannot be opened."""
    async with await open_existing_records(app) as records:
        return await store.database(records, utc_now())


def as_findings(look: str, conditions: Sequence[Condition]) -> list[Finding]:
    """A line for each condition, or one that says that all is well."""
    if not conditions:
        return [Finding(State.OK, look, "nothing wrong found")]
    return [
        Finding(State.ERROR if one.unfit else State.WARNING, look, one.text, one.remedy) for one in conditions
    ]


async def _look(app: App) -> list[Finding]:
    watches: list[tuple[Look, Watch]] = [(one, Watch([one], app.settings.health)) for one in of_machine(app)]
    found = await asyncio.gather(*(watch.look() for _, watch in watches))
    return [
        finding
        for (look, _), conditions in zip(watches, found, strict=True)
        for finding in as_findings(look.name, conditions)
    ]


def _service(app: App) -> list[Finding]:
    desk = app.settings.desk
    host = f"[{desk.host}]" if ":" in desk.host else desk.host
    url = f"http://{host}:{desk.port}/healthz"
    # No proxy: it is this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=app.settings.health.limit_seconds) as answer:
            told = json.loads(answer.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            told = _json(error.read(_MOST_BYTES))
    except (OSError, ValueError):
        return [Finding(State.OK, "service", f"none answers at {url}")]
    if not isinstance(told, dict) or "records" not in told:
        return [
            Finding(State.WARNING, "service", f"something else answers at {url}", "set another [desk] port")
        ]
    failing, warnings = told.get("failing") or [], told.get("warnings") or []
    if not failing and not warnings:
        return [Finding(State.OK, "service", f"runs at {url}, nothing wrong found")]
    state, kinds = (State.ERROR, failing) if failing else (State.WARNING, warnings)
    said = ", ".join(map(str, kinds))
    return [Finding(state, "service", f"runs at {url} and says: {said}", "see the alarms on the desk's page")]


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return None
