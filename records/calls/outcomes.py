"""What became of a call, from what Asterisk says at its end."""

from records.calls.call_state import Outcome

_NOBODY_TOOK_IT = {"TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "JOINUNAVAIL", "LEAVEUNAVAIL", "WITHDRAW"}
# Q.850: no route (3), out of order (27), no circuit or resource (34 to 47), protocol errors (from 95).
_NETWORK = {3, 27, *range(34, 48), *range(95, 128)}


def outcome(queue_status: str, cause: int | None, extension: str | None, *, served: bool = False) -> Outcome:
    """The outcome by the last queue's status, the Q.850 cause and who answered.

    answered: an executive took it. served: the caller got what he called for without one (``served``: he was
    told how his complaint stands, or the emergency number answered; that he left a message or a wish to be
    called back `records.CallLog` knows by itself). refused: the queues had nobody for it. failed: the network
    ended it. abandoned: the caller left before any of this.
    """
    if extension:
        return "answered"
    if served:
        return "served"
    if queue_status in _NOBODY_TOOK_IT:
        return "refused"
    return "failed" if cause in _NETWORK else "abandoned"
