"""Records that remember what they were told, and can be slow or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from records import CallStart, JsonScalar, Outcome


@dataclass
class FakeCalls:
    """A `CallBook`. ``told`` has every write in order; ``gate`` holds writes back while it is clear."""

    told: list[tuple[object, ...]] = field(default_factory=list)
    broken: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def start(self, start: CallStart, /) -> None:
        await self._tell("start", start.call_id, start.caller_raw, start.caller_e164, start.dialled)

    async def step(
        self, call_id: str, at: datetime, kind: str, detail: Mapping[str, JsonScalar] | None = None, /
    ) -> None:
        assert at.tzinfo is not None
        await self._tell("step", call_id, kind, dict(detail or {}))

    async def set_district(self, call_id: str, code: str | None, /) -> None:
        await self._tell("set_district", call_id, code)

    async def answered(self, call_id: str, extension: str, at: datetime, /) -> None:
        await self._tell("answered", call_id, extension, at)

    async def ended(
        self,
        call_id: str,
        at: datetime,
        /,
        *,
        cause: int | None,
        outcome: Outcome,
        recording: str | None = None,
    ) -> None:
        await self._tell("ended", call_id, cause, outcome, recording)

    async def _tell(self, *what: object) -> None:
        await self.gate.wait()
        if self.broken:
            raise RuntimeError("database is locked")
        self.told.append(what)

    def steps(self, kind: str) -> list[dict[str, JsonScalar]]:
        """Details of the steps of one kind."""
        return [
            what[3]
            for what in self.told
            if what[0] == "step" and what[2] == kind and isinstance(what[3], dict)
        ]


@dataclass(frozen=True)
class FakeComplaint:
    number: str


@dataclass
class FakeComplaints:
    """A `ComplaintFinder` whose complaints appear after so many questions."""

    numbers: list[str] = field(default_factory=list)
    after: int = 0
    asked: int = 0
    broken: bool = False

    async def by_call(self, call_id: str, /) -> list[FakeComplaint]:
        self.asked += 1
        if self.broken:
            raise RuntimeError("database is locked")
        if self.asked <= self.after:
            return []
        return [FakeComplaint(number) for number in self.numbers]
