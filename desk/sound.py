"""Files of the recordings folder as browsers play them."""

import asyncio
from pathlib import Path

from aiohttp import web

from desk.context import Desk
from desk.refusal import Refusal


async def is_there(desk: Desk, name: str) -> bool:
    """Whether the folder holds a file of this name; a name that leads elsewhere is not there."""
    return Path(name).name == name and await asyncio.to_thread((desk.recordings / name).is_file)


async def sound(desk: Desk, name: str, missing: str) -> web.StreamResponse:
    """The WAV file. Raises `Refusal` 404 with the text ``missing`` when it is gone."""
    if not await is_there(desk, name):
        raise Refusal(404, missing)
    return web.FileResponse(desk.recordings / name, headers={"Content-Type": "audio/wav"})
