"""Single SIP requests as text, from any loopback address, over UDP, TCP or WebSocket; what comes back."""

import asyncio
import contextlib
import re
import secrets
from collections.abc import Mapping

import aiohttp

from dialplan.settings import AsteriskSettings

SDP = "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"


def request(
    method: str, uri: str, who: str, host: str, *, to: str = "", extra: str = "", transport: str = "UDP"
) -> str:
    """A request with a From of `who`; an INVITE with an offer."""
    body = SDP.format(host=host) if method == "INVITE" else ""
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{method} {uri} SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport} {host}:5070;branch=z9hG4bK{secrets.token_hex(6)};rport\r\n"
        f"Max-Forwards: 70\r\nFrom: {who};tag={secrets.token_hex(4)}\r\nTo: {to or f'<{uri}>'}\r\n"
        f"Call-ID: {secrets.token_hex(8)}\r\nCSeq: 1 {method}\r\nContact: <sip:trunk@{host}:5070>\r\n"
        f"{extra}{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    )


def status(answer: str) -> int:
    """The number of an answer; 0 for none."""
    found = re.match(r"SIP/2.0 (\d{3})", answer)
    return int(found[1]) if found else 0


class _Ear(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.put_nowait(data.decode("utf-8", "replace"))


async def over_udp(host: str, server: tuple[str, int], text: str, *, within: float = 3.0) -> str:
    """The first answer that is not provisional; empty for none."""
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_datagram_endpoint(_Ear, local_addr=(host, 0))
    try:
        transport.sendto(text.encode(), server)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while True:
                    answer = await ear.heard.get()
                    if status(answer) >= 200:
                        return answer
        return ""
    finally:
        transport.close()
        await asyncio.sleep(0)


async def over_tcp(host: str, server: tuple[str, int], text: str) -> str:
    """The first answer on a connection from `host`."""
    reader, writer = await asyncio.open_connection(*server, local_addr=(host, 0))
    try:
        writer.write(text.encode())
        async with asyncio.timeout(5):
            return (await reader.readuntil(b"\r\n\r\n")).decode()
    finally:
        writer.close()
        await writer.wait_closed()


async def over_websocket(host: str, settings: AsteriskSettings, text: str) -> str:
    """The first answer on a WebSocket from `host`."""
    connector = aiohttp.TCPConnector(local_addr=(host, 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        url = f"http://{settings.control_bind}:{settings.http_port}/ws"
        async with session.ws_connect(url, protocols=("sip",)) as socket:
            await socket.send_str(text)
            return str((await socket.receive(timeout=5)).data)


def fields(answer: str) -> Mapping[str, str]:
    """The quoted fields of a challenge."""
    return dict(re.findall(r'(\w+)="([^"]*)"', answer))
