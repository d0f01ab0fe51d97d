"""What the conversations need of the rest of the house, as small protocols."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from agi.journal import Journal
from agi.playing import Sounds
from agi.settings import AgiSettings
from dialplan.menu import load_menu
from records import CallStart, Complaint, ComplaintEvent, JsonScalar, Outcome


class CallBook(Protocol):
    """The part of ``records.CallLog`` that a conversation writes."""

    async def start(self, start: CallStart, /) -> object:
        """Store that a call came in."""

    async def step(
        self,
        call_id: str,
        at: datetime,
        kind: str,
        detail: Mapping[str, JsonScalar] = ...,
        /,
        *,
        once: str | None = None,
    ) -> object:
        """Append to the call's path, unless a step of its kind with this ``once`` is there."""

    async def set_district(self, call_id: str, code: str | None, /) -> object:
        """Store the district the caller chose."""

    async def last_district(self, e164: str, /) -> str | None:
        """The district of this number's last call that had one."""

    async def answered(self, call_id: str, extension: str, at: datetime, /) -> object:
        """Store who answered, unless it is known."""

    async def recorded(self, call_id: str, extension: str, file: str, at: datetime, /) -> object:
        """A recording beside the first one began."""

    async def language(self, e164: str, /) -> str | None:
        """The language this number chose when it called before."""

    async def set_language(self, e164: str, language: str, /) -> object:
        """Remember the language of a number."""

    async def rate(self, call_id: str, score: int, at: datetime, /) -> object:
        """Store how the caller was content, 1 to 5."""

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


class ComplaintFinder(Protocol):
    """The part of ``records.ComplaintBook`` that a conversation reads."""

    async def by_call(self, call_id: str, /) -> Sequence[Complaint]:
        """What was registered during a call, newest first."""

    async def by_phone(self, e164: str, limit: int, /) -> Sequence[Complaint]:
        """What was registered from or for a number, newest first."""

    async def get(self, number: str, /) -> Complaint | None:
        """The complaint of a number."""

    async def events(self, number: str, /) -> Sequence[ComplaintEvent]:
        """What happened to a complaint, in order."""


class DraftBook(Protocol):
    """Where spoken messages are kept."""

    async def store(
        self,
        call_id: str,
        e164: str | None,
        district_code: str | None,
        recording: str,
        seconds: float,
        at: datetime,
        /,
    ) -> object:
        """Keep a message, once for each call and recording."""


class CallbackBook(Protocol):
    """Where wishes to be called back are kept."""

    async def request(self, call_id: str, e164: str, district_code: str | None, at: datetime, /) -> object:
        """Note the wish of a number, once as long as it is open."""


class Hours(Protocol):
    """When the centres take calls."""

    def is_open(self, code: str, at_utc: datetime, /) -> bool:
        """Whether the centre of a district takes calls."""

    def opens_next(self, code: str, at_utc: datetime, /) -> datetime | None:
        """When a closed one opens again; None for not foreseeable."""


class Prompts(Protocol):
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
    def division(self) -> str:
        """Name of its division, the same for all districts of one."""

    @property
    def std_codes(self) -> tuple[str, ...]:
        """STD codes of its landlines, with their leading 0."""

    @property
    def has_centre(self) -> bool:
        """Whether it has executives of its own."""


class DistrictFinder(Protocol):
    """The table of districts."""

    def __iter__(self) -> Iterator[District]:
        """All of them, in the order of the table."""

    def by_code(self, code: str, /) -> District | None:
        """The district of a code that was pressed."""


class Service(Protocol):
    """A service that callers choose in the menu."""

    @property
    def id(self) -> str:
        """Its name in the records."""

    @property
    def key(self) -> str:
        """The key that chooses it."""

    @property
    def prompt(self) -> str:
        """Prompt that offers it, its key included."""

    @property
    def target(self) -> str:
        """What the dialplan does next: a step, ``queue:<name>`` or ``extension:<number>``."""


class Menu(Protocol):
    """The keys of the first menu."""

    @property
    def emergency_key(self) -> str:
        """The one-key way out, heard from the first word on."""

    @property
    def repeat_key(self) -> str:
        """Says the menu again."""

    @property
    def operator_key(self) -> str:
        """Leads to the state's operators."""

    @property
    def language_keys(self) -> Mapping[str, str]:
        """Languages by key."""

    @property
    def services(self) -> Sequence[Service]:
        """The services in the order they are offered."""


class Centre:
    """One call centre as its conversations see it; shared by all of them.

    Without ``menu`` the one shipped is read from its file, which raises DialplanError. Without ``hours`` it
    is always open; without ``drafts`` or ``callbacks`` nothing can be left for it; without ``journal`` it
    has one that drops and logs what records cannot take. Who made the journal drains it. ``recordings`` is
    the folder in which Asterisk's recordings lie; without, or where there is none, what the dialplan says
    of them is believed.
    """

    def __init__(
        self,
        *,
        calls: CallBook,
        complaints: ComplaintFinder,
        catalogue: Prompts,
        districts: DistrictFinder,
        menu: Menu | None = None,
        hours: Hours | None = None,
        drafts: DraftBook | None = None,
        callbacks: CallbackBook | None = None,
        journal: Journal | None = None,
        settings: AgiSettings | None = None,
        recordings: Path | None = None,
    ) -> None:
        self.calls = calls
        self.complaints = complaints
        self.catalogue = catalogue
        self.districts = districts
        self.menu: Menu = menu if menu is not None else load_menu()
        self.hours = hours
        self.drafts = drafts
        self.callbacks = callbacks
        self.recordings = recordings
        self.sounds = Sounds()
        self.clock: Callable[[], float] = time.time
        """Seconds since 1970, as Asterisk counts them: when keys were pressed."""
        self.settings = settings if settings is not None else AgiSettings()
        self.journal = journal if journal is not None else Journal(self.settings)
