"""The executive's softphone: registers, logs in to the queue, answers."""

import contextlib
from types import TracebackType
from typing import Self

from .agent import UserAgent
from .course import Ended
from .errors import CallFailedError
from .leg import Leg

LOG_IN, LOG_OUT = "*11", "*12"
SERVICE_SECONDS = 10.0


class Executive:
    """A registered telephone.

    Entering registers `extension` at host:port `via`; leaving hangs up and unregisters.

    Raises RegistrationError when the centre refuses or does not answer, and what `UserAgent` raises.
    """

    def __init__(
        self, extension: str, password: str, *, via: str, bind: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.extension = extension
        self._password = password
        self._via = via
        self._agent = UserAgent(extension, bind=bind, port=port)
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self._agent)
            await self._agent.register(self._via, self._password)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def address(self) -> str:
        """host:port of this telephone."""
        return self._agent.address

    async def log_in_to_queue(self) -> Leg:
        """Dial *11 and wait for the confirming tones to end; the finished call's recording holds them."""
        return await self._service(LOG_IN)

    async def log_out_of_queue(self) -> Leg:
        """Dial *12, likewise."""
        return await self._service(LOG_OUT)

    async def dial(self, number: str) -> Leg:
        """Call somebody, as `UserAgent.invite`."""
        return await self._agent.invite(number, via=self._via)

    async def called(self, *, within: float) -> Leg:
        """Wait for a call; it rings until `Leg.answer` or `Leg.refuse`.

        Raises NotHeardError after `within` s.
        """
        return await self._agent.called(within=within)

    async def _service(self, code: str) -> Leg:
        leg = await self.dial(code)
        end: Ended = await leg.ended(within=SERVICE_SECONDS)
        if not leg.is_answered:
            raise CallFailedError(
                code, end.code, end.reason, "the dialplan has no such service for this extension"
            )
        return leg
