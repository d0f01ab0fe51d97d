"""A caller who answers whatever he is asked, however often, whoever asks: the service or the dialplan."""

from collections.abc import Mapping

from .citizen import CitizenCall
from .errors import PhoneError

ANSWERS: Mapping[str, str] = {
    "menu-complaint": "1",
    "offer-yes-no": "1",
    "ask-district": "39",
    "ask-district-again": "39",
    "ask-district-last": "39",
    "confirm-district": "1",
}
"""What is pressed when a prompt has been heard: the way to an executive of Rajgarh."""


async def answer_everything(call: CitizenCall, answers: Mapping[str, str] = ANSWERS) -> None:
    """Press the answer after each question, until the call ends or the task is cancelled."""
    known = 0

    def news() -> bool:
        return len(call.ear.heard()) > known

    while True:
        await call.ear.until(news)
        heard = call.ear.heard()[known:]
        if not heard:
            return
        known += len(heard)
        keys = next((answers[one.key] for one in reversed(heard) if one.key in answers), None)
        if keys is not None:
            try:
                await call.press(keys)
            except PhoneError:
                return
