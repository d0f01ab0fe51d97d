"""Last step, on a dead channel: how the call ended goes into records. Nobody hears it."""

from __future__ import annotations

from datetime import timedelta

from agi.dialogue import Dialogue
from agi.errors import AgiError
from agi.recorded import on_disk
from agi.session import Session
from dialplan import variables
from records.calls.outcomes import outcome
from records.calls.recordings import read_begun

_DIAL_STATUS = "DIALSTATUS"
_ANSWERED = "ANSWER"
_STATUS_SERVICE = "status"


async def talk(dialogue: Dialogue) -> None:
    """Arguments 4 to 10: queue status, hangup cause, member, queue, answered seconds, recording, talks.

    Here the writes are waited for, shortly: no caller listens, and H181_DONE is to mean that they are
    stored, at least in the spool. Raises AgiError when they are not; slow ones go on in the background. A
    recording is told only when its file is there.
    """
    session, centre = dialogue.session, dialogue.centre
    status, cause_text, member, queue, seconds_text, recording = (
        session.environment.arg(n) for n in range(4, 10)
    )
    cause = int(cause_text) if cause_text.isdecimal() else None
    seconds = int(seconds_text) if seconds_text.isdecimal() else 0
    talks = list(read_begun(session.environment.arg(10)))
    # Who went back to the queue and gave up there had talked before.
    before = talks[-1].extension if talks else ""
    extension = member.partition("/")[2].partition("-")[0] or before
    call_id, now = session.call_id, session.now()
    # Whoever was led to a queue after all had not got what he called for.
    served = not extension and not queue and await _served(session)
    result = outcome(status, cause, extension, served=served)
    dialogue.note(
        "hangup", cause=cause, queue_status=status, member=member, queue=queue, answered_seconds=seconds
    )
    if extension and not talks:
        answered_at = now - timedelta(seconds=seconds)
        centre.journal.write(call_id, "answered", centre.calls.answered, call_id, extension, answered_at)
    for one in talks:
        centre.journal.write(call_id, "answered", centre.calls.answered, call_id, one.extension, one.at)
    files = [file for file in (recording, *(one.file for one in talks[1:])) if file]
    there = await on_disk(centre.recordings, files, centre.settings.recording_seconds)
    # The first that is there is the call's recording, the others beside it.
    for one in talks[1:]:
        if one.file in there[1:]:
            told = (call_id, one.extension, one.file, one.at)
            centre.journal.write(call_id, "recorded", centre.calls.recorded, *told)
    centre.journal.write(
        call_id,
        "ended",
        centre.calls.ended,
        call_id,
        now,
        cause=cause,
        outcome=result,
        recording=there[0] if there else None,
    )
    if not await centre.journal.flush(call_id, centre.settings.ended_seconds):
        raise AgiError("the end of the call is not on record yet: look for record-failed in this log")


async def _served(session: Session) -> bool:
    """Whether he was told how his complaint stands, or the emergency number answered.

    Without an answer of Asterisk: no. The end of the call goes on record all the same.
    """
    try:
        following = await session.get_variable(variables.NEXT)
        if following == variables.NEXT_END:
            return await session.get_variable(variables.SERVICE) == _STATUS_SERVICE
        if following == variables.NEXT_EMERGENCY:
            return await session.get_variable(_DIAL_STATUS) == _ANSWERED
    except AgiError:
        pass
    return False
