"""The office: registers complaints, takes their steps (`office.steps`), finds and explains them.

It asks the mapper, by the edition in force, who gets a complaint and by when; it lets the rules of the life
(`records.life.rules`) judge each step; and it stores. Nothing is decided here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from mapper import Edition, Registration, assign, reasons
from mapper.days import IST, indian_day
from mapper.decision.grading_rules import grading_on
from office import moves
from office.actors import actor_for, at_post, posts_for, told
from office.assigned import assigned_to
from office.editions import Editions
from office.errors import OfficeError, RefusedError, UnknownActorError, UnknownComplaintError
from office.explaining import Decision, explained
from office.forms import Registering
from office.steps import Making, Steps
from records import Clock, Complaint, NewComplaint, Records, Wanted
from records.complaints.grading_query import Habitual, habitual
from records.errors import IllegalStep, StaleError
from records.life.rules import SKEW, legal_steps, permit
from records.life.steps import Actor, Context

TRIES = 5
"""How often a step is judged anew because somebody else took one at the same time."""


class Office(Steps):
    """What the centre does with complaints, on behalf of a person or of the clock.

    ``clock`` says which moment is taken for now. With ``real`` nothing is written of a moment that is still
    to come by that other clock: it would keep everybody from the complaint until then.
    """

    def __init__(
        self, records: Records, editions: Editions, clock: Clock, *, real: Clock | None = None
    ) -> None:
        self.records = records
        self.editions = editions
        self.clock = clock
        self._real = real

    def now(self) -> datetime:
        """The moment with which something is written. Raises `OfficeError` for one that is still to come."""
        moment = self.clock()
        if self._real is not None and moment - self._real() > SKEW:
            raise OfficeError(
                f"{moment.astimezone(IST):%Y-%m-%d %H:%M} is still to come: what has not happened cannot be "
                "written down; to practise, set [helpline] rehearsal = true with a state_dir of its own",
                f"{moment.astimezone(IST):%Y-%m-%d %H:%M} अभी आया नहीं है: जो हुआ नहीं, वह लिखा नहीं जा सकता",
            )
        return moment

    @property
    def today(self) -> date:
        """The day in India."""
        return indian_day(self.clock())

    async def edition(self) -> Edition:
        """The edition in force."""
        return await asyncio.to_thread(self.editions.current)

    async def edition_for(self, complaint: Complaint) -> Edition:
        """The edition in force; where that no longer knows its type or place, the one that named its officer.

        So a complaint can always go on, whatever the directory has left out since.
        """
        force = await self.edition()
        if complaint.type_code in force.types and complaint.place_id in force.places:
            return force
        return await asyncio.to_thread(self.editions.named, complaint.assigned.edition)

    async def find(self, number: str) -> Complaint:
        """The complaint of a number. Raises `UnknownComplaintError`."""
        complaint = await self.records.complaints.get(number)
        if complaint is None:
            raise UnknownComplaintError(number)
        return complaint

    async def actor_for(self, username: str) -> Actor:
        """A user in his role, with the posts he holds or acts for today. Raises `UnknownActorError`."""
        user = await self.records.users.get(username)
        if user is None or not user.may_log_in:
            raise UnknownActorError(f"there is no user {username} who may act; see `helpline user list`")
        return actor_for(await self.edition(), user, self.today)

    async def in_post(self, username: str, post_id: str) -> Actor:
        """Whoever has a shell, in the name of a post. Raises `UnknownActorError` for an unknown post."""
        return at_post(await self.edition(), username, post_id)

    async def register(self, actor: Actor, form: Registering) -> Complaint:
        """Store a complaint with the officer and the last day that the mapper names."""
        must_register(actor)
        now = self.now()
        found = assign(await self.edition(), Registration(form.type_code, form.place_id, now))
        new = NewComplaint(
            call_id=form.call_id,
            caller_e164=form.caller_e164,
            citizen_name=form.citizen_name,
            citizen_phone=form.citizen_phone,
            district_code=form.district_code,
            place_id=form.place_id,
            place_hi=found.place.name_hi,
            place_en=found.place.name_en,
            type_code=form.type_code,
            type_hi=found.type.name_hi,
            type_en=found.type.name_en,
            description=form.description,
            assigned=assigned_to(found),
            registered_by=actor.username,
            registered_at=now,
            kind=form.kind,
        )
        return await self.records.complaints.register(new, key=form.key)

    async def search(self, wanted: Wanted, posts: Sequence[str | None], limit: int) -> list[Complaint]:
        """What several posts have (None: any post), the longest overdue first, closed ones at the end."""
        found: dict[str, Complaint] = {}
        for post_id in posts:
            wanted = replace(wanted, post_id=post_id, by_due=True)
            found |= {each.number: each for each in await self.records.complaints.search(wanted, limit)}
        every = sorted(
            found.values(), key=lambda one: (one.closed_at is not None, one.assigned.due, one.number)
        )
        return every[:limit]

    async def explain(self, number: str) -> tuple[Decision, ...]:
        """Why it went to each officer it had, by the editions of their time: the same answer for ever."""
        await self.find(number)
        events = await self.records.complaints.events(number)
        return await asyncio.to_thread(explained, events, self.editions)

    async def habitual(self, over: int | None = None) -> tuple[int, list[Habitual]]:
        """Telephones with more complaints than ``over`` (None: the grading's number), and that number."""
        if over is None:
            over = int(grading_on(await self.edition(), self.today)["habitual_over"])
        return over, await habitual(self.records.database, over)

    async def legal(self, number: str, actor: Actor) -> tuple[str, ...]:
        """The steps that the actor may take now."""
        complaint = await self.find(number)
        return legal_steps(complaint, actor, self.clock(), await self.situation(complaint))

    async def situation(self, complaint: Complaint) -> Context:
        """What the rules of the life need to know, its group included, to say what is legal now."""
        book, main = self.records.complaints, complaint.group_of
        context = moves.context(await self.edition_for(complaint), complaint, self.today)
        return replace(
            context,
            main=await book.get(main) if main is not None else None,
            members=len(await book.linked(complaint.number)),
        )

    async def act(
        self, number: str, actor: Actor, make: Making, purpose: str | None = None, *, name: str | None = None
    ) -> Complaint:
        """Judged by the complaint as it is read; when somebody else changes it meanwhile, judged anew."""
        for left in reversed(range(TRIES)):
            now = self.now()
            complaint = await self.find(number)
            edition = await self.edition_for(complaint)
            context = moves.context(edition, complaint, self.today, purpose)
            try:
                if name is not None:
                    permit(complaint, name, actor, now, context)
                step = make(edition, complaint, self.today)
                return await self.records.complaints.act(
                    number, step, actor, now, context=context, expected_seq=complaint.last_seq
                )
            except StaleError:
                if not left:
                    raise
            except IllegalStep as refusal:
                posts = posts_for(refusal.step, complaint, context) if refusal.code == "actor" else ()
                who = tuple(told(edition, post_id, self.today) for post_id in posts)
                given = purpose if refusal.code == "input" and purpose else ""
                raise RefusedError(refusal, who, choices(edition, given)) from None
        raise AssertionError("the last try raises or returns")


def choices(edition: Edition, purpose: str) -> tuple[str, ...]:
    """The reasons of a purpose, one line each."""
    return tuple(f"{each.code:20} {each.name_hi} ({each.name_en})" for each in reasons(edition, purpose))


def must_register(actor: Actor) -> None:
    """Raises `OfficeError` for whoever does not take what citizens say."""
    if actor.role not in {"executive", "supervisor", "administrator"}:
        raise OfficeError(
            f"{actor.username} is here as {actor.role}: an executive or a supervisor registers complaints"
        )
