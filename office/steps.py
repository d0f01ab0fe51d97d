"""One method for each step of a complaint's life: what is asked of the mapper before the step is judged."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from mapper import Edition
from mapper.days import indian_day
from office import moves
from office.errors import OfficeError
from records import Complaint
from records.life.steps import (
    Actor,
    Answer,
    AnswerInformation,
    Ask,
    Attend,
    ChangeType,
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

Making = Callable[[Edition, Complaint, date], Step]
"""Makes the step, of the edition by which the complaint goes on, the complaint, and the day in India."""


class Steps(ABC):
    """Steps raise `RefusedError` (why not, who may, what is legal) and `OfficeError`, `DirectoryError`, or
    `RecordsError` when the database fails."""

    @abstractmethod
    async def edition(self) -> Edition:
        """The edition in force."""

    @abstractmethod
    async def act(
        self, number: str, actor: Actor, make: Making, purpose: str | None = None, *, name: str | None = None
    ) -> Complaint:
        """Take one step. ``purpose``: of the list of reasons that its reason is to be from.

        ``name``: of a step that may fail in the making; who may not take it at all is told that first.
        """

    async def attend(self, number: str, actor: Actor, note: str) -> Complaint:
        """The officer makes an entry."""
        return await self.act(number, actor, lambda *_: Attend(note))

    async def propose(self, number: str, actor: Actor, note: str) -> Complaint:
        """The officer has resolved it; ``note`` says what was done."""
        return await self.act(number, actor, lambda *_: Propose(note))

    async def ask(self, number: str, actor: Actor, result: Answer, note: str = "") -> Complaint:
        """What the citizen said. Not satisfied: one level up, where complaints go up by themselves."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            up = moves.one_up_by_itself(edition, complaint, on) if result == "not_satisfied" else None
            return Ask(result, note, up)

        return await self.act(number, actor, step)

    async def change_type(self, number: str, actor: Actor, type_code: str, reason: str) -> Complaint:
        """Another type of the same department; officer and limit follow, from the level's first day."""

        force = await self.edition()

        def step(_: Edition, complaint: Complaint, __: date) -> Step:
            assigned = moves.as_type(force, complaint, type_code, indian_day(complaint.level_since))
            named = force.types[type_code]
            if named.department_code != complaint.assigned.department_code:
                raise OfficeError(
                    f"{type_code} is a type of another department ({named.department_code}); "
                    "propose it as out of department instead",
                    f"{type_code} दूसरे विभाग ({named.department_code}) का प्रारूप है; "
                    "इसके बजाय कार्यक्षेत्र से बाहर प्रस्तावित करें",
                )
            return ChangeType(type_code, named.name_hi, named.name_en, assigned, reason)

        return await self.act(number, actor, step, "change_type", name=ChangeType.name)

    async def propose_department(self, number: str, actor: Actor, department: str, reason: str) -> Complaint:
        """It is another department's (its code), says the officer after talking to the citizen."""

        force = await self.edition()

        def step(_: Edition, complaint: Complaint, __: date) -> Step:
            if department not in force.departments:
                raise OfficeError(
                    f"edition {force.name} has no department {department}",
                    f"संस्करण {force.name} में विभाग {department} नहीं है",
                )
            if department == complaint.assigned.department_code:
                raise OfficeError(
                    f"{number} is with {department} already; name the department it belongs to, "
                    "or change its type if that is wrong",
                    f"{number} पहले से {department} के पास है; वह विभाग चुनें जिसका यह प्रकरण है, "
                    "या प्रारूप ग़लत हो तो प्रारूप बदलें",
                )
            return ProposeDepartment(reason, department)

        return await self.act(number, actor, step, "out_of_department", name=ProposeDepartment.name)

    async def decide_department(
        self, number: str, actor: Actor, *, accept: bool, type_code: str | None, reason: str
    ) -> Complaint:
        """The district officer decides. Accepted, it moves to the first officer for ``type_code``, today."""

        force = await self.edition()

        def step(_: Edition, complaint: Complaint, on: date) -> Step:
            if not accept:
                return DecideDepartment(accept=False, reason=reason)
            if type_code is None:
                raise OfficeError(
                    "name the type that it has in the other department",
                    "दूसरे विभाग में इसका जो प्रारूप होगा, वह चुनें",
                )
            assigned = moves.as_type(force, complaint, type_code, on)
            named = force.types[type_code]
            return DecideDepartment(
                accept=True,
                assigned=assigned,
                reason=reason,
                type_code=type_code,
                type_hi=named.name_hi,
                type_en=named.name_en,
            )

        return await self.act(number, actor, step, name=DecideDepartment.name)

    async def propose_close(
        self, number: str, actor: Actor, reason_code: str, note: str, *, citizen_told: bool
    ) -> Complaint:
        """Special close, with a reason from the list."""
        step = ProposeClose(reason_code, note, citizen_told)
        return await self.act(number, actor, lambda *_: step, "special_close")

    async def decide_close(
        self, number: str, actor: Actor, *, accept: bool, reason: str, citizen_told: bool
    ) -> Complaint:
        """मान्य or अमान्य."""
        return await self.act(number, actor, lambda *_: DecideClose(accept, reason, citizen_told))

    async def send_up(self, number: str, actor: Actor, reason_code: str, note: str = "") -> Complaint:
        """To the level above by hand, with a reason from the list."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            up = moves.one_up(edition, complaint, on)
            if up is None:
                label = complaint.assigned.level_label
                raise OfficeError(
                    f"{number} is with the highest level, {label}", f"{number} सबसे ऊपर के लेवल {label} पर है"
                )
            return SendUp(up, reason_code, note)

        return await self.act(number, actor, step, "send_up", name=SendUp.name)

    async def send_back(self, number: str, actor: Actor, reason: str) -> Complaint:
        """Back to the level that sent it up."""

        def step(edition: Edition, complaint: Complaint, on: date) -> Step:
            return SendBack(moves.one_down(edition, complaint, on), reason)

        return await self.act(number, actor, step, "send_back")

    async def link(self, number: str, actor: Actor, main: str, how: LinkHow) -> Complaint:
        """The same matter as another complaint, or one of a group."""
        return await self.act(number, actor, lambda *_: Link(main, how))

    async def unlink(self, number: str, actor: Actor) -> Complaint:
        """It was linked by mistake."""
        return await self.act(number, actor, lambda *_: Unlink())

    async def reassign(self, number: str, actor: Actor, reason: str) -> Complaint:
        """To the officer whom the edition in force names for its level; both clocks go on."""

        def step(edition: Edition, complaint: Complaint, _: date) -> Step:
            assigned = moves.anew(edition, complaint)
            if replace(assigned, edition="", rule="") == replace(complaint.assigned, edition="", rule=""):
                raise OfficeError(
                    f"edition {edition.name} names the officer and the day that {number} has already; "
                    "there is nothing to move until an edition that names others is published",
                    f"संस्करण {edition.name} में भी {number} का यही अधिकारी और यही दिनांक है; "
                    "जब तक दूसरे बताने वाला संस्करण लागू न हो, बदलने को कुछ नहीं है",
                )
            return Reassign(assigned, reason)

        return await self.act(number, actor, step, "reassign", name=Reassign.name)

    async def note(self, number: str, actor: Actor, text: str) -> Complaint:
        """Something to remember."""
        return await self.act(number, actor, lambda *_: Note(text))

    async def answer(self, number: str, actor: Actor, text: str) -> Complaint:
        """An information request is answered, which closes it."""
        return await self.act(number, actor, lambda *_: AnswerInformation(text))

    async def decide_demand(self, number: str, actor: Actor, *, accept: bool, reason: str) -> Complaint:
        """A demand or suggestion is accepted or declined, which closes it."""
        return await self.act(number, actor, lambda *_: DecideDemand(accept, reason))
