"""Plays one scene: sets its centre up, lets its people work and its callers call."""

import asyncio
import contextlib
import tempfile
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.ivr_centre import free_ports
from bench.play_stage import EMERGENCY_ADDRESS, Crew, register
from bench.plays import NUMBER, OWN, SLIP, WORDS, Play, Scene
from bench.private_centre import private_centre
from bench.theatre import Played, Theatre
from dialplan.menu import MENU_FILE
from helpline.phone.sounds import voice
from helpline.phone.turns import write_wav

# Shorter than a centre's own, so that the bench is: what is said is the same.
SHORT = {
    "agi": {"key_seconds": 4, "confirm_seconds": 4, "waiting_seconds": 4},
    "asterisk": {"key_seconds": 4},
}
APART_SECONDS = 1.5
"""Between the first calls of a scene: a telephone that starts takes a core for so long."""


def play_scene(scene: Scene, lines: int) -> list[Played]:
    """All plays in the order of their threads, so many threads at a time; meant for a process of its own.

    Raises a room's error, or RuntimeError, when the centre does not start.
    """
    return asyncio.run(_play(scene, lines))


async def _play(scene: Scene, lines: int) -> list[Played]:
    async with contextlib.AsyncExitStack() as kept:
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

        async def line(at: int) -> None:
            await asyncio.sleep(at * APART_SECONDS)
            while left:
                at, thread = left.popleft()
                played[at] = await theatre.thread(thread)

        await asyncio.gather(*map(line, range(lines)))
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
    if any(scene.menu):
        text = MENU_FILE.read_text(encoding="utf-8").replace(*scene.menu)
        (folder / "menu.toml").write_text(text, encoding="utf-8")
        tables["asterisk"]["menu_file"] = folder / "menu.toml"
    return tables
