"""Takes the looks in turn, in the background, and keeps the alarms of what they find."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from desk.condition import Condition
from desk.lane import Lane
from helpline.errors import room_errors
from helpline.health.settings import HealthSettings
from records import Records, RecordsError

_ERRORS: tuple[type[Exception], ...] = (*room_errors(), OSError, ValueError)

log = logging.getLogger("helpline.health")


@dataclass(frozen=True)
class Look:
    """``work`` finds what is wrong of the ``kinds``; ``stuck``: what to say when it does not come back, in
    place of the general words."""

    name: str
    kinds: tuple[str, ...]
    work: Callable[[], Coroutine[Any, Any, list[Condition]]]
    stuck: Condition | None = None


class Watch:
    """As the desk's `Health`. Looks may be added until `run` begins."""

    def __init__(self, looks: Sequence[Look], settings: HealthSettings) -> None:
        self._looks = [*looks]
        self._settings = settings
        self._lanes: dict[str, Lane] = {}
        self._writer = Lane()
        self._conditions: tuple[Condition, ...] = ()
        self._looked: float | None = None
        self._told: set[tuple[str, str]] | None = None

    @property
    def conditions(self) -> Sequence[Condition]:
        """As found last; what unfits the service first."""
        return self._conditions

    @property
    def looked_ago(self) -> float | None:
        """Seconds since the last round; None before the first."""
        return None if self._looked is None else time.monotonic() - self._looked

    def add(self, look: Look) -> None:
        """One look more, from the next round on."""
        self._looks.append(look)

    async def look(self) -> Sequence[Condition]:
        """One round: all looks at once, none longer than the limit."""
        found = await asyncio.gather(*(self._one(look) for look in self._looks))
        conditions = [condition for each in found for condition in each]
        self._conditions = tuple(sorted(conditions, key=lambda one: not one.unfit))
        self._looked = time.monotonic()
        self._tell()
        return self._conditions

    async def keep(self, records: Records) -> None:
        """Run until cancelled: look, and keep the alarms in step with what is found."""
        while True:
            await self.look()
            with contextlib.suppress(TimeoutError, RecordsError):
                await self._writer.run(lambda: self._note(records), self._settings.limit_seconds)
            await asyncio.sleep(self._settings.every_seconds)

    @contextlib.asynccontextmanager
    async def kept(self, records: Records) -> AsyncIterator[None]:
        """`keep`, for as long as the context lasts."""
        task = asyncio.create_task(self.keep(records), name="health")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            for lane in (*self._lanes.values(), self._writer):
                lane.close()

    async def _one(self, look: Look) -> list[Condition]:
        lane = self._lanes.setdefault(look.name, Lane())
        try:
            return await lane.run(look.work, self._settings.limit_seconds)
        except TimeoutError:
            return [look.stuck or _stuck(look.name, f"no answer within {self._settings.limit_seconds:g} s")]
        except _ERRORS as error:
            return [_stuck(look.name, f"{type(error).__name__}: {error}")]

    async def _note(self, records: Records) -> None:
        now = records.clock()
        kinds = {kind for look in self._looks for kind in look.kinds} | {"look_stuck"}
        standing = {(one.kind, one.subject) for one in self._conditions if one.lasts}
        for one in self._conditions:
            await records.alarms.note(one.kind, one.subject, at=now, data=one.data, lasts=one.lasts)
        await records.alarms.only(kinds, standing, at=now)

    def _tell(self) -> None:
        """Log what is new and what is over."""
        now = {(one.kind, one.subject): one for one in self._conditions}
        told = self._told or set()
        for key in now.keys() - told:
            one = now[key]
            log.warning("event=health kind=%s reason=%r remedy=%r", one.kind, one.text, one.remedy)
        for kind, subject in told - now.keys():
            log.info("event=health-over kind=%s subject=%s", kind, subject)
        self._told = set(now)


def _stuck(name: str, reason: str) -> Condition:
    return Condition(
        "look_stuck", name, f"the look at the {name} failed ({reason})",
        "see whether a disk or the database hangs", data={"reason": reason},
    )  # fmt: skip
