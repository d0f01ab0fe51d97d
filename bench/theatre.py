"""Plays the calls of one scene on its running centre: what each caller heard, and where he arrived.

Each call is `helpline call` in a process of its own. What was heard is recognised by listening; where he
arrived is read in the records afterwards.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.play_stage import Crew, left
from bench.plays import Play, Scene, Thread
from bench.private_centre import PrivateCentre
from bench.silence import longest_silence, spoken_spans
from helpline.phone.turns import read_wav
from records import Call, phone

RECORD_SECONDS = 20.0
_TWICE_SECONDS = 0.5
_PROMPT_EVENTS = {"heard", "cut"}


@dataclass
class Played:
    """A play that is over."""

    scene: str
    play: Play
    heard: list[str] = field(default_factory=list)
    """Prompts, in order."""
    transcript: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reached: str = "?"
    silence: float = 0.0
    load: float = 0.0
    """The machine's load average when the call was over."""


class Theatre:
    """One running centre and those who call it. ``written``: what stands for the marks in turns.

    ``playing`` is kept up to date with the play of each caller.
    """

    def __init__(
        self,
        scene: Scene,
        centre: PrivateCentre,
        crew: Crew,
        folder: Path,
        written: Mapping[str, str],
        playing: dict[str, Play],
    ) -> None:
        self._scene = scene
        self._centre = centre
        self._crew = crew
        self._folder = folder
        self._written = written
        self._playing = playing

    async def thread(self, thread: Thread) -> list[Played]:
        """Play the calls of one caller, in order."""
        played: list[Played] = []
        for play in thread.plays:
            await asyncio.sleep(play.delay)
            self._playing[thread.caller] = play
            one = await self._play(thread.caller, play, len(played))
            one.load = os.getloadavg()[0]
            _print(one)
            played.append(one)
        return played

    async def _play(self, caller: str, play: Play, before: int) -> Played:
        played = Played(self._scene.name, play)
        happenings = await self._call(caller, play, played)
        prompts = _once([one for one in happenings if one["event"] in _PROMPT_EVENTS])
        person = any(one["event"] == "person" for one in happenings)
        played.heard = [one["what"] for one in prompts]
        if self._sound(caller).exists():
            spoken = spoken_spans([(one["what"], one["at"], one["until"]) for one in prompts])
            played.silence = longest_silence(read_wav(self._sound(caller)), spoken)
        played.faults += unheard(play, played.heard)
        rescued = caller in self._crew.rescued
        played.reached = await self._reached(caller, before, person=person, rescued=rescued)
        if played.reached != play.reached:
            played.faults.append(f"not where he should arrive: {play.reached}")
        return played

    async def _call(self, caller: str, play: Play, played: Played) -> list[dict[str, Any]]:
        """Live the call; its happenings in order of time."""
        host, _, sip_port = self._centre.sip.partition(":")
        turns = [argument for turn in play.turns for argument in ("--press", self._fill(turn))]
        english = any(key.startswith("en/") for key in play.hears)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from helpline.main import main; main()"),
            *("call", play.number, "--from", caller, "--json", "--seconds", str(play.seconds)),
            *("--host", host, "--port", sip_port, "--save", str(self._sound(caller)), *turns),
            *(("--language", "en") if english else ()),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, said = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        told: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
        happenings = sorted((one for one in told if "event" in one), key=lambda one: float(one["at"]))
        played.transcript = [
            f"{one['at']:6.1f} s  {one['event']:<9} {one.get('what', '')}" for one in happenings
        ]
        if process.returncode:
            errors = [one["error"] for one in told if "error" in one]
            played.faults.append((errors or said.decode().splitlines() or ["helpline call failed"])[-1])
        return happenings

    def _sound(self, caller: str) -> Path:
        return self._folder / f"{caller}.wav"

    def _fill(self, turn: str) -> str:
        for mark, value in self._written.items():
            turn = turn.replace(mark, value)
        return turn

    async def _reached(self, caller: str, before: int, *, person: bool, rescued: bool) -> str:
        """Where the records say the call ended."""
        try:
            call = await self._record(caller, before)
        except TimeoutError:
            return "not on record"
        records = self._centre.records
        if call.outcome == "answered":
            return "person" if person else "a person, unheard"
        if thing := await left(records, call.call_id):
            return thing
        if call.outcome == "served":
            return "112" if rescued else "told"
        if call.outcome == "abandoned" and call.last_step is not None:
            return "gave up"
        return str(call.outcome)

    async def _record(self, caller: str, before: int) -> Call:
        """The call on record once its end is: another process writes, and tells nobody."""
        e164 = phone.parse(caller).e164
        async with asyncio.timeout(RECORD_SECONDS):
            while True:
                calls = [
                    one for one in await self._centre.records.calls.recent(200) if one.caller_e164 == e164
                ]
                if len(calls) > before and calls[0].outcome is not None:
                    return calls[0]
                await asyncio.sleep(0.2)


def _once(prompts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what was recognised twice: a tone fits itself a period later too."""
    kept: list[dict[str, Any]] = []
    for one in prompts:
        again = kept and kept[-1]["what"] == one["what"] and one["at"] - kept[-1]["at"] < _TWICE_SECONDS
        if not again:
            kept.append(one)
    return kept


def unheard(play: Play, heard: list[str]) -> list[str]:
    """What is wrong with these prompts, in words: one not there in its order, those not to be heard."""
    rest = iter(heard)
    missing = next((key for key in play.hears if key not in rest), None)
    faults = [] if missing is None else [f"{missing} not heard in its place"]
    return faults + [f"{key} heard" for key in play.never if key in heard]


def _print(one: Played) -> None:
    """In one piece: other scenes print too."""
    lines = "\n".join(f"  {line}" for line in one.transcript)
    print(
        f"\n{one.play.name} [{one.scene}]\n{lines}\n"
        f"  -> {one.reached}, longest silence {one.silence:.1f} s, load {one.load:.1f}: "
        f"{'; '.join(one.faults) or 'ok'}",
        flush=True,
    )
