"""How the ports for sound are shared: citizens' calls, being told that there is no line, and a reserve.

A leg of a call, one telephone's sound, takes two ports (RTP and RTCP); a conversation has two legs. Every
citizen who gets in must find a second leg, of an executive or of the emergency number, so calls are counted
as conversations. The reserve, a fifth, is what telephones and the desk call by themselves, and a burst of
calls that are refused: Asterisk takes ports for each of them for a moment before the dialplan sees it.
"""

from dataclasses import dataclass

from dialplan.errors import DialplanError

PORTS_OF_A_LEG = 2
LEGS_OF_A_CONVERSATION = 2


@dataclass(frozen=True)
class Lines:
    """``calls``: citizens' calls at once. ``told``: beyond them, those who are answered to be told so."""

    calls: int
    told: int


def share(first: int, last: int, calls: int, told: int) -> Lines:
    """The lines that the ports ``first`` to ``last`` carry. ``calls`` 0: as many as fit.

    Of few ports a fifth at most is for being told. A number of ``calls`` of one's own may go up to a leg for
    each, when most callers are known never to talk to a person. Raises `DialplanError` for more than that.
    """
    legs = (last - first + 1) // PORTS_OF_A_LEG
    conversations = legs // LEGS_OF_A_CONVERSATION
    fitting = min(told, conversations // 5)
    most = legs - LEGS_OF_A_CONVERSATION * fitting
    if calls > most:
        raise DialplanError(
            f"calls_at_once = {calls}: rtp_first {first} to rtp_last {last} carry {most} at most, and "
            f"{conversations - fitting - conversations // 5} that may all talk: use more ports or fewer calls"
        )
    return Lines(calls or max(1, conversations - fitting - conversations // 5), fitting)
