"""What went over loopback in the ivr bench, read beside the programs: when a call got what it waited for."""

import contextlib
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from bench.ivr_voice import A_LAW, EVENT, PACKET_MS

PACKET_SECONDS = PACKET_MS / 1000
_ALL_PROTOCOLS = 3
_OUTGOING = 4
_UDP = 17
_BUFFER = 16 * 1024 * 1024


@dataclass
class Heard:
    """One call: times in seconds of one clock, None for what did not happen."""

    answered: float | None = None
    speech: float | None = None
    """The first packet of sound after the answer."""
    key: float | None = None
    """The end of the last key."""
    packets: int = 0
    """Sound sent to the caller since then."""
    offered: float | None = None
    """The executive's INVITE."""
    prompt_packets: int = 0
    """Sound between the last key and that."""
    key_event: bytes = field(default=b"", repr=False)

    @property
    def answer_to_speech(self) -> float | None:
        """Seconds."""
        return None if self.answered is None or self.speech is None else self.speech - self.answered

    @property
    def key_to_invite(self) -> float | None:
        """Seconds, without the time in which prompts were played."""
        if self.key is None or self.offered is None:
            return None
        return max(0.0, self.offered - self.key - self.prompt_packets * PACKET_SECONDS)


class Capture:
    """`with Capture(sip_port, executive_port) as capture`: `calls` by the caller's number.

    Raises PermissionError on entering without the right to read packets (root).
    """

    def __init__(self, sip_port: int, executive_port: int) -> None:
        self.calls: dict[str, Heard] = {}
        self._sip_port = sip_port
        self._executive_port = executive_port
        self._numbers: dict[bytes, str] = {}
        self._media: dict[int, Heard] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="capture", daemon=True)
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_PROTOCOLS))
        with contextlib.suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        opened.bind(("lo", _ALL_PROTOCOLS))
        opened.settimeout(0.2)
        self._socket = opened
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        assert self._socket is not None
        self._socket.close()

    def _read(self) -> None:
        assert self._socket is not None
        while not self._stop.is_set():
            try:
                packet, address = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            # Loopback shows every packet twice, going out and coming in.
            if address[2] != _OUTGOING and len(packet) > 28 and packet[9] == _UDP:
                self._udp(time.monotonic(), packet)

    def _udp(self, now: float, packet: bytes) -> None:
        start = (packet[0] & 15) * 4
        source, target = struct.unpack_from("!HH", packet, start)
        body = packet[start + 8 :]
        if target in self._media:
            heard = self._media[target]
            if body[1] & 0x7F == A_LAW:
                heard.packets += 1
                if heard.speech is None and heard.answered is not None:
                    heard.speech = now
        elif source in self._media:
            heard = self._media[source]
            ends = len(body) >= 16 and body[1] & 0x7F == EVENT and body[13] & 0x80
            if ends and body[4:8] != heard.key_event and heard.offered is None:
                heard.key_event, heard.key, heard.packets = body[4:8], now, 0
        elif self._sip_port in {source, target}:
            self._sip(now, source, target, body)

    def _sip(self, now: float, source: int, target: int, body: bytes) -> None:
        if body.startswith(b"INVITE ") and target == self._sip_port:
            number, call_id, port = (
                re.search(rb"(?mi)^From:[^\r]*sip:([^@]+)@", body),
                _call_id(body),
                re.search(rb"m=audio (\d+)", body),
            )
            if number and port and call_id not in self._numbers:
                name = number[1].decode()
                self._numbers[call_id] = name
                self._media[int(port[1])] = self.calls[name] = Heard()
        elif body.startswith(b"INVITE ") and target == self._executive_port:
            number = re.search(rb"(?mi)^From:[^\r]*sip:([^@]+)@", body)
            heard = self.calls.get(number[1].decode()) if number else None
            if heard is not None and heard.offered is None:
                heard.offered, heard.prompt_packets = now, heard.packets
        elif body.startswith(b"SIP/2.0 200") and source == self._sip_port and b" INVITE\r\n" in body:
            name = self._numbers.get(_call_id(body), "")
            if name in self.calls and self.calls[name].answered is None:
                self.calls[name].answered = now


def _call_id(body: bytes) -> bytes:
    found = re.search(rb"(?mi)^Call-ID: *([^\r]+)", body)
    return found[1] if found else b""
