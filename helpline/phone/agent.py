"""A SIP user agent on a loopback address of its own: calls, is called, registers."""

import asyncio
import contextlib
import re
from types import TracebackType
from typing import Any, Self

from .engine import Engine, engine
from .errors import (
    AddressError,
    CallFailedError,
    NobodyListensError,
    NotHeardError,
    PhoneError,
    RegistrationError,
)
from .leg import Leg, operation

# A centre answers an INVITE with "100 Trying" in milliseconds; SIP itself would try for 32 seconds.
SIGN_OF_LIFE_SECONDS = 4.0
REGISTER_SECONDS = 5.0
REGISTRATION_EXPIRES = 300
SAFE_USER = re.compile(r"[0-9A-Za-z_.+*#-]+")


class UserAgent:
    """One telephone: `user` at the address `bind`:`port` (0: a free one). Use it as an async context manager.

    A-law and RFC 4733 only; signalling and sound stay on `bind`. Entering raises AddressError when the
    address cannot be bound and PhoneNotInstalledError without pjsua2. Leaving hangs up, unregisters and frees
    everything; the sockets are closed at the latest when the last agent of the process has left.
    """

    def __init__(self, user: str, *, bind: str = "127.0.0.1", port: int = 0) -> None:
        if not SAFE_USER.fullmatch(user):
            raise ValueError(f"not a SIP user name: {user!r}")
        self.user = user
        self.bind = bind
        self.port = port
        self._stack = contextlib.AsyncExitStack()
        self._account: Any = None
        self._transport: int | None = None
        self._legs: set[Leg] = set()
        self._calls: asyncio.Queue[Leg] = asyncio.Queue()
        self._registered: asyncio.Future[tuple[int, str]] | None = None
        self.registrar: str | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        try:
            self._engine: Engine = await self._stack.enter_async_context(engine())
            self._stack.push_async_callback(self._engine.run, self._close)
            await self._engine.run(self._open)
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for leg in list(self._legs):
                await leg.hang_up()
            await self.unregister()
        finally:
            await self._stack.aclose()

    @property
    def address(self) -> str:
        """host:port at which this agent takes SIP."""
        return f"{self.bind}:{self.port}"

    # --- calls --------------------------------------------------------------------------------------------

    async def invite(self, number: str, *, via: str, caller: str | None = None) -> Leg:
        """Dial `number` at host:port `via`, as `caller` (default: this agent's user).

        Returns as soon as the other side has shown a sign of life. Raises NobodyListensError when it does
        not, CallFailedError when it refuses at once.
        """
        caller = caller or self.user
        if not SAFE_USER.fullmatch(number) or not SAFE_USER.fullmatch(caller):
            raise ValueError(f"not a number to dial: {number!r} as {caller!r}")
        leg = Leg(self._engine, self._loop, number, incoming=False)
        self._keep(leg)
        await self._engine.run(lambda: self._dial(leg, number, via, caller))
        waiter = asyncio.ensure_future(leg.progress.wait())
        try:
            await asyncio.wait(
                (waiter, leg.end_of_call), timeout=SIGN_OF_LIFE_SECONDS, return_when="FIRST_COMPLETED"
            )
        except BaseException:
            await leg.hang_up()
            raise
        finally:
            waiter.cancel()
        if leg.progress.is_set():
            return leg
        end = leg.outcome
        await leg.abandon()
        raise NobodyListensError(
            number, via, end.code if end else 408, end.reason if end else "no answer to the call"
        )

    async def called(self, *, within: float) -> Leg:
        """Wait for somebody to call; the telephone rings (180) meanwhile.

        Raises NotHeardError after `within` s.
        """
        try:
            return await asyncio.wait_for(self._calls.get(), within)
        except TimeoutError as error:
            raise NotHeardError(f"nobody called {self.user} within {within:g} s") from error

    # --- registration -------------------------------------------------------------------------------------

    async def register(self, via: str, password: str) -> None:
        """Register at the registrar host:port.

        Raises RegistrationError when it refuses or does not answer.
        """
        self.registrar = via
        code, reason = await self._registration(lambda: self._set_registration(via, password))
        if code // 100 != 2:
            self.registrar = None
            raise RegistrationError(self.user, via, code, reason)

    async def unregister(self) -> None:
        """Take the registration back; no harm without one."""
        if self.registrar is not None:
            self.registrar = None
            with contextlib.suppress(PhoneError):
                await self._registration(lambda: self._account.setRegistration(False))

    async def _registration(self, action: Any) -> tuple[int, str]:
        self._registered = self._loop.create_future()
        pj = self._engine.bindings.library

        def guarded() -> None:
            try:
                action()
            except pj.Error as error:
                raise PhoneError(f"extension {self.user} cannot register: {error.reason}") from error

        await self._engine.run(guarded)
        try:
            return await asyncio.wait_for(self._registered, REGISTER_SECONDS)
        except TimeoutError:
            return 408, "no answer"

    # --- SIP thread ---------------------------------------------------------------------------------------

    def on_registration(self, code: int, reason: str, expires: int) -> None:
        """The registrar answered."""
        self._tell(self._answer_registration, code, reason)

    def on_invite(self, call_id: int) -> None:
        """Somebody calls: ring, and hand the call over."""
        bindings = self._engine.bindings
        leg = Leg(self._engine, self._loop, "", incoming=True)
        leg.sip = bindings.SipCall(self._account, leg, call_id)
        leg.number = _user_of(str(leg.sip.getInfo().remoteUri))
        leg.sip.answer(operation(bindings.library, 180))
        self._tell(self._ring, leg)

    def _open(self) -> None:
        pj = self._engine.bindings.library
        endpoint = self._engine.endpoint
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress = self.port, self.bind
        try:
            self._transport = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        except pj.Error as error:
            raise AddressError(self.address, str(error.reason)) from error
        name = str(endpoint.transportGetInfo(self._transport).localName)
        self.port = int(name.rpartition(":")[2])
        self._account = self._engine.bindings.SipAccount(self)
        self._account.create(self._configuration())

    def _configuration(self, registrar: str | None = None, password: str = "") -> Any:
        pj = self._engine.bindings.library
        settings = pj.AccountConfig()
        settings.idUri = f"sip:{self.user}@{registrar or self.address}"
        settings.sipConfig.transportId = self._transport
        settings.mediaConfig.transportConfig.boundAddress = self.bind
        settings.mediaConfig.transportConfig.port = 0
        settings.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        for plain in (
            "contactRewriteUse",
            "viaRewriteUse",
            "sdpNatRewriteUse",
            "sipOutboundUse",
            "udpKaIntervalSec",
        ):
            setattr(settings.natConfig, plain, 0)
        settings.regConfig.registerOnAdd = False
        if registrar:
            settings.regConfig.registrarUri = f"sip:{registrar}"
            settings.regConfig.timeoutSec = REGISTRATION_EXPIRES
            settings.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", self.user, 0, password))
        return settings

    def _set_registration(self, via: str, password: str) -> None:
        # A changed registrar makes the library send REGISTER by itself.
        self._account.modify(self._configuration(via, password))

    def _dial(self, leg: Leg, number: str, via: str, caller: str) -> None:
        bindings = self._engine.bindings
        parameters = operation(bindings.library)
        if caller != self.user:
            parameters.txOption.localUri = f"sip:{caller}@{self.address}"
        leg.sip = bindings.SipCall(self._account, leg)
        try:
            leg.sip.makeCall(f"sip:{number}@{via}", parameters)
        except bindings.library.Error as error:
            leg.release()
            remedy = f"{via} is not to be had; name the centre with --host and --port"
            raise CallFailedError(number, 0, str(error.reason), remedy) from error

    def _close(self) -> None:
        for leg in self._legs:
            leg.release()
        self._legs.clear()
        if self._account is not None:
            self._account.shutdown()
            self._engine.bindings.free(self._account)
            self._account = None
        if self._transport is not None:
            with contextlib.suppress(self._engine.bindings.library.Error):
                self._engine.endpoint.transportClose(self._transport)
            self._transport = None

    def _tell(self, action: Any, *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed: nobody is left to be told
            self._loop.call_soon_threadsafe(action, *args)

    # --- asyncio loop -------------------------------------------------------------------------------------

    def _keep(self, leg: Leg) -> None:
        self._legs.add(leg)
        leg.on_gone = self._legs.discard

    def _ring(self, leg: Leg) -> None:
        if leg.outcome is None:
            self._keep(leg)
        self._calls.put_nowait(leg)

    def _answer_registration(self, code: int, reason: str) -> None:
        if self._registered is not None and not self._registered.done():
            self._registered.set_result((code, reason))


def _user_of(uri: str) -> str:
    found = re.search(r"sips?:([^@>;]*)@", uri)
    return found[1] if found else uri
