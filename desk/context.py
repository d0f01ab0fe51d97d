"""What every handler needs: the rooms below, the desk's own state, and who is asking."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from aiohttp import web

from desk.assets import Assets
from desk.board import Board
from desk.board_model import DeskCall
from desk.condition import Health
from desk.door.gate import Gate
from desk.door.turns import Turns
from desk.formats import IST
from desk.hub import Hub
from desk.settings import DeskSettings
from desk.standing import Standing
from desk.texts import Texts
from dialplan.districts import District
from mapper import Edition
from office import Office
from office.actors import actor_for
from records import Records, Session, User
from records.life.steps import Actor
from switchboard.events import Event
from switchboard.live import LiveState

Clock = Callable[[], datetime]

LANGUAGE_COOKIE = "h181_lang"


class Live(Protocol):
    """What the desk wants of the switchboard."""

    @property
    def state(self) -> LiveState:
        """Calls and queue members as they are now."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the state follows Asterisk at this moment."""
        ...

    def subscribe(self, maxlen: int = ...) -> AbstractContextManager[AsyncIterator[Event]]:
        """Events from now on; a reader that falls ``maxlen`` behind gets a Resync instead."""
        ...


class Districts(Protocol):
    """What the desk wants of the districts: their names."""

    def by_code(self, code: str) -> District | None:
        """The district of a two-digit code, or None."""
        ...


@dataclass(frozen=True)
class Viewer:
    """The person who is logged in."""

    user: User
    session: Session

    @property
    def leads(self) -> bool:
        """Supervisors and administrators see all calls and numbers."""
        return self.user.role in {"supervisor", "administrator"}

    @property
    def takes_calls(self) -> bool:
        """Everybody but officers may take complaints."""
        return self.user.role != "officer"


@dataclass(frozen=True)
class Desk:
    """The rooms and the state that all handlers share."""

    records: Records
    office: Office
    live: Live
    districts: Districts
    settings: DeskSettings
    clock: Clock
    texts: dict[str, Texts]
    assets: Assets
    board: Board
    hub: Hub
    gate: Gate
    turns: Turns
    recordings: Path
    standing: Standing
    health: Health

    def edition(self) -> Edition:
        """The directory edition in force, at once."""
        return self.office.editions.current()

    def actor(self, viewer: Viewer) -> Actor:
        """The viewer as the rules of a complaint's life know him: role, and posts of today."""
        return actor_for(self.edition(), viewer.user, self.today())

    def today(self) -> date:
        """The day it is in India."""
        return self.clock().astimezone(IST).date()

    def own_call(self, viewer: Viewer) -> DeskCall | None:
        """The call on this person's screen."""
        extension = viewer.user.extension
        return self.board.for_extension(extension) if extension else None

    def sees_whole_number(self, viewer: Viewer, call: DeskCall) -> bool:
        """Whether the caller's number is shown whole: leaders by setting, an executive once he has
        answered."""
        if viewer.leads:
            return self.settings.supervisor_sees_numbers
        own = viewer.user.extension is not None and call.extension == viewer.user.extension
        if not own or viewer.user.role != "executive":
            return False
        return call.answered_at is not None or self.settings.executive_sees_number_ringing


DESK = web.AppKey("desk", Desk)
VIEWER: web.RequestKey[Viewer] = web.RequestKey("viewer", Viewer)


def desk_of(request: web.Request) -> Desk:
    """The desk a request belongs to."""
    return request.config_dict[DESK]


def viewer_of(request: web.Request) -> Viewer:
    """Who is asking; only for routes that need a login."""
    return request[VIEWER]


def texts_of(request: web.Request) -> Texts:
    """The texts in the language that this browser chose, else the one of the settings."""
    desk = desk_of(request)
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return desk.texts.get(chosen) or desk.texts[desk.settings.language]
