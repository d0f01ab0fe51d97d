"""First step: the call is put on record, and the caller hears where he is and that he is recorded.

The greeting cannot be skipped by a key: it holds the notice that the call is recorded.
"""

from __future__ import annotations

import logging

from agi import log
from agi.dialogue import Dialogue
from records import CallStart, phone


async def talk(dialogue: Dialogue) -> None:
    """Arguments 2 and 3: the caller as he arrived, the number he dialled."""
    session, centre = dialogue.session, dialogue.centre
    environment = session.environment
    caller, dialled = environment.arg(2), environment.arg(3)
    start = CallStart(
        call_id=session.call_id,
        caller_raw=caller,
        caller_e164=phone.parse(caller).e164,
        dialled=dialled,
        channel=environment.values.get("channel", ""),
        started_at=session.now(),
    )
    centre.journal.write(session.call_id, "start", lambda: centre.calls.start(start))
    log.event(logging.INFO, "call", call=session.call_id, caller=phone.mask(caller), dialled=dialled)
    await dialogue.say("greeting")
