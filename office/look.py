"""One complaint with all that an officer or a caller asks about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mapper import Edition, Holder, NextLevel, Post, holders_of
from office import moves
from office.clocks import Clocks, clocks
from office.office import Office
from records import Complaint, ComplaintEvent, User
from records.calls.recordings import Recording
from records.life.rules import legal_steps
from records.life.states import ATTENDED, CLOSED, OPEN
from records.life.steps import CLOCK, Actor, ActorRole

_CENTRE: tuple[ActorRole, ...] = ("executive", "supervisor", "administrator")


@dataclass(frozen=True)
class Chair:
    """A post and who acts in it today, the first of ``holders``; empty: vacant, or not written down."""

    post_id: str
    hi: str
    en: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Turn:
    """Somebody who may take steps now. ``chair``: an officer's; None for the centre and for the clock."""

    who: str
    chair: Chair | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """A complaint as it stands. ``edition`` is the one by which it goes on (`Office.edition_for`)."""

    complaint: Complaint
    events: tuple[ComplaintEvent, ...]
    clocks: Clocks
    chair: Chair
    above: NextLevel
    turns: tuple[Turn, ...]
    members: tuple[str, ...]
    people: Mapping[str, User]
    edition: Edition
    recordings: tuple[Recording, ...]
    withheld: bool = False
    """Whether its caller wished his number not to be shown: the one written down he told himself, unless the
    settings let such numbers be used."""

    @property
    def not_satisfied(self) -> ComplaintEvent | None:
        """The citizen's last answer, if he was not satisfied and it is not closed."""
        asked = [event for event in self.events if event.kind == "citizen_asked"]
        if not asked or self.complaint.status == CLOSED or asked[-1].data["result"] != "not_satisfied":
            return None
        return asked[-1]

    @property
    def tries(self) -> int:
        """How often the citizen was not reached about the resolution there is; 0 when there is none now."""
        complaint = self.complaint
        back = complaint.status in {OPEN, ATTENDED} and complaint.group_of is None
        return 0 if back else complaint.tries


async def look(office: Office, number: str) -> Look:
    """Everything of one complaint. Raises `UnknownComplaintError`."""
    complaint = await office.find(number)
    book = office.records.complaints
    events = tuple(await book.events(complaint.number))
    members = tuple(each.number for each in await book.linked(complaint.number))
    people = {user.username: user for user in await office.records.users.list()}
    edition, today = await office.edition_for(complaint), office.today
    above = moves.above(edition, complaint, today)
    turns = await turns_of(office, complaint)
    assigned = complaint.assigned
    own = chair(edition, assigned.post_id, today)
    own = replace(own, hi=assigned.post_hi, en=assigned.post_en)
    call_id = complaint.call_id
    heard = tuple(await office.records.calls.recordings(call_id)) if call_id else ()
    withheld = bool(call_id and await office.records.calls.withheld([call_id]))
    return Look(
        complaint, events, clocks(complaint, today), own, above, turns, members, people, edition, heard,
        withheld,
    )  # fmt: skip


async def turns_of(office: Office, complaint: Complaint) -> tuple[Turn, ...]:
    """Who may take which steps now; those who may take none are left out."""
    edition, today, now = await office.edition_for(complaint), office.today, office.clock()
    context = await office.situation(complaint)
    posts = dict.fromkeys(
        filter(None, (complaint.assigned.post_id, context.district_post_id, context.decider_post_id))
    )
    actors: list[tuple[str, str | None, Actor]] = [
        ("officer", post_id, Actor("", "officer", frozenset({post_id}))) for post_id in posts
    ]
    actors += [(role, None, Actor("", role)) for role in _CENTRE]
    actors.append(("clock", None, CLOCK))
    turns = []
    for who, post_id, actor in actors:
        steps = legal_steps(complaint, actor, now, context)
        if steps:
            turns.append(Turn(who, chair(edition, post_id, today) if post_id else None, steps))
    return tuple(turns)


def chair(edition: Edition, post_id: str, on: date) -> Chair:
    """A post of an edition; one that it does not know keeps its id for a name."""
    post: Post | None = edition.posts.get(post_id)
    hi, en = (post.name_hi, post.name_en) if post else (post_id, post_id)
    return Chair(post_id, hi, en, holders_of(edition, post_id, on))
