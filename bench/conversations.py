"""Plays every conversation of a citizen against private centres: what he heard, and where he arrived.

Each call is `helpline call` in a process of its own. What was heard is recognised by listening; where he
arrived is read in the records afterwards.
"""

import asyncio
import itertools
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.conversation_plays import NUMBER, OWN, SCENES, SLIP, WORDS, Play, Scene, Thread
from bench.ivr_centre import free_ports
from bench.play_stage import EMERGENCY_ADDRESS, Crew, register
from bench.private_centre import PrivateCentre, private_centre
from dialplan.menu import MENU_FILE
from helpline.phone.sounds import voice
from helpline.phone.turns import read_wav, write_wav
from helpline.phone.voiceprint import RATE
from records import Call, phone

AT_ONCE = 5
"""Calls at the same time: each is listened to, which is most of the work."""
RECORD_SECONDS = 20.0
SILENCE_RMS = 60
_FRAME = RATE // 50
# Shorter than a centre's own, so that the bench is: what is said is the same.
SHORT = {
    "agi": {"key_seconds": 3, "confirm_seconds": 3, "waiting_seconds": 3},
    "asterisk": {"key_seconds": 3},
}
SMOKE = ("knows the code at the menu", "status, own phone")


@dataclass
class Played:
    """A play that is over."""

    scene: str
    play: Play
    heard: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reached: str = "?"
    silence: float = 0.0


def run(smoke: bool) -> str:
    """Play all of them (two with ``smoke``), print each call as it ends, and return the table."""
    played = asyncio.run(_all(SMOKE if smoke else ()))
    rows = [
        f"| {one.play.name} | {len(one.heard)} | {one.silence:.1f} s | {one.reached} | "
        f"{'; '.join(one.faults) or 'ok'} |"
        for one in played
    ]
    well = sum(not one.faults for one in played)
    return "\n".join(
        [
            "| conversation | prompts heard | longest silence | reached | |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"{well} of {len(played)} conversations went as they must.",
        ]
    )


async def _all(names: tuple[str, ...]) -> list[Played]:
    played: list[Played] = []
    for scene in SCENES:
        wanted = _only(scene, names)
        if wanted.threads:
            played += await _scene(wanted)
    return played


def _only(scene: Scene, names: tuple[str, ...]) -> Scene:
    if not names:
        return scene
    threads = [
        Thread(one.caller, tuple(play for play in one.plays if play.name in names)) for one in scene.threads
    ]
    return replace(scene, threads=tuple(one for one in threads if one.plays))


async def _scene(scene: Scene) -> list[Played]:
    with tempfile.TemporaryDirectory(prefix="h181-plays-") as folder:
        (port,) = free_ports(1)
        settings = _settings(scene, Path(folder), port)
        words = Path(folder) / "words.wav"
        write_wav(words, voice(5.0, seed=39))
        async with private_centre(**settings) as centre:
            await centre.serve()
            number = (await register(centre.records, OWN, None)).number
            slip = number[:2] + str((int(number[2]) + 1) % 10) + number[3:]
            written = {WORDS: str(words), NUMBER: number, SLIP: slip}
            playing: dict[str, Play] = {}
            crew = Crew(centre, lambda caller: caller in playing and playing[caller].complaint)
            async with crew.at_work(scene, port):
                theatre = _Theatre(scene, centre, crew, Path(folder), written, playing)
                found = await asyncio.gather(*(theatre.thread(one) for one in scene.threads))
    return list(itertools.chain.from_iterable(found))


def _settings(scene: Scene, folder: Path, port: int) -> dict[str, dict[str, object]]:
    tables: dict[str, dict[str, object]] = {name: dict(values) for name, values in SHORT.items()}
    for table, values in scene.settings.items():
        tables[table].update(values)
    if scene.emergency:
        tables["asterisk"]["trunk_contact"] = f"{EMERGENCY_ADDRESS}:{port}"
    if scene.hours:
        later = datetime.now(UTC) + timedelta(hours=5.5 + 2)
        opening = f"opening = {later:%H}:00:00\nclosing = {later + timedelta(hours=1):%H}:00:00\n"
        shut = f"[centres.39]\n{opening}"
        text = scene.hours.replace("{shut}", shut).replace("{shut-state}", f"[centres.state]\n{opening}")
        (folder / "hours.toml").write_text(text, encoding="utf-8")
        tables["asterisk"]["hours_file"] = folder / "hours.toml"
    if scene.menu:
        text = MENU_FILE.read_text(encoding="utf-8").replace('8 = "en"', scene.menu)
        (folder / "menu.toml").write_text(text, encoding="utf-8")
        tables["asterisk"]["menu_file"] = folder / "menu.toml"
    return tables


class _Theatre:
    """One running centre and those who call it."""

    def __init__(
        self,
        scene: Scene,
        centre: PrivateCentre,
        crew: Crew,
        folder: Path,
        written: dict[str, str],
        playing: dict[str, Play],
    ) -> None:
        self._scene = scene
        self._centre = centre
        self._crew = crew
        self._folder = folder
        self._written = written
        self._playing = playing
        self._places = asyncio.Semaphore(AT_ONCE)

    async def thread(self, thread: Thread) -> list[Played]:
        """Play the calls of one caller, in order."""
        played: list[Played] = []
        for play in thread.plays:
            await asyncio.sleep(play.delay)
            async with self._places:
                self._playing[thread.caller] = play
                one = await self._play(thread.caller, play, len(played))
            self._print(one)
            played.append(one)
        return played

    async def _play(self, caller: str, play: Play, before: int) -> Played:
        played = Played(self._scene.name, play)
        emergencies = self._crew.emergencies
        happenings = await self._call(caller, play, played)
        heard = [one for one in happenings if one["event"] in {"heard", "cut"}]
        played.heard = [one["what"] for one in heard]
        spoken = spoken_spans([(one["what"], one["at"], one["until"]) for one in heard])
        person = any(one["event"] == "person" for one in happenings)
        played.silence = longest_silence(read_wav(self._sound(caller)), spoken)
        rest = iter(played.heard)
        missing = next((key for key in play.hears if key not in rest), None)
        if missing is not None:
            played.faults.append(f"{missing} not heard in its place")
        played.faults += [f"{key} heard" for key in play.never if key in played.heard]
        rescued = self._crew.emergencies > emergencies
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
        out, said = await process.communicate()
        happenings: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
        happenings.sort(key=lambda one: float(one["at"]))
        played.lines = [f"{one['at']:6.1f} s  {one['event']:<9} {one.get('what', '')}" for one in happenings]
        if process.returncode:
            played.faults.append((said.decode().splitlines() or ["helpline call failed"])[-1])
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
        if any(one.call_id == call.call_id for one in await records.drafts.open(100)):
            return "message"
        if any(one.call_id == call.call_id for one in await records.callbacks.open(100)):
            return "callback"
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

    def _print(self, one: Played) -> None:
        print(f"\n{one.play.name} [{self._scene.name}]")
        print("\n".join(f"  {line}" for line in one.lines))
        print(
            f"  -> {one.reached}, longest silence {one.silence:.1f} s: {'; '.join(one.faults) or 'ok'}",
            flush=True,
        )


def spoken_spans(heard: Sequence[tuple[str, float, float]]) -> list[tuple[float, float]]:
    """When the caller himself speaks, out of prompts with their first and last second: after each beep."""
    starts = [start for _, start, _ in heard]
    return [
        (end, starts[at + 1] if at + 1 < len(starts) else float("inf"))
        for at, (key, _, end) in enumerate(heard)
        if key.endswith("beep")
    ]


def longest_silence(recording: np.ndarray, spoken: list[tuple[float, float]]) -> float:
    """Seconds of the longest stretch without a sound; not counted while the caller himself speaks."""
    count = len(recording) // _FRAME
    frames = recording[: count * _FRAME].reshape(-1, _FRAME).astype(np.float32)
    quiet = np.sqrt((frames**2).mean(axis=1)) < SILENCE_RMS
    for begin, end in spoken:
        quiet[int(begin * 50) : int(min(end, count / 50) * 50) + 1] = False
    return max((len(run) for run in _runs(quiet)), default=0) / 50


def _runs(flags: np.ndarray) -> Iterator[list[bool]]:
    for value, group in itertools.groupby(flags.tolist()):
        if value:
            yield list(group)
