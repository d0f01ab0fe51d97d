"""Last step, on a dead channel: how the call ended goes into records. Nobody hears it."""

from __future__ import annotations

from datetime import timedelta

from agi.dialogue import Dialogue
from agi.errors import AgiError
from records import Outcome

_NOBODY_TOOK_IT = {"TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "JOINUNAVAIL", "LEAVEUNAVAIL", "WITHDRAW"}
# Q.850: no route (3), out of order (27), no circuit or resource (34 to 47), protocol errors (from 95).
_NETWORK = {3, 27, *range(34, 48), *range(95, 128)}


async def talk(dialogue: Dialogue) -> None:
    """Arguments 4 to 9: queue status, hangup cause, member, queue, answered seconds, recording.

    Here the writes are waited for, shortly: no caller listens, and H181_DONE is to mean that they are
    stored, at least in the spool. Raises AgiError when they are not; slow ones go on in the background.
    """
    session, centre = dialogue.session, dialogue.centre
    status, cause_text, member, queue, seconds_text, recording = (
        session.environment.arg(n) for n in range(4, 10)
    )
    cause = int(cause_text) if cause_text.isdecimal() else None
    seconds = int(seconds_text) if seconds_text.isdecimal() else 0
    extension = member.partition("/")[2].partition("-")[0]
    call_id, now = session.call_id, session.now()
    result = outcome(status, cause, extension)
    dialogue.note(
        "hangup", cause=cause, queue_status=status, member=member, queue=queue, answered_seconds=seconds
    )
    if extension:
        answered_at = now - timedelta(seconds=seconds)
        centre.journal.write(call_id, "answered", centre.calls.answered, call_id, extension, answered_at)
    centre.journal.write(
        call_id,
        "ended",
        centre.calls.ended,
        call_id,
        now,
        cause=cause,
        outcome=result,
        recording=recording or None,
    )
    if not await centre.journal.flush(call_id, centre.settings.ended_seconds):
        raise AgiError("the end of the call is not on record yet: look for record-failed in this log")


def outcome(status: str, cause: int | None, extension: str) -> Outcome:
    """What became of a call.

    answered: an executive took it. refused: the queues had nobody for it. failed: the network ended it.
    abandoned: the caller left before anybody answered.
    """
    if extension:
        return "answered"
    if status in _NOBODY_TOOK_IT:
        return "refused"
    return "failed" if cause in _NETWORK else "abandoned"
