"""Who guesses telephone passwords: refused SIP requests by address, from Asterisk's security.log.

The file is followed through its rotations, and over restarts by a small file beside the state: nothing is
counted twice, and a flood costs a bounded piece a look. An account's name and the rest of a request are a
stranger's: a line in which the addresses stand more than once says nothing of who it was.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from desk.condition import Condition
from helpline.health.settings import HealthSettings

MOST_BYTES = 1 << 20
"""Read at a look, some 3,000 requests; what a flood wrote beyond it is passed over, its tail is enough."""
MOST_ADDRESSES = 1000
UNCLEAR = "?"
REFUSED = frozenset(
    {
        "InvalidAccountID", "InvalidPassword", "ChallengeResponseFailed", "FailedACL", "UnexpectedAddress",
        "RequestNotAllowed", "InvalidTransport",
    }
)  # fmt: skip
_LINE = re.compile(
    r'^\[[^\]]*\] SECURITY\[\d+\] \S+: SecurityEvent="(\w+)",EventTV="([^"]{10,40})",.*?Service="PJSIP"'
)
_WHO = re.compile(r'LocalAddress="[^"]*",RemoteAddress="IPV[46]/[A-Z]+/([0-9A-Fa-f.:]+)/\d+"')
_ACCOUNT = re.compile(r'AccountID="([^"]{0,80})')


@dataclass
class Guesser:
    """One address: when it was refused lately, and how often in all."""

    recent: deque[datetime] = field(default_factory=deque)
    tries: int = 0
    account: str = ""


class Guessing:
    """`look` blocks. One for the life of a service."""

    def __init__(self, log_file: Path, mark: Path, settings: HealthSettings) -> None:
        self._file = log_file
        self._mark = mark
        self._settings = settings
        self._known: dict[str, Guesser] = {}

    def look(self) -> list[Condition]:
        """Addresses that were refused too often within the window since the last look."""
        seen = set[str]()
        for line in self._lines():
            if told := refused(line):
                address, account, at = told
                seen.add(address)
                self._count(address, account, at)
        return [self._condition(one) for one in sorted(seen) if self._often(one)]

    def _count(self, address: str, account: str, at: datetime) -> None:
        guesser = self._known.pop(address, None) or Guesser()
        self._known[address] = guesser
        while len(self._known) > MOST_ADDRESSES:
            del self._known[next(iter(self._known))]
        guesser.tries += 1
        guesser.account = account
        guesser.recent.append(at)
        while (at - guesser.recent[0]).total_seconds() > self._settings.guess_window_seconds:
            guesser.recent.popleft()
        while len(guesser.recent) > self._settings.guess_tries:
            guesser.recent.popleft()

    def _often(self, address: str) -> bool:
        known = self._known.get(address)
        return known is not None and len(known.recent) >= self._settings.guess_tries

    def _condition(self, address: str) -> Condition:
        known = self._known[address]
        return Condition(
            "sip_guessing", address, f"{known.tries} SIP requests from {address} were refused",
            "shut the address out: docs/operating.md, Strangers who guess",
            data={"tries": known.tries, "account": known.account}, lasts=False,
        )  # fmt: skip

    def _lines(self) -> Iterator[str]:
        """Whole lines that are new, at first those at the end of a file that was renamed meanwhile."""
        inode, offset = self._remembered()
        try:
            now = self._file.stat().st_ino
        except FileNotFoundError:
            return
        if inode not in (None, now):
            for file in self._file.parent.glob(f"{self._file.name}.*"):
                if file.stat().st_ino == inode:
                    yield from _new(file, offset)[0]
            offset = 0
        lines, end = _new(self._file, offset)
        self._remember(now, end)
        yield from lines

    def _remembered(self) -> tuple[int | None, int]:
        try:
            told = json.loads(self._mark.read_text(encoding="ascii"))
            return int(told["inode"]), max(0, int(told["offset"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None, 0

    def _remember(self, inode: int, offset: int) -> None:
        """Before the lines are counted: a note too little is better than one at every start."""
        fresh = self._mark.with_name(f"{self._mark.name}.new")
        fresh.write_text(json.dumps({"inode": inode, "offset": offset}), encoding="ascii")
        fresh.replace(self._mark)


def _plain(line: str) -> str:
    """The line as text: Asterisk writes it as JSON, so that no name in it can begin a line of its own."""
    if not line.startswith("{"):
        return line
    try:
        return f"[] SECURITY[0] json: {json.loads(line)['logmsg']['message']}".rstrip()
    except (ValueError, KeyError, TypeError):
        return ""


def refused(line: str) -> tuple[str, str, datetime] | None:
    """Address, account and moment of a refused request; None for any other line."""
    line = _plain(line)
    found = _LINE.match(line)
    if found is None or found[1] not in REFUSED:
        return None
    try:
        at = datetime.strptime(found[2], "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        return None
    who = _WHO.findall(line)
    account = _ACCOUNT.search(line)
    return who[0] if len(who) == 1 else UNCLEAR, account[1] if account else "", at


def _new(file: Path, offset: int) -> tuple[list[str], int]:
    """Whole lines from an offset on, and where the next look begins."""
    size = file.stat().st_size
    offset = 0 if offset > size else offset
    begin = max(offset, size - MOST_BYTES)
    with file.open("rb") as opened:
        opened.seek(begin)
        content = opened.read(MOST_BYTES)
    whole, newline, _ = content.rpartition(b"\n")
    lines = whole.decode("utf-8", "replace").split("\n")
    return lines[1:] if begin > offset else lines, begin + len(whole) + len(newline)
