"""Third step: the queue that the call goes to, and a word to the caller before the music starts."""

from __future__ import annotations

from agi.dialogue import Dialogue
from dialplan import variables


async def talk(dialogue: Dialogue) -> None:
    """Leaves H181_QUEUE: the district's own queue when it has a centre, else the state's.

    It is set before anything is said, so that the decision stands if the caller is quick to hang up.
    """
    session, centre = dialogue.session, dialogue.centre
    code = await session.get_variable(variables.DISTRICT)
    district = centre.districts.by_code(code) if code else None
    # Also when a direct number or the dialplan's own menu chose it, and the district step was not asked.
    known = district.code if district is not None else None
    centre.journal.write(
        session.call_id, "district", lambda: centre.calls.set_district(session.call_id, known)
    )
    local = district is not None and district.has_centre
    queue = (
        variables.district_queue(district.code) if district is not None and local else variables.STATE_QUEUE
    )
    await session.set_variable(variables.QUEUE, queue)
    dialogue.note("route", queue=queue)
    if local:
        await dialogue.say("connecting")
    else:
        await dialogue.say("to-state-operator")
