"""The office: one method for each step of a complaint's life.

It asks the mapper, by the edition in force, who gets the complaint and by when; it lets the rules of the life
(`records.life`) judge the step; and it stores. Nothing is decided here.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from desk.taking import assigned_to
from helpline.office import moves
from helpline.office.actors import actor_for, at_post, posts_for, told
from helpline.office.editions import Editions
from helpline.office.errors import OfficeError, RefusedError, UnknownActorError, UnknownComplaintError
from helpline.office.forms import Registering
from mapper import Edition, Registration, assign, reasons
from mapper.days import indian_day
from records import Clock, Complaint, NewComplaint, Records, Wanted
from records.errors import IllegalStep, StaleError
from records.life import legal_steps
from records.life_steps import (
    Actor,
    Answer,
    AnswerInformation,
    Ask,
    Attend,
    ChangeType,
    Context,
    DecideClose,
    DecideDemand,
    DecideDepartment,
    Link,
    LinkHow,
    Note,
    Propose,
    ProposeClose,
    ProposeDepartment,
    Reassign,
    SendBack,
    SendUp,
    Step,
    Unlink,
)

TRIES = 5
"""How often a step is judged anew because somebody else took one at the same time."""

Making = Callable[[Edition, Complaint, date], Step]


class Office:
    """Steps raise `RefusedError` (why not, who may, what is legal) and `OfficeError`, `DirectoryError`, or
    `RecordsError` when the database fails."""

    def __init__(self, records: Records, editions: Editions, clock: Clock) -> None:
        self.records = records
        self.editions = editions
        self.clock = clock

    @property
    def today(self) -> date:
        """The day in India."""
        return indian_day(self.clock())

    async def edition(self) -> Edition:
        """The edition in force."""
        return await asyncio.to_thread(self.editions.current)

    async def find(self, number: str) -> Complaint:
        """The complaint of a number. Raises `UnknownComplaintError`."""
        complaint = await self.records.complaints.get(number)
        if complaint is None:
            raise UnknownComplaintError(number)
        return complaint

    async def actor_for(self, username: str) -> Actor:
        """A user in his role, with the posts he holds or acts for today. Raises `UnknownActorError`."""
        user = await self.records.users.get(username)
        if user is None:
            raise UnknownActorError(f"there is no user {username}; see `helpline user list`")
        return actor_for(await self.edition(), user, self.today)

    async def in_post(self, username: str, post_id: str) -> Actor:
        """Whoever has a shell, in the name of a post. Raises `UnknownActorError` for an unknown post."""
        return at_post(await self.edition(), username, post_id)

    async def register(self, actor: Actor, form: Registering) -> Complaint:
        """Store a complaint with the officer and the last day that the mapper names."""
        must_register(actor)
        now = self.clock()
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

    async def attend(self, number: str, actor: Actor, note: str) -> Complaint:
        """The officer makes an entry."""
        return await self._act(number, actor, lambda *_: Attend(note))

    async def propose(self, number: str, actor: Actor, note: str) -> Complaint:
        """The officer has resolved it; ``note`` says what was done."""
        return await self._act(number, actor, lambda *_: Propose(note))

    async def ask(self, number: str, actor: Actor, result: Answer, note: str = "") -> Complaint:
        """What the citizen said. Not satisfied: one level up, where complaints go up by themselves."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            up = moves.one_up_by_itself(edition, complaint, on) if result == "not_satisfied" else None
            return Ask(result, note, up)

        return await self._act(number, actor, step)

    async def change_type(self, number: str, actor: Actor, type_code: str, reason: str) -> Complaint:
        """Another type of the same department; officer and limit follow, from the level's first day."""

        def step(edition: Edition, complaint: Complaint, _: date) -> Step:
            kind = edition.types.get(type_code)
            if kind is not None and kind.department_code != complaint.assigned.department_code:
                raise OfficeError(
                    f"{type_code} is a type of another department ({kind.department_code}); "
                    "propose it as out of department instead"
                )
            assigned = moves.as_type(edition, complaint, type_code, indian_day(complaint.level_since))
            named = edition.types[type_code]
            return ChangeType(type_code, named.name_hi, named.name_en, assigned, reason)

        return await self._act(number, actor, step, "change_type")

    async def propose_department(self, number: str, actor: Actor, department: str, reason: str) -> Complaint:
        """It is another department's (its code), says the officer after talking to the citizen."""

        def step(edition: Edition, _: Complaint, __: date) -> Step:
            if department not in edition.departments:
                raise OfficeError(f"edition {edition.name} has no department {department}")
            return ProposeDepartment(reason, department)

        return await self._act(number, actor, step, "out_of_department")

    async def decide_department(
        self, number: str, actor: Actor, *, accept: bool, type_code: str | None, reason: str
    ) -> Complaint:
        """The district officer decides. Accepted, it moves to the first officer for ``type_code``, today."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            if not accept:
                return DecideDepartment(accept=False, reason=reason)
            if type_code is None:
                raise OfficeError("name the type that it has in the other department")
            assigned = moves.as_type(edition, complaint, type_code, on)
            named = edition.types[type_code]
            return DecideDepartment(
                accept=True,
                assigned=assigned,
                reason=reason,
                type_code=type_code,
                type_hi=named.name_hi,
                type_en=named.name_en,
            )

        return await self._act(number, actor, step)

    async def propose_close(
        self, number: str, actor: Actor, reason_code: str, note: str, *, citizen_told: bool
    ) -> Complaint:
        """Special close, with a reason from the list."""
        step = ProposeClose(reason_code, note, citizen_told)
        return await self._act(number, actor, lambda *_: step, "special_close")

    async def decide_close(
        self, number: str, actor: Actor, *, accept: bool, reason: str, citizen_told: bool
    ) -> Complaint:
        """मान्य or अमान्य."""
        return await self._act(number, actor, lambda *_: DecideClose(accept, reason, citizen_told))

    async def send_up(self, number: str, actor: Actor, reason_code: str, note: str = "") -> Complaint:
        """To the level above by hand, with a reason from the list."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            up = moves.one_up(edition, complaint, on)
            if up is None:
                raise OfficeError(f"{number} is with the highest level, {complaint.assigned.level_label}")
            return SendUp(up, reason_code, note)

        return await self._act(number, actor, step, "send_up")

    async def send_back(self, number: str, actor: Actor, reason: str) -> Complaint:
        """Back to the level that sent it up."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            return SendBack(moves.one_down(edition, complaint, on), reason)

        return await self._act(number, actor, step, "send_back")

    async def link(self, number: str, actor: Actor, main: str, how: LinkHow) -> Complaint:
        """The same matter as another complaint, or one of a group."""
        await self.find(main)
        return await self._act(number, actor, lambda *_: Link(main, how))

    async def unlink(self, number: str, actor: Actor) -> Complaint:
        """It was linked by mistake."""
        return await self._act(number, actor, lambda *_: Unlink())

    async def reassign(self, number: str, actor: Actor, reason: str) -> Complaint:
        """To the officer whom the edition in force names for its level; both clocks go on."""

        def step(edition: Edition, complaint: Complaint, _: date) -> Step:
            assigned = moves.anew(edition, complaint)
            if replace(assigned, edition="", rule="") == replace(complaint.assigned, edition="", rule=""):
                raise OfficeError(
                    f"edition {edition.name} names the officer and the day that {number} has already"
                )
            return Reassign(assigned, reason)

        return await self._act(number, actor, step, "reassign")

    async def note(self, number: str, actor: Actor, text: str) -> Complaint:
        """Something to remember."""
        return await self._act(number, actor, lambda *_: Note(text))

    async def answer(self, number: str, actor: Actor, text: str) -> Complaint:
        """An information request is answered, which closes it."""
        return await self._act(number, actor, lambda *_: AnswerInformation(text))

    async def decide_demand(self, number: str, actor: Actor, *, accept: bool, reason: str) -> Complaint:
        """A demand or suggestion is accepted or declined, which closes it."""
        return await self._act(number, actor, lambda *_: DecideDemand(accept, reason))

    async def legal(self, number: str, actor: Actor) -> tuple[str, ...]:
        """The steps that the actor may take now."""
        complaint = await self.find(number)
        return legal_steps(complaint, actor, self.clock(), await self.situation(complaint))

    async def situation(self, complaint: Complaint) -> Context:
        """What the rules of the life need to know, its group included, to say what is legal now."""
        book, main = self.records.complaints, complaint.group_of
        context = moves.context(await self.edition(), complaint, self.today)
        return replace(
            context,
            main=await book.get(main) if main is not None else None,
            members=len(await book.linked(complaint.number)),
        )

    async def _act(self, number: str, actor: Actor, make: Making, purpose: str | None = None) -> Complaint:
        """Judged by the complaint as it is read; when somebody else changes it meanwhile, judged anew."""
        edition = await self.edition()
        for left in reversed(range(TRIES)):
            complaint = await self.find(number)
            context = moves.context(edition, complaint, self.today, purpose)
            try:
                step = make(edition, complaint, self.today)
                return await self.records.complaints.act(
                    number, step, actor, self.clock(), context=context, expected_seq=complaint.last_seq
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
