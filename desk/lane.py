"""One look at a time: what hangs is told, never waited for and never started twice."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Lane:
    """Runs work with a limit. Work that is late goes on alone; until it has ended the lane takes no other."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """The result of ``work``. Raises what it raises, and TimeoutError when it or the one before is
        late."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(work())
            self._task.add_done_callback(_heed)
        elif not (await asyncio.wait({self._task}, timeout=0))[0]:
            raise TimeoutError
        task = self._task
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            raise TimeoutError
        result: T = task.result()
        return result

    def close(self) -> None:
        """Let go of work that hangs."""
        if self._task is not None:
            self._task.cancel()


def _heed(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
