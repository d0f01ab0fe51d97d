"""Where a caller gave up, in words a supervisor understands. Pure."""

from typing import Literal

from records import Call

Place = Literal[
    "greeting", "menu", "district", "queue", "ringing", "message", "status", "after", "emergency", "unknown"
]

_BY_STEP: dict[str, Place] = {
    "queue": "queue",
    "route": "queue",
    "waiting": "queue",
    "district": "queue",
    "ringing": "ringing",
    "recorded": "message",
    "listened": "message",
    "message": "message",
    "complaint-told": "status",
    "callback": "after",
    "rating": "after",
    "service": "menu",
    "language": "menu",
    "offer": "district",
    "emergency": "emergency",
    "way": "emergency",
    "emergency-failed": "emergency",
}
_BY_PROMPT: dict[str, Place] = {
    "greeting": "greeting",
    "emergency": "greeting",
    "emergency-connecting": "emergency",
    "language": "greeting",
    "menu": "menu",
    "ask": "district",
    "wrong": "menu",
    "wrong-code": "district",
    "you": "district",
    "confirm": "district",
    "offer": "district",
    "list": "district",
    "code": "district",
    "district": "district",
    "connecting": "queue",
    "to": "queue",
    "queue": "queue",
    "waiting": "queue",
    "all": "queue",
    "closed": "queue",
    "nobody": "message",
    "message": "message",
    "beep": "message",
    "status": "status",
    "complaint": "after",
    "no": "after",
    "rate": "after",
    "thanks": "after",
    "callback": "after",
}
"""By the key of the last prompt he heard, or by its first word."""


def where(call: Call) -> tuple[Place, str]:
    """The part of the conversation in which he hung up, and the prompt he heard last ("" for none)."""
    step = call.last_step
    if step is None:
        return "unknown", ""
    if step.kind in {"prompt", "key"}:
        heard = str(step.detail.get("prompt") or "").split()
        sentence = next((key for key in reversed(heard) if "/" not in key), "")
        # Of the centre's own district the name alone is said.
        word = sentence or "".join(heard[-1:]).partition("/")[0]
        place = _BY_PROMPT.get(word) or _BY_PROMPT.get(word.split("-")[0], "unknown")
        return place, sentence
    return _BY_STEP.get(step.kind, "unknown"), ""
