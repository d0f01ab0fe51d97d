"""Keeps a link to Asterisk alive and the live state true, and tells everybody what changes."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from switchboard.ami import AmiLink, AmiMessage
from switchboard.backoff import Pauses
from switchboard.errors import LoginRefusedError, SwitchboardError
from switchboard.events import Event
from switchboard.interfaces import Interfaces
from switchboard.live import LiveState
from switchboard.resync import Snapshot, resync
from switchboard.settings import SwitchboardSettings
from switchboard.stream import Subscription

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class Switchboard:
    """The live link: `start`, then read `state` and `subscribe`; `stop` at the end.

    `state` is kept while the link is down (`connected` is False then) and brought in line when it is back,
    with events for what changed meanwhile.
    """

    def __init__(
        self,
        settings: SwitchboardSettings,
        secret: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._clock = clock
        self._jitter = jitter
        self._interfaces = Interfaces(settings.interface)
        self.state = LiveState(self._interfaces)
        self._subscriptions: set[Subscription] = set()
        self._link: AmiLink | None = None
        self._synced = asyncio.Event()
        self._waiting: list[AmiMessage] | None = None
        self._lost_at: datetime | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether the state follows Asterisk at this moment."""
        return self._synced.is_set()

    async def start(self) -> None:
        """Connect, learn the present state, and keep the link from now on.

        What fails is tried again for `start_seconds`, except a refused login. Raises SwitchboardError,
        leaving nothing running, when there is no link then.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.start_seconds
        pauses = self._pauses()
        while True:
            try:
                link = await self._open()
                break
            except LoginRefusedError:
                raise
            except SwitchboardError:
                pause = min(next(pauses), 1.0)
                if loop.time() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
        self._keeper = asyncio.create_task(self._keep(link), name="switchboard")

    async def stop(self) -> None:
        """Close the link; subscriptions end. May be called twice, and without start."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        # Cancelled before its first step, the keeper has closed nothing.
        if self._link is not None:
            self._drop(self._link)
        for subscription in list(self._subscriptions):
            subscription.close()

    async def __aenter__(self) -> "Switchboard":
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.stop()

    async def ready(self, timeout: float) -> None:  # noqa: ASYNC109
        """Wait until the state follows Asterisk; raises SwitchboardError when it does not in this time."""
        try:
            async with asyncio.timeout(timeout):
                await self._synced.wait()
        except TimeoutError:
            raise SwitchboardError(
                f"no link to Asterisk's manager interface at {self._settings.host}:{self._settings.port} "
                f"within {timeout:g} s; is Asterisk running?"
            ) from None

    def subscribe(self, maxlen: int = 256) -> Subscription:
        """All events from now on. See Subscription for what happens to a slow reader."""
        subscription = Subscription(maxlen, self._clock, self._subscriptions.discard)
        self._subscriptions.add(subscription)
        return subscription

    # What executives do

    async def queue_add(self, extension: str, queue: str) -> None:
        """Log the executive in to the queue; no error when he is in it already."""
        await self._queue("QueueAdd", extension, queue, harmless="Already there")

    async def queue_remove(self, extension: str, queue: str) -> None:
        """Log the executive out of the queue; no error when he is not in it."""
        await self._queue("QueueRemove", extension, queue, harmless="Not there")

    async def queue_pause(self, extension: str, queue: str, *, paused: bool = True, reason: str = "") -> None:
        """Pause the executive in the queue, or take the pause back. Raises SwitchboardError when not in
        it."""
        await self._queue("QueuePause", extension, queue, Paused="true" if paused else "false", Reason=reason)

    async def _queue(
        self, action: str, extension: str, queue: str, *, harmless: str | None = None, **more: str
    ) -> None:
        fields = {"Queue": queue, "Interface": self._interfaces.of(extension), **more}
        try:
            await self._act(action, fields)
        except SwitchboardError as error:
            if harmless is None or not str(error).endswith(harmless):
                raise

    async def _act(self, action: str, fields: Mapping[str, str] | None = None) -> list[AmiMessage]:
        if self._link is None:
            raise SwitchboardError("the link to Asterisk is down; it is being opened again")
        return await self._link.action(action, fields, seconds=self._settings.action_seconds)

    # The link

    async def _open(self) -> AmiLink:
        """A link that is logged in and whose state is learned."""
        settings = self._settings
        # Gathered until the snapshot is applied: what they tell may be older or newer than it.
        self._waiting = []
        link = AmiLink(
            settings.host,
            settings.port,
            settings.username,
            self._secret,
            self._take,
            message_bytes=settings.message_bytes,
        )
        try:
            await link.open(settings.action_seconds)
            self._link = link
            await self._resync()
        except BaseException:
            self._drop(link)
            raise
        self._synced.set()
        return link

    def _drop(self, link: AmiLink) -> None:
        self._synced.clear()
        self._link = None
        link.close()

    async def _keep(self, link: AmiLink) -> None:
        pauses = self._pauses()
        while True:
            try:
                await self._watch(link)
            except SwitchboardError as error:
                self._lost_at = self._clock()
                _log.warning("link to Asterisk lost: %s", error)
            finally:
                self._drop(link)
            while True:
                await asyncio.sleep(next(pauses))
                try:
                    link = await self._open()
                except SwitchboardError as error:
                    _log.warning("no link to Asterisk: %s", error)
                else:
                    break
            _log.info("link to Asterisk is back")
            pauses = self._pauses()

    async def _watch(self, link: AmiLink) -> None:
        """Ping and resync at their paces; raises SwitchboardError when the link is gone or silent."""
        settings = self._settings
        loop = asyncio.get_running_loop()
        synced_at = loop.time()
        while True:
            try:
                async with asyncio.timeout(settings.ping_seconds):
                    why = await link.lost()
            except TimeoutError:
                await link.action("Ping", seconds=settings.action_seconds)
            else:
                raise SwitchboardError(why)
            if loop.time() - synced_at >= settings.resync_seconds:
                self._waiting = []
                await self._resync()
                synced_at = loop.time()

    def _pauses(self) -> Pauses:
        return Pauses(self._settings.backoff_first_seconds, self._settings.backoff_most_seconds, self._jitter)

    # The state

    async def _resync(self) -> None:
        channels = await self._act("CoreShowChannels")
        queues = await self._act("QueueStatus")
        snapshot = Snapshot(
            [message for message in channels if message.get("Event") == "CoreShowChannel"],
            [message for message in queues if message.get("Event") == "QueueMember"],
            [message for message in queues if message.get("Event") == "QueueEntry"],
        )
        self._tell(resync(self.state, snapshot, self._clock(), self._lost_at))
        self._lost_at = None
        waiting, self._waiting = self._waiting or [], None
        for message in waiting:
            self._take(message)

    def _take(self, message: AmiMessage) -> None:
        if self._waiting is not None:
            self._waiting.append(message)
        else:
            self._tell(self.state.apply(message, self._clock()))

    def _tell(self, events: list[Event]) -> None:
        for event in events:
            for subscription in list(self._subscriptions):
                subscription.put(event)
