"""Guessers of passwords, from what a real Asterisk writes of them, and from what a stranger might make it
write."""

import asyncio
import configparser
import json
import os
import re
import socket
from pathlib import Path

import pytest

from helpline.health.guessing import MOST_ADDRESSES, MOST_BYTES, UNCLEAR, Guessing, refused
from helpline.health.settings import HealthSettings
from tests.agi.fake_asterisk import until
from tests.dialplan.asterisk_fixture import private_asterisk

LINE = (
    'SecurityEvent="{event}",'
    'EventTV="2026-11-30T10:00:{second:02d}.500+0530",Severity="Error",Service="PJSIP",EventVersion="1",'
    'AccountID="{account}",SessionID="x",LocalAddress="IPV4/UDP/192.0.2.1/5060",'
    'RemoteAddress="IPV4/UDP/{address}/5071"'
)
_ERROR = r"Severity=\"Error\""
FILTER = Path(__file__).parents[3] / "docs" / "guessing" / "filter.conf"


def line(
    second: int = 0, address: str = "198.51.100.9", account: str = "2001", event: str = "InvalidAccountID"
) -> str:
    message = LINE.format(second=second, address=address, account=account, event=event) + "\n"
    told = {
        "hostname": "",
        "timestamp": f"2026-11-30 10:00:{second:02d}",
        "identifiers": {"lwp": 77, "callid": ""},
        "logmsg": {
            "location": {
                "filename": "res_security_log.c",
                "function": "security_event_stasis_cb",
                "line": 114,
            },
            "level": "SECURITY",
            "message": message,
        },
    }
    return json.dumps(told, separators=(",", ":")) + "\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "security.log"


@pytest.fixture
def guessing(log: Path) -> Guessing:
    return Guessing(log, log.with_name("guessing.json"), HealthSettings())


def append(log: Path, *lines: str) -> None:
    with log.open("a", encoding="utf-8") as opened:
        opened.writelines(lines)


def test_ten_refused_requests_within_a_minute_are_told_with_what_was_tried(
    log: Path, guessing: Guessing
) -> None:
    assert guessing.look() == []
    append(log, *(line(second, account=f"10{second}") for second in range(9)), line(9, "198.51.100.10"))
    assert guessing.look() == []
    append(log, line(59, account="admin"))
    (told,) = guessing.look()
    assert (told.kind, told.subject, told.lasts) == ("sip_guessing", "198.51.100.9", False)
    assert dict(told.data) == {"tries": 10, "account": "admin"}
    assert guessing.look() == []


def test_a_telephone_with_an_old_password_is_no_guesser(log: Path, guessing: Guessing) -> None:
    for minute in range(20):
        append(
            log,
            line(0).replace("T10:00", f"T10:{minute:02d}"),
            line(30).replace("T10:00", f"T10:{minute:02d}"),
        )
    append(log, *(line(second, event="ChallengeSent") for second in range(50)))
    assert guessing.look() == []


def test_nothing_is_lost_or_counted_twice_over_a_rotation_and_a_restart(
    log: Path, guessing: Guessing
) -> None:
    append(log, *(line(second) for second in range(4)))
    guessing.look()
    append(log, *(line(second) for second in range(4, 8)), line(8)[:50])
    log.rename(log.with_name("security.log.20261130T100009"))
    append(log, *(line(second) for second in range(10, 12)))
    (told,) = guessing.look()
    assert told.data["tries"] == 10
    again = Guessing(log, log.with_name("guessing.json"), HealthSettings())
    assert again.look() == []
    append(log, *(line(second) for second in range(20, 29)))
    assert again.look() == []
    append(log, line(29))
    (told,) = again.look()
    assert told.data["tries"] == 10


def test_a_flood_costs_a_bounded_piece_and_its_end_is_read(log: Path, guessing: Guessing) -> None:
    append(log, line(0, "203.0.113.1"))
    guessing.look()
    many = MOST_BYTES // len(line()) + 5000
    append(log, *(line(1) for _ in range(many)), line(2, "203.0.113.2"))
    (told,) = guessing.look()
    assert 1000 < int(str(told.data["tries"])) < many
    append(log, *(line(3, f"10.{n >> 8}.{n & 255}.1") for n in range(MOST_ADDRESSES + 50)))
    guessing.look()
    assert len(guessing._known) == MOST_ADDRESSES


@pytest.mark.parametrize(
    "account",
    [
        'x",SessionID="x",LocalAddress="IPV4/UDP/192.0.2.1/5060",RemoteAddress="IPV4/UDP/10.20.0.9/5060',
        'x",LocalAddress="",RemoteAddress="IPV4/UDP/10.20.0.9/5060"',
    ],
)
def test_a_stranger_cannot_put_his_tries_on_another_address(account: str) -> None:
    told = refused(line(account=account).rstrip("\n"))
    assert told is not None
    assert told[0] == UNCLEAR
    assert banned(line(account=account)) is None


@pytest.mark.parametrize(
    "wrong", ["", "[", "x" * 9000, line(event="SuccessfulAuth"), line().replace("T10", "T99")]
)
def test_other_lines_are_nothing(wrong: str) -> None:
    assert refused(wrong) is None


def banned(text: str) -> str | None:
    """Whom the shipped filter would shut out, by fail2ban's meaning of <HOST>."""
    parser = configparser.ConfigParser(
        interpolation=configparser.BasicInterpolation(), default_section="none"
    )
    parser.read(FILTER, encoding="utf-8")
    expression = parser["Definition"]["failregex"].replace("<HOST>", r"(?P<host>[0-9A-Fa-f.:]+)")
    found = re.search(expression, text.rstrip("\n"))
    return found["host"] if found else None


def request(user: str, port: int, authorization: str = "") -> bytes:
    where = f"{user}@127.0.0.1"
    head = (
        f"REGISTER sip:127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.9:{port};branch=z9hG4bK{os.urandom(4).hex()}\r\n"
        f"From: <sip:{where}>;tag=1\r\nTo: <sip:{where}>\r\nCall-ID: {os.urandom(5).hex()}\r\n"
        f"CSeq: 1 REGISTER\r\nContact: <sip:{user}@127.0.0.9:{port}>\r\nMax-Forwards: 70\r\n"
    )
    return f"{head}{authorization}Content-Length: 0\r\n\r\n".encode()


@pytest.mark.call
async def test_a_real_guesser_at_a_real_asterisk_is_told_and_the_shipped_filter_finds_him() -> None:
    loop = asyncio.get_running_loop()
    async with private_asterisk(agi_port=39_999) as centre:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.bind(("127.0.0.9", 0))
            peer.setblocking(False)
            port = peer.getsockname()[1]

            async def ask(message: bytes) -> str:
                await loop.sock_sendto(peer, message, centre.server)
                async with asyncio.timeout(10):
                    return (await loop.sock_recv(peer, 4096)).decode()

            for number in range(8):
                assert " 401 " in await ask(request(f"47{number}", port))
            answer = await ask(request("2001", port))
            nonce, realm = (re.search(f'{name}="([^"]+)"', answer) for name in ("nonce", "realm"))
            assert nonce
            assert realm
            wrong = (
                f'Authorization: Digest username="2001",realm="{realm[1]}",nonce="{nonce[1]}",uri="sip:x",'
                f'response="{"0" * 32}",algorithm=MD5\r\n'
            )
            for _ in range(4):
                await ask(request("2001", port, wrong))
        log = centre.runtime / "log" / "security.log"
        await until(lambda: log.read_text().count(_ERROR) >= 10, 10)
        guessing = Guessing(log, centre.runtime / "guessing.json", HealthSettings())
        (told,) = guessing.look()
        assert (told.subject, told.data["account"]) == ("127.0.0.9", "2001")
        lines = [one for one in log.read_text().splitlines() if _ERROR in one]
        assert {banned(one) for one in lines} == {"127.0.0.9"}
