"""Plays every conversation of a citizen against private centres: what he heard, and where he arrived.

Scenes share a number of lines: a scene begins when it has as many as it needs, so that calls go on all the
time. Each scene is a centre of its own, set up and ended with it.
"""

import asyncio
import contextlib
import itertools
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.ivr_centre import free_ports
from bench.play_stage import EMERGENCY_ADDRESS, Crew, register
from bench.plays import NUMBER, OWN, SCENES, SLIP, WORDS, Play, Scene, Thread
from bench.private_centre import private_centre
from bench.theatre import Played, Theatre
from dialplan.menu import MENU_FILE
from helpline.phone.sounds import voice
from helpline.phone.turns import write_wav

AT_ONCE = 8
"""Calls at the same time: on 2 cores with nothing else at work, each prompt is still heard whole."""
# Shorter than a centre's own, so that the bench is: what is said is the same.
SHORT = {
    "agi": {"key_seconds": 4, "confirm_seconds": 4, "waiting_seconds": 4},
    "asterisk": {"key_seconds": 4},
}
SMOKE = ("knows the code at the menu", "status, own phone")


def run(smoke: bool, only: Sequence[str] = ()) -> str:
    """Play all of them (two with ``smoke``), print each call as it ends, and return the table.

    ``only``: scenes and conversations by name. Raises ValueError for a name that is none.
    """
    names = {name for scene in SCENES for name in (scene.name, *_names(scene))}
    for name in only:
        if name not in names:
            scenes = ", ".join(scene.name for scene in SCENES)
            raise ValueError(f"no conversation {name!r}: give a scene ({scenes}) or a conversation's name")
    began = time.monotonic()
    played = asyncio.run(_all(only or (SMOKE if smoke else ())))
    return _table(played, time.monotonic() - began)


def _names(scene: Scene) -> list[str]:
    return [play.name for thread in scene.threads for play in thread.plays]


def _table(played: Sequence[Played], seconds: float) -> str:
    rows = [
        f"| {one.play.name} | {' '.join(f'`{turn}`' for turn in one.play.turns) or 'nothing'} "
        f"| {told(one.heard)} | {one.reached} | {one.silence:.1f} s "
        f"| {'; '.join(one.faults) or 'as it must'} |"
        for one in played
    ]
    well = sum(not one.faults for one in played)
    loads = [one.load for one in played]
    return "\n".join(
        [
            "| conversation | what the caller does | what he heard | reached | longest silence | |",
            "| --- | --- | --- | --- | ---: | --- |",
            *rows,
            "",
            f"{well} of {len(played)} conversations went as they must, in {seconds / 60:.1f} minutes, at a "
            f"load average of {min(loads):.0f} to {max(loads):.0f}.",
        ]
    )


def told(heard: Sequence[str]) -> str:
    """What was heard, for a table: the menu's choices are one word, and so are the digits of a number."""
    words: list[str] = []
    for key in heard:
        word = _word(key)
        if word == key or not words or words[-1] != word:
            words.append(word)
    return ", ".join(words)


def _word(key: str) -> str:
    language, own = ("en/", key[3:]) if key.startswith("en/") else ("", key)
    kind, _, rest = own.partition("/")
    if rest and kind != "district":
        return language + kind
    choice = own.startswith("menu-") and own not in {"menu-again", "menu-last"}
    return f"{language}menu" if choice else key


async def _all(names: Sequence[str]) -> list[Played]:
    scenes = [scene for scene in (_only(scene, names) for scene in SCENES) if scene.threads]
    lines = _Lines(AT_ONCE)
    return list(itertools.chain.from_iterable(await asyncio.gather(*(_scene(one, lines) for one in scenes))))


def _only(scene: Scene, names: Sequence[str]) -> Scene:
    if not names or scene.name in names:
        return scene
    threads = [
        Thread(one.caller, tuple(play for play in one.plays if play.name in names)) for one in scene.threads
    ]
    return replace(scene, threads=tuple(one for one in threads if one.plays))


class _Lines:
    """The lines that scenes share. One scene at a time collects them, so that none waits for another's."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._free = asyncio.Semaphore(count)
        self._collecting = asyncio.Lock()

    async def take(self, wanted: int) -> int:
        """How many were taken: those wanted, or all there are."""
        async with self._collecting:
            for _ in range(min(wanted, self._count)):
                await self._free.acquire()
        return min(wanted, self._count)

    def release(self) -> None:
        """Give one back."""
        self._free.release()


async def _scene(scene: Scene, lines: _Lines) -> list[Played]:
    taken = await lines.take(len(scene.threads))
    async with contextlib.AsyncExitStack() as kept:
        leases = [kept.enter_context(contextlib.ExitStack()) for _ in range(taken)]
        for lease in leases:
            lease.callback(lines.release)
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="h181-plays-")))
        (port,) = free_ports(1)
        words = folder / "words.wav"
        write_wav(words, voice(5.0, seed=39))
        centre = await kept.enter_async_context(private_centre(**settings_of(scene, folder, port)))
        await centre.serve()
        number = (await register(centre.records, OWN, None)).number
        slip = number[:2] + str((int(number[2]) + 1) % 10) + number[3:]
        written = {WORDS: str(words), NUMBER: number, SLIP: slip}
        playing: dict[str, Play] = {}
        crew = Crew(centre, lambda caller: caller in playing and playing[caller].complaint)
        await kept.enter_async_context(crew.at_work(scene, port))
        theatre = Theatre(scene, centre, crew, folder, written, playing)
        left = deque(enumerate(scene.threads))
        played: dict[int, list[Played]] = {}

        async def line(lease: contextlib.ExitStack) -> None:
            with lease:
                while left:
                    at, thread = left.popleft()
                    played[at] = await theatre.thread(thread)

        await asyncio.gather(*(line(lease) for lease in leases))
    return [one for at in sorted(played) for one in played[at]]


def settings_of(scene: Scene, folder: Path, emergency_port: int) -> dict[str, dict[str, object]]:
    """The centre's settings by table; writes the files they name into ``folder``."""
    tables: dict[str, dict[str, object]] = {name: dict(values) for name, values in SHORT.items()}
    for table, values in scene.settings.items():
        tables[table].update(values)
    if scene.emergency:
        tables["asterisk"]["trunk_contact"] = f"{EMERGENCY_ADDRESS}:{emergency_port}"
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
