"""How long each way takes from the answer to the ring of the executive's telephone: one real call at a time.

Who hears all presses a key when its question has been spoken to its end; the others as soon as it begins.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bench.conversations import told
from bench.load import Stopwatch
from bench.play_stage import RING_SECONDS
from bench.private_centre import PrivateCentre, private_centre
from helpline.phone.citizen import Citizen, CitizenCall
from helpline.phone.errors import PhoneError
from helpline.phone.executive import Executive
from helpline.phone.prompts import centre_prompts
from helpline.phone.sounds import voice
from helpline.phone.villager import ANSWERS, answer_everything
from records import phone

CALL_SECONDS = 120.0
_RECORD_SECONDS = 20.0
_ENGLISH = {f"en/{key}": keys for key, keys in ANSWERS.items()}
_AFTER = ("status", "rate", "message", "complaint", "callback", "waiting", "wrong", "closed")
_QUICK = (("language-hint", "1"), ("", "39"))
_AT_ONCE_SECONDS = 0.5


@dataclass(frozen=True)
class Way:
    """One call. ``turns``: at the beginning of which prompts he presses, in order; "": half a second later.

    ``answers``: what he presses at the end of a prompt, after his turns.
    """

    name: str
    turns: Sequence[tuple[str, str]] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    caller: str = ""
    number: str = "181"
    known: bool = False
    """He has called before: the row above with his number."""
    state: bool = False
    """The executive is one of the state's."""


WAYS = (
    Way("hears all", answers=ANSWERS),
    Way("types 39 at once", (("", "39"),)),
    Way("types 39 in the greeting", (("greeting", "39"),)),
    Way("types 39 at the menu", (("language-hint", "39"),)),
    Way("presses 1, then 39", _QUICK, caller="9826070001"),
    Way("known caller, hears all", answers=ANSWERS, caller="9826070001", known=True),
    Way(
        "known caller, presses 1 and 1",
        (("language-hint", "1"), ("offer-yes-no", "1")),
        caller="9826070001",
        known=True,
    ),
    Way("landline offered, hears all", answers=ANSWERS, caller="07372255555"),
    Way("English, hears all", (("greeting", "8"),), _ENGLISH, caller="9826070002"),
    Way("English, known, hears all", answers=_ENGLISH, caller="9826070002", known=True),
    Way("direct number, hears all", answers=ANSWERS, number="07372181"),
    Way("state operator, 0 at the menu", (("language-hint", "0"),), state=True),
)


@dataclass
class Timed:
    """What came of a way."""

    way: Way
    service: bool
    ring: float | None = None
    """Seconds from the answer until the executive's telephone rang."""
    heard: list[str] = field(default_factory=list)
    """Prompts until somebody answered; a part of one with an ellipsis."""


def run(smoke: bool, only: Sequence[str] = ()) -> str:
    """Call each way, with and without the service (one with ``smoke``), and return the table.

    ``only``: ways by name. Raises ValueError for a name that is none.
    """
    names = [way.name for way in WAYS]
    for name in only:
        if name not in names:
            raise ValueError(f"no way {name!r}: give one of {', '.join(names)}")
    stopwatch = Stopwatch()
    ways = [way for way in WAYS if way.name in (only or names[: 1 if smoke else len(names)])]
    timed = asyncio.run(_all(ways, without=not smoke))
    rows = [
        f"| {one.way.name} | {'yes' if one.service else 'no'} "
        f"| {'never' if one.ring is None else f'{one.ring:.1f} s'} | {told(one.heard)} |"
        for one in timed
    ]
    head = ("| way | service | until it rings | what he heard |", "| --- | --- | ---: | --- |")
    return "\n".join([*head, *rows, "", f"{stopwatch.told()}."])


async def _all(ways: Sequence[Way], *, without: bool) -> list[Timed]:
    async with contextlib.AsyncExitStack() as kept:
        centre = await kept.enter_async_context(private_centre())
        await centre.serve()
        citizen = await kept.enter_async_context(Citizen(_prompts()))
        executive = await kept.enter_async_context(centre.executive("2001"))
        timed = [await _timed(centre, citizen, executive, way, service=True) for way in ways]
        if without:
            await centre.stop()
            # Only the service knows who has called before.
            rest = [way for way in ways if not way.known]
            timed += [await _timed(centre, citizen, executive, way, service=False) for way in rest]
        return timed


def _prompts() -> Mapping[str, npt.NDArray[np.int16]]:
    """Those that may be heard on the way: each one more is work for the listener, who must keep up."""
    sounds = centre_prompts("en").sounds
    names = ("district/rajgarh", "digit/3", "digit/9", "en/digit/3", "en/digit/9")
    return {
        key: sound
        for key, sound in sounds.items()
        if key in names
        or ("/" not in key.removeprefix("en/") and not key.removeprefix("en/").startswith(_AFTER))
    }


async def _timed(
    centre: PrivateCentre, citizen: Citizen, executive: Executive, way: Way, *, service: bool
) -> Timed:
    queue = "state" if way.state else "district-39"
    await centre.exchange.cli(f"queue add member PJSIP/2001 to {queue}")
    timed = Timed(way, service)
    caller = way.caller or f"98260{71000 + WAYS.index(way)}"
    clock = asyncio.get_running_loop().time
    call = await citizen.call(way.number, caller=caller, via=centre.sip)
    await call.answered(within=10)
    answered = clock()
    pressing = asyncio.create_task(_press(call, way))
    try:
        leg = await executive.called(within=CALL_SECONDS)
        timed.ring = clock() - answered
        await asyncio.sleep(RING_SECONDS)
        await leg.answer()
        await leg.answered(within=10)
        picked_up = len(call.recording()) / 8000
        leg.say(voice(1.0, seed=39))
        await leg.said(within=10)
    except PhoneError:
        picked_up = len(call.recording()) / 8000
    finally:
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)
        await call.hang_up()
    heard = [one for one in await call.heard() if one.start_s < picked_up]
    timed.heard = [one.key if one.complete else f"{one.key} …" for one in heard]
    await centre.exchange.cli(f"queue remove member PJSIP/2001 from {queue}")
    if service and way.caller:
        await _on_record(centre, caller)
    print(
        f"{way.name}, {'with' if service else 'without'} the service: {timed.ring} {timed.heard}", flush=True
    )
    return timed


async def _press(call: CitizenCall, way: Way) -> None:
    for cue, keys in way.turns:
        if cue:
            await call.hears(cue, within=CALL_SECONDS)
        else:
            await asyncio.sleep(_AT_ONCE_SECONDS)
        await call.press(keys)
    await answer_everything(call, way.answers)


async def _on_record(centre: PrivateCentre, caller: str) -> None:
    """Until the number's next call is one of somebody known: another process writes, and tells nobody."""
    e164 = phone.parse(caller).e164
    async with asyncio.timeout(_RECORD_SECONDS):
        while all(  # noqa: ASYNC110
            one.caller_e164 != e164 or not one.outcome for one in await centre.records.calls.recent(3)
        ):
            await asyncio.sleep(0.2)
