"""The conversations that a citizen may have, by scene: what he does and hears, and where he arrives."""

from .closed import CLOSED, SHUT
from .deserted import DESERTED
from .giving_up import GIVING_UP
from .open_centre import DESK, OPEN
from .play import NUMBER, OWN, SLIP, WORDS, Play, Reached, Scene, Thread
from .waiting import BUSY, FULL

SCENES = (OPEN, BUSY, GIVING_UP, FULL, DESERTED, DESK, CLOSED, SHUT)
"""Those with the longest threads come first."""

__all__ = ["NUMBER", "OWN", "SCENES", "SLIP", "WORDS", "Play", "Reached", "Scene", "Thread"]
