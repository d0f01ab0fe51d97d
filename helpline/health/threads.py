"""Work that may hang in a disk, in threads that nobody waits for."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> Awaitable[T]:
    """The result of work that blocks, from a thread of its own that nobody waits for at the end: one that
    hangs in a disk keeps neither the others nor the process."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def told(settle: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            settle(value)

    def run() -> None:
        try:
            value = work()
        except BaseException as error:
            say: tuple[Callable[[Any], None], Any] = (future.set_exception, error)
        else:
            say = (future.set_result, value)
        try:
            loop.call_soon_threadsafe(told, *say)
        except RuntimeError:
            # The loop has ended meanwhile.
            return

    threading.Thread(target=run, name="look", daemon=True).start()
    return future
