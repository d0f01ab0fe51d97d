"""Any sequence of steps, legal or not, by anybody: the complaint never gets where it must not be."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from records import (
    CLOCK,
    Actor,
    AnswerInformation,
    Ask,
    Attend,
    ChangeType,
    Complaint,
    Context,
    DecideClose,
    DecideDemand,
    DecideDepartment,
    Escalate,
    IllegalStep,
    Link,
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
from records.complaints.complaint_rows import linked
from records.life.chain import NewEvent
from records.life.projection import after, fold, registration
from records.life.rules import apply, legal_steps
from records.life.states import CLOSURES, KINDS, STATUSES
from records.life.steps import Answer, Way
from tests.records.life_samples import (
    ADMINISTRATOR,
    CITIZEN,
    CONTEXT,
    ENGINEER,
    LEVELS,
    NUMBER,
    OTHER,
    SITA,
    SUPERVISOR,
    WATER,
    is_whole,
    officer,
)
from tests.records.samples import NOON, complaint

TEXTS = st.sampled_from(["", " ", "किया", "क" * 2001])
REASONS = st.sampled_from(["", "किया"])
CODES = st.sampled_from(["policy", "", "whatever"])
POSTS = st.sampled_from([*LEVELS.values(), WATER, replace(LEVELS[2], due=NOON.date())])
ACTORS = st.sampled_from(
    [SITA, SUPERVISOR, ADMINISTRATOR, CITIZEN, CLOCK, ENGINEER, OTHER, *(officer(level) for level in LEVELS)]
)
MAINS = st.sampled_from([None, "10000024", NUMBER])
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(Attend, TEXTS),
    st.builds(Propose, TEXTS),
    st.builds(Ask, st.sampled_from(get_args(Answer)), st.just(""), st.none() | POSTS),
    st.builds(ChangeType, st.sampled_from(["REV-01", "PHE-01"]), st.just(""), st.just(""), POSTS, REASONS),
    st.builds(ProposeDepartment, REASONS, REASONS),
    st.builds(DecideDepartment, st.booleans(), st.none() | POSTS, REASONS),
    st.builds(ProposeClose, CODES, TEXTS, st.booleans()),
    st.builds(DecideClose, st.booleans(), REASONS, st.booleans()),
    st.builds(Escalate, POSTS),
    st.builds(SendUp, POSTS, CODES, TEXTS),
    st.builds(SendBack, POSTS, REASONS),
    st.builds(Link, st.sampled_from(["10000024", NUMBER]), st.sampled_from(["duplicate", "group"])),
    st.builds(Unlink),
    st.builds(Reassign, POSTS, REASONS),
    st.builds(Note, TEXTS),
    st.builds(AnswerInformation, TEXTS),
    st.builds(DecideDemand, st.booleans(), REASONS),
)
SPANS = st.sampled_from([0, 60, 86_400, 8 * 86_400, -60, -86_400]).map(
    lambda seconds: timedelta(seconds=seconds)
)
WAYS = st.sampled_from([None, *get_args(Way)])
CLOSES = {"ask", "decide_close", "answer", "decide_demand"}


class LifeMachine(RuleBasedStateMachine):
    """One complaint, kept as its events, and what must hold whatever is done to it."""

    @initialize(kind=st.sampled_from(KINDS), start=st.sampled_from([1, 2, 3]))
    def register(self, kind: str, start: int) -> None:
        new = complaint(kind=kind, assigned=LEVELS[start])
        self.events = linked(NUMBER, registration(new))
        self.now = fold(self.events)
        self.clock = NOON

    @rule(
        step=STEPS,
        actor=ACTORS,
        span=SPANS,
        way=WAYS,
        main=MAINS,
        done=st.booleans(),
        members=st.sampled_from([0, 0, 2]),
    )
    def anybody_does_anything(
        self,
        step: Step,
        actor: Actor,
        span: timedelta,
        way: Way | None,
        main: str | None,
        done: bool,
        members: int,
    ) -> None:
        other = replace(self.now, number=main, group_of=None) if main else None
        if other is not None and done:
            other = replace(other, status="closed", closure="satisfied")
        self.take(step, actor, span, replace(CONTEXT, way=way, main=other, members=members))

    @rule(data=st.data(), span=SPANS)
    def somebody_does_what_is_legal(self, data: st.DataObject, span: timedelta) -> None:
        context = replace(CONTEXT, main=self.main())
        moment = max(self.clock + span, self.now.last_at)
        legal = {
            (name, actor)
            for actor in (SITA, CLOCK, ADMINISTRATOR, ENGINEER, *(officer(level) for level in LEVELS))
            for name in legal_steps(self.now, actor, moment, context)
        }
        name, actor = data.draw(st.sampled_from(sorted(legal, key=str)))
        step = data.draw(STEPS.filter(lambda one: one.name == name))
        self.take(step, actor, span, context)

    def main(self) -> Complaint | None:
        """The complaint it is linked to, resolved."""
        number = self.now.group_of
        return replace(self.now, number=number, group_of=None, status="proposed") if number else None

    def take(self, step: Step, actor: Actor, span: timedelta, context: Context) -> None:
        """Take a step if it is legal; check what it may and may not have changed."""
        before, moment = self.now, self.clock + span
        legal = legal_steps(before, actor, max(moment, before.last_at), context)
        try:
            (new,) = apply(before, step, actor, moment, context)
        except IllegalStep as refusal:
            wrong = refusal
        else:
            assert step.name in legal
            self.goes_on(before, step, actor, moment, new)
            return
        assert wrong.legal == legal
        assert "\n" not in str(wrong)
        assert wrong.code in {"input", "moment"} or step.name not in legal

    def goes_on(self, before: Complaint, step: Step, actor: Actor, moment: datetime, new: NewEvent) -> None:
        """Remember what a legal step came to."""
        self.events += linked(NUMBER, [new], self.events[-1])
        self.now = after(before, self.events[-1])
        self.clock = max(self.clock, moment)
        self.judge(before, step, actor)

    def judge(self, before: Complaint, step: Step, actor: Actor) -> None:
        """What the office's rules say of one step, each said in another way than the table says it."""
        now = self.now
        if before.status == "closed":
            assert step.name == "note"
            assert now == replace(before, last_seq=now.last_seq, last_at=now.last_at)
        if now.status == "closed" and before.status != "closed":
            assert step.name in CLOSES
            if now.kind == "complaint":
                consent = isinstance(step, Ask) and step.result in {"satisfied", "low_quality"}
                special = isinstance(step, DecideClose) and step.accept and now.citizen_told
                assert consent or special
        if step.name in {"attend", "propose", "change_type", "propose_department", "send_up", "send_back"}:
            assert before.assigned.post_id in actor.post_ids
        if len(now.not_attended) > len(before.not_attended):
            assert step.name == "escalate"
            assert before.attended_at is None
            assert now.not_attended[-1] == before.assigned.level
        if now.attended_at != before.attended_at and now.attended_at is not None:
            assert before.assigned.post_id in actor.post_ids
        if now.level_since != before.level_since:
            assert now.assigned.level != before.assigned.level or step.name == "decide_department"
        if step.name in {"link", "unlink", "note", "reassign", "escalate"}:
            assert now.status == before.status or {now.status, before.status} == {"open", "attended"}
        if step.name == "escalate":
            assert now.assigned.level > before.assigned.level
            assert (now.last_at + timedelta(hours=5, minutes=30)).date() > before.assigned.due
        if isinstance(step, Ask) and step.result == "unreachable":
            resolved = before.status in {"proposed", "unreachable"}
            assert now.tries == before.tries + 1
            assert now.status == ("unreachable" if resolved else before.status)

    @invariant()
    def state_is_one_there_is_and_what_the_events_come_to(self) -> None:
        now = self.now
        assert now == fold(self.events)
        assert is_whole(self.events)
        assert [event.seq for event in self.events] == list(range(1, now.last_seq + 1))
        assert [event.at for event in self.events] == sorted(event.at for event in self.events)
        assert now.status in STATUSES
        assert (now.closure in CLOSURES) == (now.status == "closed") == (now.closed_at is not None)
        assert now.registered_at == NOON
        assert NOON <= now.level_since <= now.last_at
        assert (now.status != "open") or (now.attended_at is None)
        assert (now.status != "attended") or (now.attended_at is not None)
        assert now.group_of != now.number
        assert now.kind == "complaint" or now.status not in {"proposed", "unreachable", "close_proposed"}

    @invariant()
    def somebody_can_always_go_on(self) -> None:
        """No complaint gets stuck: as long as it is not closed, somebody can bring it nearer to that."""
        if self.now.status == "closed":
            return
        holder = Actor("holder", "officer", frozenset({self.now.assigned.post_id}))
        context = replace(CONTEXT, main=self.main())
        forward = {
            name
            for actor in (holder, officer(3), SITA)
            for name in legal_steps(self.now, actor, self.now.last_at, context)
        }
        assert forward & {"propose", "ask", "decide_department", "decide_close", "answer", "decide_demand"}


TestLife = LifeMachine.TestCase
TestLife.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
