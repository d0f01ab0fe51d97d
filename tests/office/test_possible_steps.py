"""What is said to be possible is possible, and nothing else: long random lives in the office."""

import random
from datetime import timedelta

import pytest

from helpline.app import App
from office import Office, OfficeError
from office.errors import RefusedError
from records import Complaint
from records.audit.verifying import verify_all
from records.life.rules import TABLE
from records.life.steps import Actor
from tests.office.office_sheets import COLLECTOR, COMMISSIONER, JANPAD, SDO, TEHSILDAR
from tests.office.test_office import FORM, SITA, Calendar, opened, post

STEPS = 300
POSTS = (TEHSILDAR, SDO, COLLECTOR, COMMISSIONER, JANPAD, "PRD-L2@district:422")
PEOPLE = (SITA, Actor("lead", "supervisor"), Actor("admin", "administrator"), *map(post, POSTS))


async def take(
    office: Office, step: str, now: Complaint, actor: Actor, main: str, chance: random.Random
) -> None:
    """One step, saying something that does for it."""
    number, accept = now.number, chance.random() < 0.5
    other_type = "REVENUE-02" if now.type_code == "REVENUE-01" else "REVENUE-01"
    elsewhere = "REVENUE-01" if now.type_code == "PRD-03" else "PRD-03"
    match step:
        case "attend":
            await office.attend(number, actor, "x")
        case "propose":
            await office.propose(number, actor, "x")
        case "ask":
            await office.ask(number, actor, chance.choice(("satisfied", "not_satisfied", "unreachable")))
        case "change_type":
            await office.change_type(number, actor, other_type, "x")
        case "propose_department":
            await office.propose_department(number, actor, "PRD", "x")
        case "decide_department":
            await office.decide_department(number, actor, accept=accept, type_code=elsewhere, reason="x")
        case "propose_close":
            await office.propose_close(number, actor, "COURT", "x", citizen_told=True)
        case "decide_close":
            await office.decide_close(number, actor, accept=accept, reason="x", citizen_told=True)
        case "send_up":
            await office.send_up(number, actor, "POLICY")
        case "send_back":
            await office.send_back(number, actor, "x")
        case "link":
            await office.link(number, actor, main, "group")
        case "unlink":
            await office.unlink(number, actor)
        case "reassign":
            await office.reassign(number, actor, "x")
        case "note":
            await office.note(number, actor, "x")
        case "answer":
            await office.answer(number, actor, "x")
        case "decide_demand":
            await office.decide_demand(number, actor, accept=accept, reason="x")
        case _:
            raise AssertionError(f"no test of step {step}")


async def outcome(
    office: Office, step: str, now: Complaint, actor: Actor, main: str, chance: random.Random
) -> str:
    try:
        await take(office, step, now, actor, main, chance)
    except RefusedError:
        return "refused"
    except OfficeError:
        return "nothing to do"
    return "taken"


@pytest.mark.parametrize("seed", range(2))
async def test_steps_said_to_be_possible(app: App, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    clock = Calendar()
    async with opened(app, clock) as office:
        main = (await office.register(SITA, FORM)).number
        number = (await office.register(SITA, FORM)).number
        taken = set()
        for _ in range(STEPS):
            now = await office.find(number)
            if now.status == "closed":
                number = (await office.register(SITA, FORM)).number
                continue
            actor = chance.choice((*PEOPLE, post(now.assigned.post_id), post(now.assigned.post_id)))
            legal = await office.legal(number, actor)
            useful = [name for name in legal if name != "note"]
            every = [name for name in TABLE if name != "escalate"]
            step = chance.choice(useful if useful and chance.random() < 0.5 else every)
            became = await outcome(office, step, now, actor, main, chance)
            told = f"{step} of {now.status} at level {now.assigned.level} by {actor}: {became}"
            if became == "nothing to do":
                assert step in {"reassign", "change_type", "propose_department"}, told
            else:
                assert (became == "taken") == (step in legal), told
            if became == "taken":
                taken.add(step)
            clock.now += timedelta(hours=chance.randint(0, 12))
        assert (await verify_all(office.records.database)).ok
    assert len(taken) > 9, taken
