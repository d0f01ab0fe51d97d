"""Prints every prompt that the citizen heard, recognised from the sound alone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from helpline.demo.transcript import Transcript
from helpline.phone.citizen import CitizenCall
from helpline.phone.hearing import Heard
from ivr_prompts import Catalogue

PERSON = "person/executive"
"""Key under which the executive's own voice is recognised in what the citizen heard."""


@contextlib.asynccontextmanager
async def reporting(call: CitizenCall, transcript: Transcript, catalogue: Catalogue) -> AsyncIterator[None]:
    """Print what the citizen hears as long as the context lasts; leaving waits for the end of the call."""
    task = asyncio.create_task(_report(call, transcript, catalogue), name="demo-report")
    try:
        yield
        await task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _report(call: CitizenCall, transcript: Transcript, catalogue: Catalogue) -> None:
    """Print every prompt when it was heard to its end, and the digits of a number on one line."""
    offset = transcript.elapsed
    told = 0
    digits: list[Heard] = []

    def news() -> bool:
        return len(call.ear.heard()) > told

    while True:
        await call.ear.until(news)
        heard = call.ear.heard()[told:]
        if not heard:
            break
        told += len(heard)
        for one in heard:
            if one.key.startswith("digit/"):
                digits.append(one)
                continue
            _print_digits(digits, transcript, offset)
            _print(one, transcript, catalogue, offset)
    _print_digits(digits, transcript, offset)


def _print(one: Heard, transcript: Transcript, catalogue: Catalogue, offset: float) -> None:
    text = "the executive's voice" if one.key == PERSON else f"«{catalogue[one.key].text}»"
    cut = "" if one.complete else f" (broken off after {one.end_s - one.start_s:.1f} s)"
    transcript.line(
        "citizen", f"hears {one.key}: {text}{cut}", span=(offset + one.start_s, offset + one.end_s)
    )


def _print_digits(digits: list[Heard], transcript: Transcript, offset: float) -> None:
    if digits:
        spoken = " ".join(one.key.removeprefix("digit/") for one in digits)
        span = (offset + digits[0].start_s, offset + digits[-1].end_s)
        transcript.line("citizen", f"hears the digits {spoken}", span=span)
        digits.clear()
