"""A closed centre without the AGI service: callers hear when it opens, as the service would tell them."""

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from dialplan.generate_hours import hours_contexts
from dialplan.hours import INDIA, Hours, parse_hours
from ivr_prompts.speech import time_keys
from tests.dialplan.asterisk_fixture import PrivateCentre
from tests.dialplan.conversation import heard, no_channels
from tests.dialplan.sip_phone import Phone

pytestmark = pytest.mark.call

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours(now: datetime, *, begins: int, days: set[int], closed: set[int], state: bool) -> Hours:
    """Those of Rajgarh for an hour, `begins` hours from now on; `days` and `closed` count from today."""
    opening = (now + timedelta(hours=begins)).hour
    weekdays = [DAYS[(now.weekday() + day) % 7] for day in sorted(days)]
    dates = ", ".join(f"{now.date() + timedelta(days=day)}" for day in sorted(closed))
    text = (
        f"[centres.39]\ndays = {weekdays}\nclosed = [{dates}]\n"
        f"opening = {opening:02}:00:00\nclosing = {(opening + 1) % 24:02}:00:00\n"
    )
    if state:
        text += f"[centres.state]\nopening = {opening:02}:30:00\nclosing = {opening:02}:31:00\n"
    return parse_hours(tomllib.loads(text))


EVERY_DAY = set(range(7))


@pytest.mark.parametrize(
    ("begins", "days", "closed", "state"),
    [
        (2, EVERY_DAY, set[int](), False),
        (-3, EVERY_DAY, set[int](), False),
        (2, EVERY_DAY, {0}, False),
        (2, EVERY_DAY, {1}, False),
        (-3, EVERY_DAY, {0}, False),
        (-3, EVERY_DAY, {1}, False),
        (-3, {0}, set[int](), False),
        (2, {2, 3}, set[int](), False),
        (0, EVERY_DAY, {0, 1}, False),
        (2, EVERY_DAY, set[int](), True),
    ],
)
async def test_when_it_opens_is_said_as_by_the_service(
    centre: PrivateCentre, citizen: Phone, begins: int, days: set[int], closed: set[int], state: bool
) -> None:
    now = datetime.now(UTC)
    table = hours(now.astimezone(INDIA), begins=begins, days=days, closed=closed, state=state)
    (centre.runtime / "etc" / "generated" / "hours.conf").write_text(hours_contexts(table), encoding="utf-8")
    await centre.asterisk.cli("dialplan reload")
    call = await citizen.call("07372181")
    await call.hears(centre.prompts["language-hint"][:320])
    await call.press("1")
    await call.hears(centre.prompts["message-intro" if state else "to-state-operator"])
    opens = table.opens_next("39", now)
    soon = opens is not None and opens - now <= timedelta(hours=24)
    said = ["closed-opens-at", *time_keys(opens.astimezone(INDIA).time())] if opens and soon else []
    told = ["closed-now", *said, "message-intro" if state else "to-state-operator"]
    assert heard(centre, call)[2:] == told
    await call.hang_up()
    await no_channels(centre)
