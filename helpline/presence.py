"""Looks all the time whether the book of complaints is still there."""

import asyncio
import logging

from records import Records, RecordsError

EVERY_SECONDS = 1.0
"""How soon a lost book is told, saved and found again. Every transaction notices the loss by itself."""

log = logging.getLogger("helpline.presence")


async def keep_present(records: Records, seconds: float = EVERY_SECONDS) -> None:
    """Run until cancelled. `Records.look` logs what is wrong and leaves it in ``records.presence``."""
    while True:
        try:
            await records.look()
        except (RecordsError, OSError) as error:
            log.error("event=book-not-looked-at reason=%r", str(error))
        await asyncio.sleep(seconds)
