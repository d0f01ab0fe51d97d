"""Carrying a conversation out to its end, and saying how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from agi import log
from agi.errors import AgiError, Hangup
from agi.session import Session

Conversation = Callable[[Session], Awaitable[None]]


async def carried_out(conversation: Conversation, session: Session) -> tuple[int, str]:
    """Its outcome, and the level at which to log it. Raises nothing, also when cancelled."""
    try:
        await conversation(session)
    except Hangup as error:
        return logging.INFO, "hangup" if type(error) is Hangup else "disconnected"
    except AgiError as error:
        return logging.ERROR, f"{type(error).__name__}: {error}"
    except asyncio.CancelledError:
        return logging.INFO, "cancelled"
    except Exception:
        script = session.environment.script
        log.event(logging.ERROR, "crash", exc_info=True, script=script, call=session.call_id)
        return logging.INFO, "crashed"
    return logging.INFO, "done"


async def unknown_script(session: Session) -> None:
    """Say so in Asterisk's log; H181_DONE stays unset, so the dialplan takes over."""
    script = session.environment.script[:80].encode("ascii", "replace").decode()
    log.event(logging.ERROR, "unknown-script", script=script, call=session.call_id)
    await session.verbose(f"helpline: there is no script {script!a}; correct agi:// in the dialplan")
