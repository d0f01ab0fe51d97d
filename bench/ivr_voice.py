"""What a caller's telephone sends in the ivr bench, as a capture file that SIPp plays: silence and keys."""

import struct
from collections.abc import Sequence
from pathlib import Path

from bench.ivr_menu import Press

A_LAW = 8
EVENT = 101
"""Payload type of RFC 4733 events, as the caller's offer names it."""
PACKET_MS = 20
KEY_MS = 80
GAP_MS = 80
"""Between two keys pressed in one go."""
_SILENCE = b"\xd5" * (8 * PACKET_MS)
_CODES = "0123456789*#"
_ETHERNET, _PCAP = 1, 0xA1B2C3D4


def write_voice(path: Path, presses: Sequence[Press], after_ms: int) -> int:
    """Write the file, which ends `after_ms` after the last key; returns its length in milliseconds."""
    keys: dict[int, str] = {}
    now = 0
    for press in presses:
        now += press.after_ms // PACKET_MS * PACKET_MS
        for key in press.key:
            keys[now] = key
            now += KEY_MS + GAP_MS
    whole = now + after_ms
    packets: list[tuple[int, bytes]] = []
    begun, key = 0, ""
    for at in range(0, whole, PACKET_MS):
        if at in keys:
            begun, key = at, keys[at]
        if not key:
            packets.append((at, _rtp(A_LAW, len(packets), at, _SILENCE, marker=at == 0)))
            continue
        pressed = at - begun
        over = pressed >= KEY_MS
        event = struct.pack("!BBH", _CODES.index(key), 0x8A if over else 0x0A, 8 * max(PACKET_MS, pressed))
        # The end is said three times: a packet may get lost.
        for _ in range(3 if over else 1):
            packets.append((at, _rtp(EVENT, len(packets), begun, event, marker=pressed == 0)))
        if over:
            key = ""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", _PCAP, 2, 4, 0, 0, 65535, _ETHERNET))
        for at, rtp in packets:
            frame = _frame(rtp)
            file.write(struct.pack("<IIII", at // 1000, at % 1000 * 1000, len(frame), len(frame)) + frame)
    return whole


def _rtp(payload: int, sequence: int, at_ms: int, body: bytes, *, marker: bool) -> bytes:
    return struct.pack("!BBHII", 0x80, payload | (0x80 if marker else 0), sequence, 8 * at_ms, 181) + body


def _frame(rtp: bytes) -> bytes:
    udp = struct.pack("!HHHH", 6000, 6002, 8 + len(rtp), 0) + rtp
    local = bytes((127, 0, 0, 1))
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, local, local) + udp
    return bytes(12) + b"\x08\x00" + ip
