"""One connection to Asterisk's manager interface: logged in, acting with time limits, reporting its own loss.

panoramisk reads and writes the protocol and pairs answers with actions. What it does wrong stays outside: its
manager is used for one connection only, so it never reconnects by itself and never sends an action again;
each segment reaches it cut at message ends, so no UTF-8 character is split; actions here have a time limit
and fields without line ends. See docs/decisions/0002-panoramisk-behind-an-adapter.md.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from panoramisk import Manager
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from switchboard.errors import LoginRefusedError, SwitchboardError

AmiMessage = dict[str, str]

_log = logging.getLogger(__name__)
# panoramisk logs whole actions and messages, with callers' numbers.
_quiet = logging.getLogger(f"{__name__}.panoramisk")
_quiet.disabled = True

_END = b"\r\n\r\n"
_LINE_END = re.compile(r"[\r\n\0]")


class AmiLink:
    """A connection that is opened once, used, and closed; a lost link is replaced, not mended.

    `on_event` is called in the event loop with every manager event that is not part of an action's answer. It
    must not block; an exception from it is logged and goes no further.
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        secret: str,
        on_event: Callable[[AmiMessage], None],
        *,
        message_bytes: int = 1024 * 1024,
    ) -> None:
        self._host, self._port = host, port
        self._username, self._secret = username, secret
        self._on_event = on_event
        self._message_bytes = message_bytes
        self._connection: _Connection | None = None
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def open(self, seconds: float) -> None:
        """Connect and log in within this time.

        Raises LoginRefusedError when Asterisk refuses the user or secret, SwitchboardError for everything
        else.
        """
        where = f"{self._host}:{self._port}"
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                connection = _Connection(self._dispatch, self._lose)
                connected = asyncio.ensure_future(
                    loop.create_connection(
                        lambda: _Segments(connection, self._message_bytes), self._host, self._port
                    )
                )
                await connected
                connection.adopt(connected)
                self._connection = connection
                await self._log_in(seconds)
        except OSError as error:
            what = (
                "did not answer in time" if isinstance(error, TimeoutError) else f"cannot be reached: {error}"
            )
            self.close()
            raise SwitchboardError(
                f"Asterisk's manager interface at {where} {what}; is Asterisk running, with `enabled = yes` "
                "in manager.conf?"
            ) from error
        except BaseException:
            self.close()
            raise

    async def _log_in(self, seconds: float) -> None:
        answer = await self._act(
            "Login", {"Username": self._username, "Secret": self._secret, "Events": "on"}, seconds
        )
        if answer[0].get("Response") != "Success":
            raise LoginRefusedError(
                f"Asterisk refused the manager user {self._username} "
                f"({answer[0].get('Message', 'no reason')}): its secret in "
                "manager.conf is another; write the configuration anew and reload Asterisk"
            )

    async def action(
        self, name: str, fields: Mapping[str, str] | None = None, *, seconds: float
    ) -> list[AmiMessage]:
        """Send an action once and wait for its whole answer: the response, then the events of a list, if any.

        Raises ValueError when a name or value holds a line end; SwitchboardError when Asterisk answers with
        an error, does not answer within `seconds`, or the link is lost meanwhile (it is not known then
        whether the action was done: it is never sent again). May be cancelled; the answer is thrown away
        then.
        """
        messages = await self._act(name, fields or {}, seconds)
        if messages[0].get("Response") == "Error":
            raise SwitchboardError(
                f"Asterisk refused {name}: {messages[0].get('Message', 'no reason given')}"
            )
        return messages

    async def _act(self, name: str, fields: Mapping[str, str], seconds: float) -> list[AmiMessage]:
        for part in (name, *fields, *fields.values()):
            if _LINE_END.search(part):
                raise ValueError(f"a field of the manager action {name!r} holds a line end")
        if self._connection is None or self._lost.done():
            why = self._lost.result() if self._lost.done() else "never opened"
            raise SwitchboardError(f"the link to Asterisk is down ({why})")
        # as_list=False would cut lists short, True would wait for ever when a list is refused.
        answer = self._connection.send_action({"Action": name, **fields}, as_list=_IS_LIST.get(name, False))
        try:
            await asyncio.wait({answer, self._lost}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                result = answer.result()
                return [plain(message) for message in (result if isinstance(result, list) else [result])]
        finally:
            self._connection.forget(answer)
        if self._lost.done():
            raise SwitchboardError(f"the link to Asterisk was lost during {name} ({self._lost.result()})")
        raise SwitchboardError(f"Asterisk did not answer {name} within {seconds:g} s; is it stuck?")

    async def lost(self) -> str:
        """Wait until the link is gone, and say why."""
        return await asyncio.shield(self._lost)

    def close(self) -> None:
        """Close the link; what waits for an answer gets a SwitchboardError."""
        self._lose("closed")
        if self._connection is not None:
            self._connection.close()

    def _lose(self, why: str) -> None:
        if not self._lost.done():
            self._lost.set_result(why)

    def _dispatch(self, message: Message) -> None:
        if self._lost.done():
            return
        try:
            self._on_event(plain(message))
        except Exception:
            _log.exception("the manager event %s could not be taken in", message.event)


_IS_LIST = {"CoreShowChannels": None, "QueueStatus": None}
"""Actions answered by a list: panoramisk finds out by itself whether the list comes or an error."""


class _Connection(Manager):  # type: ignore[misc]
    """panoramisk's manager without its own ideas about connecting, pinging and sending again."""

    pinger: Any

    def __init__(self, on_event: Callable[[Message], None], on_lost: Callable[[str], None]) -> None:
        super().__init__(loop=asyncio.get_running_loop(), log=_quiet)
        self._on_event, self._on_lost = on_event, on_lost

    def adopt(self, connected: "asyncio.Future[tuple[Any, Any]]") -> None:
        """Take over a transport that is connected."""
        self.connection_made(connected)
        pinger, self.pinger = self.pinger, None
        pinger.cancel()

    def dispatch(self, event: Message) -> None:
        self._on_event(event)

    def connection_lost(self, exc: object) -> None:
        self._on_lost("Asterisk shuts down" if isinstance(exc, Message) else str(exc or "closed by Asterisk"))

    def forget(self, answer: "asyncio.Future[object]") -> None:
        """Throw away what is kept for an action whose answer nobody waits for any more."""
        answer.cancel()
        for key in [key for key, action in self.protocol.responses.items() if action.future is answer]:
            del self.protocol.responses[key]


class _Segments(AMIProtocol):  # type: ignore[misc]
    """Gathers bytes and passes on whole messages only."""

    def __init__(self, connection: _Connection, message_bytes: int) -> None:
        self._connection = connection
        self._message_bytes = message_bytes
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        # Asterisk may close again before the connection is handed over: that must be heard.
        self.factory = self._connection

    def data_received(self, data: bytes) -> None:
        searched_from = max(0, len(self._rest) - len(_END) + 1)
        self._rest += data
        if self._rest.find(_END, searched_from) >= 0:
            cut = self._rest.rindex(_END) + len(_END)
            whole, self._rest = self._rest[:cut], self._rest[cut:]
            super().data_received(whole)
        if len(self._rest) > self._message_bytes:
            self.connection_lost(ConnectionError(f"a message longer than {self._message_bytes} bytes"))


def plain(message: Message) -> AmiMessage:
    """Headers as a flat dict.

    `ChanVariable: NAME=value` becomes the key `ChanVariable(NAME)`; of any other header that comes several
    times the last one counts.
    """
    flat: AmiMessage = {}
    for key, value in message.items():
        values = value if isinstance(value, list) else [value]
        if key.endswith("ChanVariable"):
            for name, _, text in (item.partition("=") for item in values):
                flat[f"{key}({name})"] = text
        else:
            flat[key] = values[-1]
    return flat
