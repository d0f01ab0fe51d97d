"""Third step: the queue that the call goes to. What is closed is said here.

With whom he is being connected is said by the first words of the waiting music (extensions.d/waiting.conf),
while the telephone rings already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from agi.dialogue import Dialogue, prompt
from dialplan import variables
from ivr_prompts.speech import time_keys
from records.clock import INDIA


async def talk(dialogue: Dialogue) -> None:
    """Leaves H181_QUEUE: the district's own queue while its centre is open, else the state's.

    When the state's operators have hours too and are closed, H181_NEXT is "message". Both are set before
    anything is said, so that the decision stands if the caller is quick to hang up.
    """
    session, centre = dialogue.session, dialogue.centre
    code = dialogue.district
    district = centre.districts.by_code(code) if code else None
    # Also when a direct number or the dialplan's own menu chose it, and the district step was not asked.
    known = district.code if district is not None else None
    centre.journal.write(session.call_id, "district", centre.calls.set_district, session.call_id, known)
    now = session.now()
    local = district is not None and district.has_centre
    here = district is not None and local and _is_open(dialogue, district.code, now)
    queue = (
        variables.district_queue(district.code) if district is not None and here else variables.STATE_QUEUE
    )
    closed = local and not here
    nobody = not here and not _is_open(dialogue, variables.STATE_QUEUE, now)
    following = variables.NEXT_MESSAGE if nobody else ""
    await session.set_variables({variables.QUEUE: queue, variables.NEXT: following})
    dialogue.note("route", queue=queue, closed=closed, message=nobody)
    if closed and district is not None:
        await dialogue.say("closed-now", *_opening(dialogue, district.code, now))
    elif nobody:
        await dialogue.say("closed-now", *_opening(dialogue, variables.STATE_QUEUE, now))


def _is_open(dialogue: Dialogue, code: str, now: datetime) -> bool:
    hours = dialogue.centre.hours
    return hours is None or hours.is_open(code, now)


def _opening(dialogue: Dialogue, code: str, now: datetime) -> Sequence[str]:
    """When it opens again, in words: the time of the day, told only when it is within a day."""
    hours = dialogue.centre.hours
    opens = hours.opens_next(code, now) if hours is not None else None
    if opens is None or not timedelta(0) < opens - now <= timedelta(hours=24):
        return []
    language = dialogue.session.environment.values.get("language", "hi")
    return [prompt("closed-opens-at"), *time_keys(opens.astimezone(INDIA).time(), language)]
