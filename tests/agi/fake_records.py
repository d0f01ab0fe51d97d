"""Records that remember what they were told, and can be slow or broken."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from records import (
    AssignedTo,
    CallStart,
    Complaint,
    ComplaintEvent,
    JsonScalar,
    Outcome,
    UnavailableError,
)


@dataclass
class FakeCalls:
    """A `CallBook`. ``told`` has every write in order; ``gate`` holds writes back while it is clear."""

    told: list[tuple[object, ...]] = field(default_factory=list)
    broken: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    languages: dict[str, str] = field(default_factory=dict)
    districts: dict[str, str] = field(default_factory=dict)
    onces: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gate.set()

    async def start(self, start: CallStart, /) -> None:
        await self._tell("start", start.call_id, start.caller_raw, start.caller_e164, start.dialled)

    async def step(
        self,
        call_id: str,
        at: datetime,
        kind: str,
        detail: Mapping[str, JsonScalar] | None = None,
        /,
        *,
        once: str | None = None,
    ) -> None:
        assert at.tzinfo is not None
        assert once
        assert once not in self.onces
        self.onces.add(once)
        await self._tell("step", call_id, kind, dict(detail or {}))

    async def set_district(self, call_id: str, code: str | None, /) -> None:
        await self._tell("set_district", call_id, code)

    async def answered(self, call_id: str, extension: str, at: datetime, /) -> None:
        await self._tell("answered", call_id, extension, at)

    async def recorded(self, call_id: str, extension: str, file: str, at: datetime, /) -> None:
        assert at.tzinfo is not None
        await self._tell("recorded", call_id, extension, file)

    async def language(self, e164: str, /) -> str | None:
        await self.gate.wait()
        if self.broken:
            raise UnavailableError("database is locked")
        return self.languages.get(e164)

    async def last_district(self, e164: str, /) -> str | None:
        await self.gate.wait()
        if self.broken:
            raise UnavailableError("database is locked")
        return self.districts.get(e164)

    async def set_language(self, e164: str, language: str, /) -> None:
        await self._tell("set_language", e164, language)

    async def rate(self, call_id: str, score: int, at: datetime, /) -> None:
        assert at.tzinfo is not None
        await self._tell("rate", call_id, score)

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
            raise UnavailableError("database is locked")
        self.told.append(what)

    def steps(self, kind: str) -> list[dict[str, JsonScalar]]:
        """Details of the steps of one kind."""
        return [
            what[3]
            for what in self.told
            if what[0] == "step" and what[2] == kind and isinstance(what[3], dict)
        ]


@dataclass
class FakeDrafts:
    """A `DraftBook` that remembers what it was told."""

    told: list[tuple[object, ...]] = field(default_factory=list)

    async def store(
        self,
        call_id: str,
        e164: str | None,
        district_code: str | None,
        recording: str,
        seconds: float,
        at: datetime,
        /,
    ) -> None:
        assert at.tzinfo is not None
        self.told.append((call_id, e164, district_code, recording, seconds))


@dataclass
class FakeCallbacks:
    """A `CallbackBook` that remembers what it was told."""

    told: list[tuple[object, ...]] = field(default_factory=list)

    async def request(self, call_id: str, e164: str, district_code: str | None, at: datetime, /) -> None:
        assert at.tzinfo is not None
        self.told.append((call_id, e164, district_code))


ASSIGNED = AssignedTo(
    edition="1",
    rule="r1",
    department_code="PHE",
    department_hi="लोक स्वास्थ्य यांत्रिकी",
    department_en="Public Health Engineering",
    level=1,
    level_label="L1",
    post_id="PHE-L1@block-1",
    post_hi="सहायक यंत्री",
    post_en="Assistant Engineer",
    due=date(2026, 12, 7),
    drafted=True,
)


def complaint(number: str = "10000015", **more: Any) -> Complaint:
    """A complaint of 9826012310, open at level 1."""
    values: dict[str, Any] = {
        "number": number,
        "status": "open",
        "call_id": "call-0",
        "caller_e164": "+919826012310",
        "citizen_name": "रामप्रसाद",
        "citizen_phone": "9826012310",
        "citizen_e164": "+919826012310",
        "district_code": "39",
        "place_id": "v1",
        "place_hi": "खजूरी",
        "place_en": "Khajuri",
        "type_code": "t1",
        "type_hi": "हैंडपंप खराब",
        "type_en": "Hand pump out of order",
        "description": "",
        "assigned": ASSIGNED,
        "registered_by": "meena",
        "registered_at": datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        "last_seq": 2,
        "level_since": datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        "last_at": datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        "first_level": 1,
    }
    return Complaint(**{**values, **more})


def event(number: str, kind: str, at: datetime, **data: Any) -> ComplaintEvent:
    """Something that happened to a complaint."""
    return ComplaintEvent(number, 3, kind, "hemant", at, "1", data, "", "")


@dataclass
class FakeComplaints:
    """A `ComplaintFinder`. Those of this call (``numbers``) appear after so many questions."""

    numbers: list[str] = field(default_factory=list)
    after: int = 0
    asked: int = 0
    broken: bool = False
    stored: list[Complaint] = field(default_factory=list)
    happened: list[ComplaintEvent] = field(default_factory=list)
    forgetful: bool = False

    async def by_call(self, call_id: str, /) -> list[Complaint]:
        self.asked += 1
        self._check()
        if self.asked <= self.after:
            return []
        return [complaint(number) for number in self.numbers]

    async def by_phone(self, e164: str, limit: int, /) -> list[Complaint]:
        self._check()
        return [one for one in self.stored if e164 in {one.caller_e164, one.citizen_e164}][:limit]

    async def get(self, number: str, /) -> Complaint | None:
        self._check()
        return next((one for one in self.stored if one.number == number), None)

    async def events(self, number: str, /) -> list[ComplaintEvent]:
        self._check()
        if self.forgetful:
            raise UnavailableError("database is locked")
        return [event for event in self.happened if event.number == number]

    def _check(self) -> None:
        if self.broken:
            raise UnavailableError("database is locked")
