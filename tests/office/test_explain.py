"""Why a complaint went where it went: the same answer whatever the directory says since."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpline.app import App
from mapper import DirectoryError
from office import Editions
from office.explaining import explained
from office.look import look
from records.life.steps import Actor
from tests.helpline.conftest import publish
from tests.office.office_sheets import COLLECTOR, SDO, TEHSILDAR
from tests.office.test_office import FORM, SITA, Calendar, opened, post

SLOWER = {"*,*,7,": "*,*,9,", "REVENUE,2,any,subdivision,SDO-REVENUE": "REVENUE,2,any,district,REVENUE-L3"}
"""Nine days a level, and no sub-divisional officer."""


async def test_each_decision_by_the_edition_of_its_time(app: App, tmp_path: Path) -> None:
    clock = Calendar()
    async with opened(app, clock) as office:
        number = (await office.register(SITA, FORM)).number
        await office.propose(number, post(TEHSILDAR), "हो गया")
        before = explained(await office.records.complaints.events(number), office.editions)
        publish(app.directory, tmp_path / "second", SLOWER)
        clock.day(2)
        await office.ask(number, SITA, "not_satisfied")
        after = explained(await office.records.complaints.events(number), Editions(app.directory))
    assert after[:1] == before, "the first answer is the same to the letter"
    first, second = after
    assert (first.assigned.edition, first.assigned.post_id, str(first.assigned.due)) == (
        "1", TEHSILDAR, "2026-11-09",
    )  # fmt: skip
    assert (second.assigned.edition, second.assigned.post_id, str(second.assigned.due)) == (
        "2", COLLECTOR, "2026-11-13",
    )  # fmt: skip
    assert all(decision.agrees for decision in after)
    assert first.explained is not None
    assert second.explained is not None
    assert second.explained.escalation == "automatic"
    assert ("*/leaving L1", "won") in [(tried.rule, tried.outcome) for tried in second.explained.tried]
    assert first.explained.tried[0].outcome == f"won: {TEHSILDAR}"


async def test_what_was_decided_by_hand_is_told_apart(app: App, tmp_path: Path) -> None:
    clock = Calendar()
    async with opened(app, clock) as office:
        number = (await office.register(SITA, FORM)).number
        administrator = Actor("anil", "administrator")
        with pytest.raises(Exception, match="has already"):
            await office.reassign(number, administrator, "WRONG-OFFICER")
        publish(app.directory, tmp_path / "second", {"*,*,7,": "*,*,9,"})
        clock.day(3)
        moved = await office.reassign(number, administrator, "NEW-EDITION")
        decisions = explained(await office.records.complaints.events(number), office.editions)
    assert str(moved.assigned.due) == "2026-11-11", "nine days from the day it came to this level"
    assert [(each.assigned.edition, each.agrees) for each in decisions] == [("1", True), ("2", True)]


async def test_a_missing_edition_says_how_it_is_mended(app: App, tmp_path: Path) -> None:
    async with opened(app, Calendar()) as office:
        number = (await office.register(SITA, FORM)).number
        publish(app.directory, tmp_path / "second", SLOWER)
        (app.directory / "edition-1.sqlite").rename(tmp_path / "moved")
        with pytest.raises(DirectoryError, match=r"edition 1 is missing.*backup"):
            explained(await office.records.complaints.events(number), Editions(app.directory))


async def test_a_complaint_goes_on_when_its_type_is_gone(app: App, tmp_path: Path) -> None:
    clock = Calendar()
    async with opened(app, clock) as office:
        number = (await office.register(SITA, FORM)).number
        publish(app.directory, tmp_path / "second", {"\nREVENUE-01,": "\nREVENUE-91,"})
        assert "REVENUE-01" not in (await office.edition()).types
        await office.propose(number, post(TEHSILDAR), "हो गया")
        moved = await office.ask(number, SITA, "not_satisfied")
        assert (moved.assigned.post_id, moved.assigned.edition) == (SDO, "1")
        await office.attend(number, post(SDO), "देखा")
        assert "send-up" not in (await look(office, number)).turns[0].steps
        other = (await office.register(SITA, replace(FORM, type_code="REVENUE-91"))).number
        changed = await office.change_type(other, post(TEHSILDAR), "REVENUE-02", "WRONG-TYPE")
        assert changed.assigned.edition == "2"
