"""Which recordings of a call are on the disk when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from records.calls.message_file import is_recorded

_LOOK_AGAIN = 0.05


async def on_disk(folder: Path | None, files: Sequence[str], seconds: float) -> list[str]:
    """Those of ``files`` that have sound in them, in order; all of them where there is no folder to look.

    Asterisk writes out the last of a recording when the call is over: what is not there yet is waited for,
    ``seconds`` at most. What comes later the catch-up finds, and tells what never came.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    while True:
        there = [file for file, found in zip(files, await _look(folder, files), strict=True) if found]
        if len(there) == len(files) or clock() >= until:
            return there
        await asyncio.sleep(_LOOK_AGAIN)


async def _look(folder: Path | None, files: Sequence[str]) -> list[bool]:
    if folder is None or not files:
        return [True] * len(files)
    return await asyncio.to_thread(lambda: [is_recorded(folder, file) is not False for file in files])
