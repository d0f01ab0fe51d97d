"""Whole sessions of a peer that knows the key and says anything: the book goes on, and holds nothing odd."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from blockbuster import BlockBuster
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agi.centre import Centre
from agi.conversations import STEPS
from agi.gate import Gate, token
from agi.journal import Journal
from agi.serve import serving
from agi.settings import AgiSettings
from agi.spool import RecordsSpool
from records import Spool, open_records
from records.database.urls import sqlite_url
from records.spool import aside
from tests.agi.fake_asterisk import FakeAsterisk, environment
from tests.agi.house import CALL_ID, DISTRICTS, MENU, AllSounds

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KEY = "the-key"
THE_LAST = [CALL_ID, "", "181", "", "16"]
SETTINGS = AgiSettings(
    port=0, tick_seconds=0.02, journal_seconds=0.01, handshake_seconds=0.3, command_seconds=0.3,
    play_seconds=0.3, silent_seconds=1, lookup_seconds=0.2, complaint_wait_seconds=0.2, cleanup_seconds=0.3,
    ended_seconds=0.5, recording_seconds=0.05, key_seconds=0.05, confirm_seconds=0.05, waiting_seconds=0.05,
)  # fmt: skip

NINES = b"9" * 400
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from([
        "", "9" * 40, "-1", "16", "PJSIP/2001", "district-39", "2001/99999999999/a.wav&", "\x00", "\ud7ff",
        "1e400", "'; DROP TABLE calls; --", "../../x.wav", "NaN", "39", "181", "CONTINUE", "a,b",
        "${SHELL(id)}",
    ]),
)  # fmt: skip
GOOD = {
    "call": st.uuids().map(str),
    "number": st.sampled_from(["9826012310", "+919826012310", "", "07372181"]),
}
ARGUMENTS = st.one_of(
    st.lists(HOSTILE, max_size=12),
    st.tuples(GOOD["call"], GOOD["number"], GOOD["number"], *[HOSTILE] * 7).map(list),
    st.tuples(GOOD["call"], GOOD["number"], GOOD["number"]).map(lambda three: [*three, "5", "39"]),
)
REPLIES = st.lists(
    st.one_of(
        st.sampled_from([
            b"200 result=0\n", b"200 result=1\n", b"200 result=49\n", b"200 result=51 endpos=8000\n",
            b"200 result=1 (39)\n", b"200 result=1 (status)\n", b"HANGUP\n", b"511 result=-1\n", b"510 no\n",
            b"200 result=1 (" + NINES + b")\n", b"200 result=" + NINES + b" endpos=" + NINES + b"\n",
            b"200 result=-1 (hangup) endpos=-5\n", b"520-x\n520 end\n", b"200 result=1 (\xff\xfe\x00)\n",
            b"200 result=0 (timeout) endpos=99999999999999999999\n",
        ]),
        st.binary(max_size=40).map(lambda some: some + b"\n"),
    ),
    max_size=25,
)  # fmt: skip
SESSIONS = st.lists(st.tuples(st.sampled_from([*STEPS, "../x"]), ARGUMENTS, REPLIES), min_size=1, max_size=6)


@given(sessions=SESSIONS)
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_book_goes_on(
    tmp_path_factory: pytest.TempPathFactory,
    event_loop_is_free: BlockBuster,
    sessions: list[tuple[str, list[str], list[bytes]]],
) -> None:
    event_loop_is_free.deactivate()
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    asyncio.run(_attacked(folder, sessions))


async def _attacked(folder: Path, sessions: list[tuple[str, list[str], list[bytes]]]) -> None:
    spool = Spool(folder / "spool")
    try:
        async with await open_records(sqlite_url(folder / "records.sqlite"), clock=lambda: NOW) as records:
            journal = Journal(SETTINGS, RecordsSpool(records, spool))
            centre = Centre(
                calls=records.calls, complaints=records.complaints, catalogue=AllSounds(),
                districts=DISTRICTS, menu=MENU, drafts=records.drafts, callbacks=records.callbacks,
                journal=journal, settings=SETTINGS, recordings=folder,
            )  # fmt: skip
            async with journal.kept(), serving(centre, lambda: NOW, Gate(KEY)) as server:
                async with asyncio.timeout(60):
                    await asyncio.gather(*(_session(server.address, *one) for one in sessions))
                    await _session(server.address, "ended", THE_LAST, [b"200 result=0\n"] * 9)
                    while server.sessions:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                assert await journal.settle(10)
            assert spool.pending() == 0
            assert aside.read(folder / "spool") == [], "nothing that cannot be stored gets in"
            stored = await records.calls.get(CALL_ID)
            assert stored is not None
            assert stored.outcome == "abandoned"
            for call in await records.calls.recent(1000):
                assert re.fullmatch(r"[0-9a-f-]{36}", call.call_id, re.IGNORECASE)
                assert call.cause is None or 0 <= call.cause <= 999
    finally:
        spool.close()


async def _session(
    address: tuple[str, int], script: str, arguments: Sequence[str], replies: Sequence[bytes]
) -> None:
    plain = [value.replace("\n", " ") for value in arguments]
    call_id = parsed_call(plain)
    block = environment(f"{script}?key={token(KEY, script, call_id)}", plain)
    async with FakeAsterisk(address, limit=3.0) as asterisk:
        asterisk.send(block)
        for reply in replies:
            if not await asterisk.command():
                return
            asterisk.send(reply)


def parsed_call(arguments: Sequence[str]) -> str:
    """The call's id as the service reads it."""
    from agi.environment import parse_environment

    return parse_environment(environment("x", arguments)[:-1]).arg(1)
