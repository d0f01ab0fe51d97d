"""A small SIP telephone for these tests: sends what it is told (also what no honest phone would), keeps every
A-law byte it hears, and needs nothing but the standard library."""

import asyncio
import contextlib
import hashlib
import re
import secrets
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

ALAW, EVENTS, FRAME = 8, 101, 160
SILENCE = b"\xd5" * FRAME
LEAST_HEARD = 0.8


@dataclass
class Call:
    """One call of a phone; `heard` grows while it lasts, `formats` are the RTP payload types that arrived.

    `other_end` is the other side's To with its tag, also before the answer; `passed` gets the final
    status of each REFER; `refreshed` counts the other side's re-INVITEs and UPDATEs.
    """

    phone: "Phone"
    call_id: str
    local: str
    remote: str = ""
    heard: bytearray = field(default_factory=bytearray)
    formats: set[int] = field(default_factory=set)
    status: int = 0
    ringing: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    target: str = ""
    other_end: str = ""
    passed: "asyncio.Queue[int]" = field(default_factory=asyncio.Queue)
    sdp: str = ""
    voice: bytes = SILENCE
    incoming: bool = False
    rtp_to: tuple[str, int] | None = None
    cseq: int = 1
    refreshed: int = 0
    _rtp: asyncio.DatagramTransport | None = None
    _talk: "asyncio.Task[None] | None" = None
    _sequence: int = 0
    _stamp: int = 0
    _hears: asyncio.Event = field(default_factory=asyncio.Event)

    async def hears(self, sound: bytes, within: float = 15.0) -> None:
        """Wait until these very bytes have been heard: their last packet, and of the others at least most, as
        a machine with too much to do drops some.
        """
        packets = Counter(sound[at : at + FRAME] for at in range(0, len(sound), FRAME))
        last = sound[-FRAME:] if len(sound) % FRAME == 0 else sound[-(len(sound) % FRAME) :]
        async with asyncio.timeout(within):
            while self.heard.count(last) < packets[last] or _share(packets, self.heard) < LEAST_HEARD:
                self._hears.clear()
                await self._hears.wait()

    async def press(self, keys: str) -> None:
        """Press keys (RFC 4733), 100 ms each with 80 ms between."""
        for key in keys:
            event = "0123456789*#ABCD".index(key)
            start = self._stamp
            for step in range(1, 6):
                self._send(EVENTS, struct.pack("!BBH", event, 10, step * FRAME), start, step == 1)
                await asyncio.sleep(0.02)
            for _ in range(3):
                self._send(EVENTS, struct.pack("!BBH", event, 0x8A, 6 * FRAME), start)
            await asyncio.sleep(0.08)

    async def press_badly(self, key: str, burst: str) -> None:
        """Press one key as bad telephones and gateways send it.

        "moving": each of the three end packets with a timestamp of its own. "held": 1.7 s, with a gap of
        1.2 s in which only sound is sent. "info": RFC 4733 and SIP INFO both.
        """
        event, start = "0123456789*#ABCD".index(key), self._stamp
        if burst == "info":
            self.cseq += 1
            self.phone.info(self, key)
        for step in range(1, 11):
            self._send(EVENTS, struct.pack("!BBH", event, 10, step * FRAME), start, step == 1)
            await asyncio.sleep(0.02)
        if burst == "held":
            await asyncio.sleep(1.2)
        for step in range(1, 4):
            moved = start + step * FRAME if burst == "moving" else start
            self._send(EVENTS, struct.pack("!BBH", event, 0x8A, 85 * FRAME), moved)
            await asyncio.sleep(0.02)

    async def hang_up(self) -> None:
        """Send BYE (CANCEL before the answer) and wait for the end."""
        if not self.ended.is_set():
            if self.answered.is_set():
                self.cseq += 1
                self.phone.request("BYE", self, self.target)
            else:
                self.phone.request("CANCEL", self, self.target)
            await asyncio.wait_for(self.ended.wait(), 5)

    def _send(self, kind: int, payload: bytes, stamp: int, marker: bool = False) -> None:
        if self._rtp is not None and self.rtp_to is not None and not self._rtp.is_closing():
            self._sequence = (self._sequence + 1) & 0xFFFF
            mark = 0x80 if marker else 0
            header = struct.pack("!BBHII", 0x80, mark | kind, self._sequence, stamp & 0xFFFFFFFF, 0x181)
            self._rtp.sendto(header + payload, self.rtp_to)

    async def talk(self) -> None:
        """Send 20 ms of `voice` again and again: silence, as long as the telephone's owner listens."""
        while not self.ended.is_set():
            self._send(ALAW, self.voice, self._stamp)
            self._stamp += FRAME
            await asyncio.sleep(0.02)

    def mute(self) -> None:
        """Send no sound any more, as with the microphone off; what comes is heard, and keys are sent."""
        if self._talk is not None:
            self._talk.cancel()

    def received(self, packet: bytes) -> None:
        """An RTP packet arrived."""
        kind = packet[1] & 0x7F
        self.formats.add(kind)
        if kind == ALAW:
            self.heard += packet[12:]
            self._hears.set()

    def finish(self, status: int = 0) -> None:
        """The call is over."""
        self.status = status or self.status
        self.ended.set()
        self._hears.set()
        if self._talk is not None:
            self._talk.cancel()
        if self._rtp is not None:
            self._rtp.close()


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, call: Call) -> None:
        self.call = call

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.call.received(data)


class Phone(asyncio.DatagramProtocol):
    """`user` at the loopback address `host`; make it with `telephone`."""

    def __init__(self, user: str, host: str, server: tuple[str, int]) -> None:
        self.user, self.host, self.server = user, host, server
        self.port = 0
        self.password = ""
        self.calls: dict[str, Call] = {}
        self.incoming: asyncio.Queue[Call] = asyncio.Queue()
        self.pick_up_by_itself = True
        self.gone = False
        self._invites: dict[str, tuple[str, tuple[str, int]]] = {}
        self._registered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def vanish(self) -> None:
        """Be gone without a word, as a telephone whose battery or network died: neither SIP nor sound."""
        self.gone = True
        for call in self.calls.values():
            call.mute()

    async def call(self, number: str, *, caller: str | None = None, headers: str = "") -> Call:
        """Dial; `caller` is the whole of the From header before its tag."""
        who = caller if caller is not None else f"<sip:{self.user}@{self.host}>"
        call = Call(self, secrets.token_hex(8), f"{who};tag={secrets.token_hex(4)}")
        call.target = f"sip:{number}@{self.server[0]}:{self.server[1]}"
        call.remote = f"<{call.target}>"
        self.calls[call.call_id] = call
        call.sdp = await self._listen(call)
        self.request("INVITE", call, call.target, headers, call.sdp)
        return call

    async def register(self, password: str) -> None:
        """Register with digest authentication; the password is kept for calls."""
        self.password = password
        uri = f"sip:{self.server[0]}:{self.server[1]}"
        call = Call(self, secrets.token_hex(8), f"<sip:{self.user}@{self.host}>;tag=r")
        call.remote = f"<sip:{self.user}@{self.host}>"
        authorization = ""
        for _ in range(2):
            self._registered = asyncio.get_running_loop().create_future()
            self.request("REGISTER", call, uri, f"{authorization}Expires: 300\r\n")
            answer = await asyncio.wait_for(self._registered, 5)
            authorization = self._authorize(answer, "REGISTER", uri)
            call.cseq += 1
        assert answer.startswith("SIP/2.0 200"), answer.splitlines()[0]

    def _authorize(self, challenge: str, method: str, uri: str) -> str:
        fields = dict(re.findall(r'(\w+)="([^"]*)"', _header(challenge, "WWW-Authenticate")))
        if not fields:
            return ""
        first = _md5(f"{self.user}:{fields['realm']}:{self.password}")
        answer = _md5(f"{first}:{fields['nonce']}:00000001:c:auth:{_md5(f'{method}:{uri}')}")
        return (
            f'Authorization: Digest username="{self.user}",realm="{fields["realm"]}",uri="{uri}",'
            f'nonce="{fields["nonce"]}",response="{answer}",algorithm=MD5,cnonce="c",nc=00000001,qop=auth\r\n'
        )

    def request(self, method: str, call: Call, uri: str, headers: str = "", body: str = "") -> None:
        """Send a request of a call."""
        branch = f"z9hG4bK{call.call_id}{call.cseq}"
        self.send(
            f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self.host}:{self.port};branch={branch}\r\n"
            f"Max-Forwards: 70\r\nFrom: {call.local}\r\nTo: {call.remote}\r\nCall-ID: {call.call_id}\r\n"
            f"CSeq: {call.cseq} {method}\r\nContact: <sip:{self.user}@{self.host}:{self.port}>\r\n{headers}"
            + ("Content-Type: application/sdp\r\n" if body and "Content-Type" not in headers else "")
            + f"Content-Length: {len(body)}\r\n\r\n{body}",
            self.server,
        )

    def info(self, call: Call, key: str) -> None:
        """Tell a key by SIP INFO."""
        body = f"Signal={key}\r\nDuration=160\r\n"
        self.request("INFO", call, call.target, "Content-Type: application/dtmf-relay\r\n", body)

    def send(self, text: str, to: tuple[str, int]) -> None:
        """Send a message as it is."""
        if self._transport is not None and not self.gone:
            self._transport.sendto(text.encode("utf-8", "surrogateescape"), to)

    async def _listen(self, call: Call) -> str:
        loop = asyncio.get_running_loop()
        call._rtp, _ = await loop.create_datagram_endpoint(lambda: _Ear(call), local_addr=(self.host, 0))
        port = call._rtp.get_extra_info("sockname")[1]
        call._talk = asyncio.create_task(call.talk())
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {ALAW} {EVENTS}\r\na=rtpmap:{ALAW} PCMA/8000\r\n"
            f"a=rtpmap:{EVENTS} telephone-event/8000\r\na=fmtp:{EVENTS} 0-15\r\na=ptime:20\r\n"
        )

    def refuse(self, call: Call) -> None:
        """Turn an incoming call down."""
        self._reply(*self._invites[call.call_id], "486 Busy Here")
        call.finish(486)

    async def pick_up(self, call: Call) -> None:
        """Answer an incoming call."""
        call.sdp = await self._listen(call)
        head, to = self._invites[call.call_id]
        self._reply(head, to, "200 OK", call.sdp)
        call.answered.set()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        if self.gone:
            return
        if head.startswith("SIP/2.0"):
            self._answer(head, body)
        else:
            self._asked(head, body, addr)

    def _answer(self, head: str, body: str) -> None:
        status = int(head.split()[1])
        method = _header(head, "CSeq").split()[1]
        if method == "REGISTER":
            if not self._registered.done():
                self._registered.set_result(head)
            return
        call = self.calls.get(_header(head, "Call-ID"))
        if call is None:
            return
        if method == "INVITE" and 180 <= status < 300:
            call.other_end = _header(head, "To")
            call.ringing.set()
        if status < 200:
            return
        if method == "REFER" and status >= 300:
            call.passed.put_nowait(status)
        if method == "BYE" or (method == "INVITE" and status >= 300):
            if method == "INVITE":
                tagless, call.remote = call.remote, _header(head, "To")
                self.request("ACK", call, call.target)
                if status == 401 and self.password and call.cseq == 1:
                    call.remote, call.cseq = tagless, 2
                    self.request(
                        "INVITE", call, call.target, self._authorize(head, "INVITE", call.target), call.sdp
                    )
                    return
            call.finish(status)
        elif method == "INVITE":
            call.remote = _header(head, "To")
            contact = re.search(r"<([^>]+)>", _header(head, "Contact"))
            call.target = contact[1] if contact else call.target
            self._media(call, body)
            self.request("ACK", call, call.target)
            call.status = status
            call.answered.set()

    def _asked(self, head: str, body: str, addr: tuple[str, int]) -> None:
        method = head.split(maxsplit=1)[0]
        call = self.calls.get(_header(head, "Call-ID"))
        if method == "INVITE" and call is None:
            call = Call(self, _header(head, "Call-ID"), "", _header(head, "From"), incoming=True)
            call.local = f"{_header(head, 'To')};tag={secrets.token_hex(4)}"
            contact = re.search(r"<([^>]+)>", _header(head, "Contact"))
            call.target = contact[1] if contact else ""
            self.calls[call.call_id] = call
            self._invites[call.call_id] = (head, addr)
            self._media(call, body)
            self._reply(head, addr, "180 Ringing")
            if self.pick_up_by_itself:
                task = asyncio.get_running_loop().create_task(self.pick_up(call))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            self.incoming.put_nowait(call)
        elif method == "CANCEL" and call is not None:
            self._reply(head, addr, "200 OK")
            self._reply(*self._invites[call.call_id], "487 Request Terminated")
            call.finish(487)
        elif method == "BYE" and call is not None:
            self._reply(head, addr, "200 OK")
            call.finish()
        elif method in ("INVITE", "UPDATE") and call is not None:
            call.refreshed += 1
            self._media(call, body)
            # An offer is answered; a refresh by UPDATE brings none.
            self._reply(head, addr, "200 OK", call.sdp if method == "INVITE" or body else "")
        elif method not in ("ACK", "INVITE"):
            self._reply(head, addr, "200 OK")
            if call is not None and "terminated" in _header(head, "Subscription-State"):
                call.passed.put_nowait(int(body.split()[1]))

    def _media(self, call: Call, sdp: str) -> None:
        host, port = re.search(r"c=IN IP4 (\S+)", sdp), re.search(r"m=audio (\d+)", sdp)
        if host and port:
            call.rtp_to = (host[1], int(port[1]))

    def _reply(self, head: str, to: tuple[str, int], status: str, sdp: str = "") -> None:
        call = self.calls.get(_header(head, "Call-ID"))
        kept = [line for line in head.split("\r\n")[1:] if re.match(r"(?i)(via|from|call-id|cseq):", line)]
        to_header = call.local if call is not None and call.incoming else _header(head, "To")
        body = "Content-Type: application/sdp\r\n" if sdp else ""
        contact = f"Contact: <sip:{self.user}@{self.host}:{self.port}>\r\n"
        if call is not None and call.refreshed and (expires := _header(head, "Session-Expires")):
            contact += f"Supported: timer\r\nSession-Expires: {expires}\r\n"
        self.send(
            "\r\n".join([f"SIP/2.0 {status}", *kept, f"To: {to_header}"])
            + f"\r\n{contact}{body}Content-Length: {len(sdp)}\r\n\r\n{sdp}",
            to,
        )


def _share(packets: Counter[bytes], heard: bytearray) -> float:
    found = sum(min(heard.count(packet), times) for packet, times in packets.items())
    return found / packets.total()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - SIP's own digest


def _header(head: str, name: str) -> str:
    match = re.search(rf"(?im)^{name}:[ \t]*(.*?)\r?$", head)
    return match[1] if match else ""


@asynccontextmanager
async def telephone(user: str, host: str, server: tuple[str, int]) -> AsyncIterator[Phone]:
    """A telephone on a free port of `host`; leaves no socket and no task."""
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(
        lambda: Phone(user, host, server), local_addr=(host, 0)
    )
    phone._transport, phone.port = transport, transport.get_extra_info("sockname")[1]
    try:
        yield phone
    finally:
        for call in () if phone.gone else phone.calls.values():
            with contextlib.suppress(TimeoutError):
                if not call.ended.is_set() and (call.answered.is_set() or call.cseq):
                    await call.hang_up()
        for call in phone.calls.values():
            call.finish()
        transport.close()
        await asyncio.sleep(0)
