"""The one pjsua2 endpoint of this process, on a thread of its own.

The library allows one endpoint at a time and wants its objects used, and let go, on a thread it knows. So
every pjsua2 object lives on the SIP thread; the rest of the program sends it small functions with
`Engine.run`, and the SIP thread answers with `loop.call_soon_threadsafe`. The endpoint starts with the first
user agent and ends with the last: afterwards no thread, port or file is left, and it can be started again.
"""

import asyncio
import atexit
import contextlib
import ctypes
import logging
import queue
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from typing import Any, ClassVar, TypeVar

from .errors import PhoneError, PhoneNotInstalledError

log = logging.getLogger("helpline.phone")
T = TypeVar("T")

# How long the SIP thread sleeps in the library before it looks for work: the latency of `run`.
POLL_MS = 5
# Warnings and errors only; the library tells every packet above 3.
LOG_LEVEL = 2
# The library as it comes for Python holds no more in one process, whatever it is asked for.
MAX_CALLS = 4
EXIT_SECONDS = 5.0


class Engine:
    """Owner of the endpoint; use `engine()`."""

    _lock: ClassVar[threading.Lock] = threading.Lock()
    _current: ClassVar["Engine | None"] = None

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._users = 0
        self._stopping = False
        self.started: Future[None] = Future()
        self.ended: Future[None] = Future()
        self.endpoint: Any = None
        self.bindings: Any = None
        self._headsets: list[Any] = []
        # A daemon, so that a program that forgot to close can end; `_at_exit` closes for it.
        self._thread = threading.Thread(target=self._main, name="helpline-sip", daemon=True)

    @classmethod
    def join(cls) -> "Engine | Future[None]":
        """Become a user of the running engine, or get the future after which to try again."""
        with cls._lock:
            engine = cls._current
            if engine is not None and engine._stopping:
                return engine.ended
            if engine is None:
                engine = cls._current = Engine()
                engine._thread.start()
            engine._users += 1
            return engine

    @property
    def alive(self) -> bool:
        """Whether the SIP thread still runs; it ends a moment after `ended`."""
        return self._thread.is_alive()

    def leave(self) -> bool:
        """Stop being a user; True when that was the last one and the engine stops now."""
        with Engine._lock:
            self._users -= 1
            self._stopping = self._stopping or self._users == 0
            return self._stopping

    def post(self, work: Callable[[], None]) -> None:
        """Do `work` on the SIP thread, soon; its faults are logged."""
        self._work.put(work)

    async def run(self, work: Callable[[], T]) -> T:
        """Do `work` on the SIP thread and return its result, or raise what it raised.

        Cancelling the caller cancels work that has not begun.
        """
        done: Future[T] = Future()

        def job() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                done.set_result(work())
            except BaseException as error:
                done.set_exception(error)

        self._work.put(job)
        return await asyncio.wrap_future(done)

    def headset(self) -> Any:
        """A conference port to wear; on the SIP thread. `put_away` takes it back when the call is over."""
        return self._headsets.pop() if self._headsets else self.bindings.Headset()

    def put_away(self, headset: Any) -> None:
        """The call that wore it has ended; on the SIP thread."""
        headset.take_off()
        self._headsets.append(headset)

    def _main(self) -> None:
        try:
            self._open()
        except BaseException as error:
            self._close()
            self._gone()
            self.started.set_exception(error)
            return
        self.started.set_result(None)
        while not (self._stopping and self._work.empty()):
            self.endpoint.libHandleEvents(POLL_MS)
            self._work_off()
        self._close()
        self._gone()

    def _work_off(self) -> None:
        while True:
            try:
                work = self._work.get_nowait()
            except queue.Empty:
                return
            try:
                work()
            except Exception:
                log.exception("telephone: work on the SIP thread failed")
            del work

    def _open(self) -> None:
        try:
            from . import bindings
        except ImportError as error:
            raise PhoneNotInstalledError(str(error)) from error
        pj = bindings.library
        self.bindings = bindings
        _hush()
        self.endpoint = pj.Endpoint()
        try:
            self.endpoint.libCreate()
            self.endpoint.libInit(_configuration(bindings))
            self.endpoint.audDevManager().setNullDev()
            for codec in self.endpoint.codecEnum2():
                self.endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMA/") else 0)
            self.endpoint.libStart()
        except pj.Error as error:
            raise PhoneError(f"the SIP library does not start: {error.reason}") from error

    def _close(self) -> None:
        if self.endpoint is None:
            return
        # Everything was hung up and unregistered by its owner, so nothing needs the network any more.
        with contextlib.suppress(self.bindings.library.Error):
            self.endpoint.libDestroy(self.bindings.library.PJSUA_DESTROY_NO_NETWORK)
        self._headsets.clear()
        self.bindings.free(self.endpoint)
        self.endpoint = None

    def _gone(self) -> None:
        with Engine._lock:
            self._stopping = True
            if Engine._current is self:
                Engine._current = None
        self.ended.set_result(None)


def _configuration(bindings: Any) -> Any:
    pj = bindings.library
    settings = pj.EpConfig()
    # No threads of the library's own: `libHandleEvents` on ours does all but the media clock and its packets.
    settings.uaConfig.threadCnt = 0
    settings.uaConfig.mainThreadOnly = True
    settings.uaConfig.maxCalls = MAX_CALLS
    settings.uaConfig.userAgent = "helpline181"
    settings.logConfig.level = settings.logConfig.consoleLevel = LOG_LEVEL
    settings.logConfig.msgLogging = 0
    writer = bindings.LogBridge()
    writer.__disown__()
    settings.logConfig.writer = writer
    media = settings.medConfig
    media.clockRate = media.sndClockRate = 8000
    media.channelCount = 1
    media.audioFramePtime = media.ptime = 20
    media.ecTailLen = 0
    media.noVad = True
    media.sndAutoCloseTime = -1
    return settings


def _hush() -> None:
    """Keep the library from printing on stdout before it knows our log: its own call is the only way."""
    from pjsua2 import _pjsua2

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(_pjsua2.__file__).pj_log_set_level(LOG_LEVEL)


@contextlib.asynccontextmanager
async def engine() -> AsyncIterator[Engine]:
    """Use the process's endpoint; the last user to leave ends it.

    Raises PhoneNotInstalledError without pjsua2, PhoneError when the library does not start.
    """
    while isinstance(joined := Engine.join(), Future):
        await asyncio.shield(asyncio.wrap_future(joined))
    try:
        await asyncio.shield(asyncio.wrap_future(joined.started))
        yield joined
    finally:
        if joined.leave():
            await asyncio.shield(asyncio.wrap_future(joined.ended))
            while joined.alive:  # noqa: ASYNC110 - the very end of a thread sets no event
                await asyncio.sleep(0.001)


def _at_exit() -> None:
    current = Engine._current
    if current is not None:
        current._stopping = True
        current._thread.join(EXIT_SECONDS)


atexit.register(_at_exit)
