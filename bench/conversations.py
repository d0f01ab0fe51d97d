"""Plays every conversation of a citizen against private centres: what he heard, and where he arrived.

Scenes share a number of lines: a scene begins when it has as many as it needs, so that calls go on all the
time. Each is a process of its own: in one, the SIP library holds no more than four calls, and does not tell
two centres' telephones of the same extension apart.
"""

import asyncio
import contextlib
import itertools
import multiprocessing
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from bench.load import Stopwatch
from bench.plays import SCENES, Scene, Thread
from bench.scene import play_scene
from bench.theatre import Played

AT_ONCE = 8
"""Calls at the same time: more are not heard cleanly on 2 cores."""
_ENTRY = "emergency-hint, greeting, language-hint, menu"
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
    stopwatch = Stopwatch()
    played = asyncio.run(_all(only or (SMOKE if smoke else ())))
    return f"{_table(played)}, {stopwatch.told()}."


def _names(scene: Scene) -> list[str]:
    return [play.name for thread in scene.threads for play in thread.plays]


def _table(played: Sequence[Played]) -> str:
    rows = [
        f"| {one.play.name} | {' '.join(f'`{turn}`' for turn in one.play.turns) or 'nothing'} "
        f"| {told(one.heard)} | {one.reached} | {one.silence:.1f} s "
        f"| {'; '.join(one.faults) or 'as it must'} |"
        for one in played
    ]
    well = sum(not one.faults for one in played)
    return "\n".join(
        [
            "| conversation | what the caller does | what he heard | reached | longest silence | |",
            "| --- | --- | --- | --- | ---: | --- |",
            *rows,
            "",
            f"{well} of {len(played)} conversations went as they must",
        ]
    )


def told(heard: Sequence[str]) -> str:
    """What was heard, for a table: the way through the menu is one word, and so is a number."""
    words: list[str] = []
    for key in heard:
        word = _word(key)
        if word == key or not words or words[-1] != word:
            words.append(word)
    return ", ".join(words).replace(_ENTRY, "menu")


def _word(key: str) -> str:
    language, own = ("en/", key[3:]) if key.startswith("en/") else ("", key)
    kind, _, rest = own.partition("/")
    if rest and kind != "district":
        return language + kind
    choice = own.startswith("menu-") and own not in {"menu-again", "menu-last"}
    return f"{language}menu" if choice else key


async def _all(names: Sequence[str]) -> list[Played]:
    scenes = [scene for scene in (_only(scene, names) for scene in SCENES) if scene.threads]
    lines = Lines(AT_ONCE)
    with ProcessPoolExecutor(len(SCENES), multiprocessing.get_context("spawn")) as pool:

        async def play(scene: Scene) -> list[Played]:
            async with lines.taken(min(scene.lines, len(scene.threads))) as taken:
                try:
                    return await asyncio.get_running_loop().run_in_executor(pool, play_scene, scene, taken)
                except Exception as error:  # the other scenes are told all the same
                    fault = f"the scene could not be played: {error}"
                    plays = [play for thread in scene.threads for play in thread.plays]
                    return [Played(scene.name, play, faults=[fault]) for play in plays]

        return list(itertools.chain.from_iterable(await asyncio.gather(*map(play, scenes))))


def _only(scene: Scene, names: Sequence[str]) -> Scene:
    if not names or scene.name in names:
        return scene
    threads = [
        Thread(one.caller, tuple(play for play in one.plays if play.name in names)) for one in scene.threads
    ]
    return replace(scene, threads=tuple(one for one in threads if one.plays))


class Lines:
    """The lines that scenes share. One scene at a time collects them, so that none waits for another's."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._free = asyncio.Semaphore(count)
        self._collecting = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def taken(self, wanted: int) -> AsyncIterator[int]:
        """Lines to use until the context ends: those wanted, or all there are."""
        taken = min(wanted, self._count)
        async with self._collecting:
            for _ in range(taken):
                await self._free.acquire()
        try:
            yield taken
        finally:
            for _ in range(taken):
                self._free.release()
