"""The calls of the ivr bench: SIPp as the trunk's callers and as the executives' phones."""

import asyncio
import contextlib
import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bench.ivr_centre import TRUNK
from bench.ivr_menu import Script
from bench.ivr_voice import write_voice

_PATIENCE_SECONDS = 20

_CALLER_HEAD = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="caller">
<send retrans="500"><![CDATA[

INVITE sip:181@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:98[field0]@[local_ip]>;tag=[call_number]
To: <sip:181@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15

]]></send>
<recv response="100" optional="true"></recv>
<recv response="180" optional="true"></recv>
<recv response="183" optional="true"></recv>
<recv response="200" timeout="5000"></recv>
<send><![CDATA[

ACK sip:181@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:98[field0]@[local_ip]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
_CALLER_TAIL = """<send retrans="500"><![CDATA[

BYE sip:181@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:98[field0]@[local_ip]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200" timeout="8000"></recv>
</scenario>
"""
_EXECUTIVE = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="executive">
<recv request="INVITE"></recv>
<send><![CDATA[

SIP/2.0 180 Ringing
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:executive@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:executive@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000

]]></send>
<recv request="ACK"></recv>
<recv request="BYE"></recv>
<send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:executive@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
</scenario>
"""


@dataclass(frozen=True)
class Placed:
    """How SIPp saw its calls."""

    successful: int
    failed: int
    errors: str = ""


async def place(
    folder: Path, port: int, script: Script, *, calls: int, rate: float, first: int, media_port: int
) -> Placed:
    """`calls` callers at `rate` a second; their numbers count up from 98<first>.

    Who has no executive when he hangs up is a failed call.
    """
    lasts = write_voice(folder / "caller.pcap", script.presses, script.stay_ms)
    (folder / "caller.xml").write_text(
        f'{_CALLER_HEAD}<nop><action><exec play_pcap_audio="caller.pcap"/></action></nop>\n'
        f'<pause milliseconds="{lasts}"/>\n{_CALLER_TAIL}',
        encoding="ascii",
    )
    numbers = "".join(f"{first + number:08}\n" for number in range(calls))
    (folder / "numbers.csv").write_text("SEQUENTIAL\n" + numbers, encoding="ascii")
    statistics = folder / "caller.csv"
    statistics.unlink(missing_ok=True)
    process = await asyncio.create_subprocess_exec(
        "sipp", f"127.0.0.1:{port}", "-i", TRUNK, "-mi", TRUNK, "-mp", str(media_port),
        "-sf", "caller.xml", "-inf", "numbers.csv", "-r", str(max(1, round(rate * 10))), "-rp", "10000",
        "-m", str(calls), "-l", str(calls + 1), "-trace_stat", "-stf", str(statistics), "-fd", "1",
        "-nostdin", "-timeout", f"{calls / rate + lasts / 1000 + _PATIENCE_SECONDS:.0f}s", "-timeout_error",
        "-trace_err", "-error_file", "caller.err",
        cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not statistics.exists():
        raise RuntimeError(f"SIPp did not run: {said.decode(errors='replace').strip()[-300:]}")
    with statistics.open(encoding="ascii") as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    successful = int(last["SuccessfulCall(C)"])
    return Placed(successful, calls - successful, said.decode(errors="replace")[-300:])


@contextlib.asynccontextmanager
async def executives(folder: Path, port: int) -> AsyncIterator[None]:
    """Phones that answer at once and speak until the caller hangs up."""
    (folder / "executive.xml").write_text(_EXECUTIVE, encoding="ascii")
    process = await asyncio.create_subprocess_exec(
        "sipp", "-sf", "executive.xml", "-i", "127.0.0.1", "-p", str(port), "-mp", str(port + 2), "-nostdin",
        cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
