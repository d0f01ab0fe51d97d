"""What became of a call, from what Asterisk says at its end."""

from records.call_state import Outcome

_NOBODY_TOOK_IT = {"TIMEOUT", "FULL", "JOINEMPTY", "LEAVEEMPTY", "JOINUNAVAIL", "LEAVEUNAVAIL", "WITHDRAW"}
# Q.850: no route (3), out of order (27), no circuit or resource (34 to 47), protocol errors (from 95).
_NETWORK = {3, 27, *range(34, 48), *range(95, 128)}


def outcome(queue_status: str, cause: int | None, extension: str | None) -> Outcome:
    """The outcome by the last queue's status, the Q.850 cause and who answered.

    answered: an executive took it. refused: the queues had nobody for it. failed: the network ended it.
    abandoned: the caller left before anybody answered.
    """
    if extension:
        return "answered"
    if queue_status in _NOBODY_TOOK_IT:
        return "refused"
    return "failed" if cause in _NETWORK else "abandoned"
