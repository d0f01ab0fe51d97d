"""pjsua2's callback classes, each a thin bridge to a plain Python observer.

Importing this module loads the library; `engine` does so late, so that the rest works without it. An
exception that leaves a callback would end the process (it passes through C++), so every callback keeps its
own.
"""

import logging
from collections.abc import Callable
from typing import Any, Protocol

import pjsua2 as pj

log = logging.getLogger("helpline.phone")
_LEVELS = {1: logging.ERROR, 2: logging.WARNING, 3: logging.INFO}
# The library itself, for its constants and plain structures.
library: Any = pj
PACKET = 160
SILENCE = bytes(2 * PACKET)


class CallObserver(Protocol):
    """Told on the SIP thread what happens to a call."""

    def on_progress(self) -> None:
        """The other side has answered the INVITE with anything at all."""

    def on_state(self, state: int, code: int, reason: str) -> None:
        """A new invite state (PJSIP_INV_STATE_*)."""

    def on_media(self) -> None:
        """Audio flows, or flows again after a change."""

    def on_digit(self, digit: str) -> None:
        """The other side pressed a key."""

    def on_passed(self, code: int) -> None:
        """The final SIP status of passing the other side on."""


class AccountObserver(Protocol):
    """Told on the SIP thread what happens to an account."""

    def on_registration(self, code: int, reason: str, expires: int) -> None:
        """The registrar answered, or nobody did (code 408 or 503)."""

    def on_invite(self, call_id: int) -> None:
        """Somebody calls."""


def guarded(what: str, action: Callable[[], None]) -> None:
    """Run a callback's work; a fault is logged instead of ending the process."""
    try:
        action()
    except Exception:
        log.exception("telephone: %s failed", what)


def free(thing: Any) -> None:
    """Destroy a library object now, on this thread, whoever still holds a reference (a traceback may)."""
    type(thing).__swig_destroy__(thing)


def _deaf(_: bytes) -> None:
    """A headset that nobody wears hears nothing ..."""


def _mute() -> None:
    """... and says nothing."""


class Headset(pj.AudioMediaPort):  # type: ignore[misc]
    """The conference port of a call; works on the media clock's thread, 50 times a second.

    The conference removes ports at its next tick and looks into them until then, so a headset is never
    destroyed: it is worn by one call after another, and given up to the library's end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._silence = pj.ByteVector(list(SILENCE))
        self._hear: Callable[[bytes], None] = _deaf
        self._speak: Callable[[], bytes | None] = _mute
        shape = pj.MediaFormatAudio()
        shape.type = pj.PJMEDIA_TYPE_AUDIO
        shape.clockRate, shape.channelCount, shape.bitsPerSample, shape.frameTimeUsec = 8000, 1, 16, 20_000
        self.createPort("headset", shape)
        self.__disown__()

    def wear(self, hear: Callable[[bytes], None], speak: Callable[[], bytes | None]) -> None:
        """From now on `hear` gets every 20 ms that arrive and `speak` gives what is sent (None: silence)."""
        self._hear, self._speak = hear, speak

    def take_off(self) -> None:
        """Hear and say nothing."""
        self._hear, self._speak = _deaf, _mute

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802
        """What the other side says; an empty frame is silence."""
        guarded("hearing", lambda: self._hear(bytes(frame.buf) or SILENCE))

    def onFrameRequested(self, frame: Any) -> None:  # noqa: N802
        """What this side says: always audio, so that packets flow through silence too."""

        def answer() -> None:
            words = self._speak()
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            frame.buf = pj.ByteVector(list(words)) if words else self._silence

        guarded("speaking", answer)


def _received(event: Any) -> bool:
    """Whether the other side's message caused the event; not a timer, a transport error or ourselves."""
    return bool(event.type == pj.PJSIP_EVENT_TSX_STATE and event.body.tsxState.type == pj.PJSIP_EVENT_RX_MSG)


class SipCall(pj.Call):  # type: ignore[misc]
    """One call leg."""

    def __init__(self, account: Any, observer: CallObserver, call_id: int = -1) -> None:
        super().__init__(account, call_id)
        self._observer = observer

    def onCallTsxState(self, prm: Any) -> None:  # noqa: N802
        """A transaction moved; the INVITE's first answer is the sign of life."""

        def tell() -> None:
            if prm.e.body.tsxState.tsx.method == "INVITE" and _received(prm.e):
                self._observer.on_progress()

        guarded("a transaction", tell)

    def onCallState(self, prm: Any) -> None:  # noqa: N802
        """The invite session moved."""

        def tell() -> None:
            info = self.getInfo()
            if _received(prm.e):
                self._observer.on_progress()
            self._observer.on_state(int(info.state), int(info.lastStatusCode), str(info.lastReason))

        guarded("a call's state", tell)

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802
        """Media was negotiated."""
        guarded("a call's media", self._observer.on_media)

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802
        """A key, by RFC 4733."""
        guarded("a key", lambda: self._observer.on_digit(str(prm.digit)))

    def onCallTransferStatus(self, prm: Any) -> None:  # noqa: N802
        """What the other side tells of a REFER; its last word counts."""

        def tell() -> None:
            if prm.finalNotify:
                self._observer.on_passed(int(prm.statusCode))

        guarded("passing a call on", tell)


class SipAccount(pj.Account):  # type: ignore[misc]
    """One identity on one transport."""

    def __init__(self, observer: AccountObserver) -> None:
        super().__init__()
        self._observer = observer

    def onRegState(self, prm: Any) -> None:  # noqa: N802
        """The registrar answered."""
        guarded(
            "a registration",
            lambda: self._observer.on_registration(int(prm.code), str(prm.reason), int(prm.expiration)),
        )

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        """Somebody calls."""
        guarded("an incoming call", lambda: self._observer.on_invite(int(prm.callId)))


class LogBridge(pj.LogWriter):  # type: ignore[misc]
    """The library's log, to Python's logging."""

    def write(self, entry: Any) -> None:
        """One entry; its first line says it all."""
        guarded("logging", lambda: log.log(_LEVELS.get(entry.level, logging.DEBUG), "%s", entry.msg.strip()))
