"""What the demo's call is about, and what came of it."""

from dataclasses import dataclass, field
from typing import Any

from helpline.phone.hearing import Heard


@dataclass(frozen=True)
class Scene:
    """What is said and written in the demo's call. The names are invented."""

    caller: str = "9826012345"
    code: str = "39"
    score: str = "5"
    citizen_name: str = "रामप्रसाद"
    place: str = "खजूरी"
    type: str = "हैंडपंप खराब"
    description: str = "गांव का हैंडपंप बीस दिन से खराब है, पानी दो किलोमीटर दूर से लाना पड़ता है।"


@dataclass
class Outcome:
    """What came of the call."""

    call_id: str
    complaint: dict[str, Any]
    heard: list[Heard] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The last line of the demo."""
        made = self.complaint
        return (
            f"complaint {made['number']}: {made['type_hi']} -> {made['level_label']} {made['post_hi']}, "
            f"{made['place_hi']}; due {made['due']}"
        )
