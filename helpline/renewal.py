"""Keeps a running service on the directory edition in force."""

import asyncio
import gc
import logging

from mapper import DirectoryError
from mapper.directory.current import EditionInForce

log = logging.getLogger("helpline.renewal")

EVERY_SECONDS = 5.0
"""How soon after publishing the desk assigns by the new edition. Looking costs one stat in a thread."""


async def keep_current(current: EditionInForce, *, seconds: float = EVERY_SECONDS) -> None:
    """Run until cancelled: read a newly published edition when there is one.

    One that cannot be read is logged, and the edition in memory serves on.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            if await asyncio.to_thread(_renewed, current):
                gc.freeze()  # as `helpline.serve` does at the start
                log.info("event=edition number=%s", current.edition.name)
        except DirectoryError as error:
            log.error("event=edition-not-read reason=%r", str(error))


def _renewed(current: EditionInForce) -> bool:
    return current.stale() and current.reload()
