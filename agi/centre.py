"""What the conversations need of the rest of the house, as small protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from agi.journal import Journal
from agi.settings import AgiSettings
from records import CallStart, JsonScalar, Outcome


class CallBook(Protocol):
    """The part of ``records.CallLog`` that a conversation writes."""

    async def start(self, start: CallStart, /) -> object:
        """Store that a call came in."""

    async def step(
        self, call_id: str, at: datetime, kind: str, detail: Mapping[str, JsonScalar] = ..., /
    ) -> object:
        """Append to the call's path."""

    async def set_district(self, call_id: str, code: str | None, /) -> object:
        """Store the district the caller chose."""

    async def answered(self, call_id: str, extension: str, at: datetime, /) -> object:
        """Store who answered, unless it is known."""

    async def ended(
        self,
        call_id: str,
        at: datetime,
        /,
        *,
        cause: int | None,
        outcome: Outcome,
        recording: str | None = None,
    ) -> object:
        """Store how the call ended."""


class Complaint(Protocol):
    """A registered complaint."""

    @property
    def number(self) -> str:
        """Its number, digits only."""


class ComplaintFinder(Protocol):
    """The part of ``records.ComplaintBook`` that a conversation reads."""

    async def by_call(self, call_id: str, /) -> Sequence[Complaint]:
        """What was registered during a call, newest first."""


class Sounds(Protocol):
    """The prompt catalogue: names of sounds by prompt key."""

    def sound(self, key: str, /) -> str:
        """Asterisk's name of the prompt. Raises PromptError for an unknown key."""


class District(Protocol):
    """A district as callers reach it."""

    @property
    def code(self) -> str:
        """Two digits."""

    @property
    def slug(self) -> str:
        """Its English name as part of a prompt's key."""

    @property
    def has_centre(self) -> bool:
        """Whether it has executives of its own."""


class DistrictFinder(Protocol):
    """The table of districts."""

    def by_code(self, code: str, /) -> District | None:
        """The district of a code that was pressed."""


class Centre:
    """One call centre as its conversations see it; shared by all of them."""

    def __init__(
        self,
        *,
        calls: CallBook,
        complaints: ComplaintFinder,
        catalogue: Sounds,
        districts: DistrictFinder,
        settings: AgiSettings | None = None,
    ) -> None:
        self.calls = calls
        self.complaints = complaints
        self.catalogue = catalogue
        self.districts = districts
        self.settings = settings if settings is not None else AgiSettings()
        self.journal = Journal(self.settings)
