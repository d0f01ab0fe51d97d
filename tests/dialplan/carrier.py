"""A carrier that answers what it is told to, and no ping."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Carrier(asyncio.DatagramProtocol):
    """A trunk that answers no OPTIONS, and every INVITE with these answers."""

    def __init__(self, *answers: str) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.address = ""
        self.invited = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer as this carrier does."""
        head = data.decode().split("\r\n\r\n")[0]
        self.asked.append(head.split("\r\n")[0])
        if not head.startswith("INVITE"):
            return
        self.invited.set()
        kept = [line for line in head.split("\r\n") if re.match(r"(?i)(via|from|to|call-id|cseq):", line)]
        told = re.sub(r"(?im)^(to:[^\r\n]*)", r"\1;tag=deaf", "\r\n".join(kept))
        for answer in self.answers:
            assert self._transport is not None
            self._transport.sendto(f"SIP/2.0 {answer}\r\n{told}\r\nContent-Length: 0\r\n\r\n".encode(), addr)

    @property
    def numbers(self) -> set[str]:
        """What was dialled by it."""
        return {line.split("sip:")[1].split("@")[0] for line in self.asked if line.startswith("INVITE")}


@asynccontextmanager
async def carrier(host: str, *answers: str) -> AsyncIterator[Carrier]:
    """A trunk at a free port of `host`."""
    transport, one = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Carrier(*answers), local_addr=(host, 0)
    )
    one._transport, one.address = transport, f"{host}:{transport.get_extra_info('sockname')[1]}"
    try:
        yield one
    finally:
        transport.close()
