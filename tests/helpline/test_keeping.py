"""Retention and erasing a person through the command line, on a centre's own files."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpline import keeping
from helpline.app import App
from helpline.keeping import keep_retaining, retain
from helpline.wiring import open_centre_records
from records import Ask, Attend, Propose, Records, utc_now
from records.keeping.removing import removed
from records.keeping.retention import take_the_day
from records.keeping.settings import RetentionSettings
from tests.agi.fake_asterisk import until
from tests.helpline.conftest import Run
from tests.records.life_samples import SITA, officer
from tests.records.samples import call, complaint

MUNNI = "+919755512301"


async def of_the_past(records: Records, call_id: str, days: float, *, left: str = "") -> datetime:
    """A call of Munni's so many days ago, with its recording or a message ``left``."""
    begun = utc_now() - timedelta(days=days)
    start = replace(call(call_id), caller_raw="09755512301", caller_e164=MUNNI, started_at=begun)
    await records.calls.start(start)
    if left:
        await records.drafts.store(call_id, MUNNI, "39", left, 3.0, begun)
        await records.calls.ended(call_id, begun, cause=16, outcome="served")
        return begun
    await records.calls.answered(call_id, "2001", begun)
    await records.calls.ended(call_id, begun, cause=16, outcome="answered", recording=f"{call_id}.wav")
    return begun


def put(folder: Path, name: str, days: float, held: bytes = b"RIFF") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(held)
    then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))
    return path


async def aged(app: App) -> dict[str, Path]:
    """A centre with files of all kinds and ages."""
    recordings, logs = app.exchange.recordings_dir, keeping.logs_of(app)
    async with await open_centre_records(app) as records:
        begun = await of_the_past(records, "old", 400)
        await of_the_past(records, "young", 10)
        at = await of_the_past(records, "open", 400)
        await records.complaints.register(complaint(call_id="open", registered_at=at))
        await of_the_past(records, "heard", 400, left="heard.wav")
        await of_the_past(records, "waiting", 400, left="waiting.wav")
        heard = next(one for one in await records.drafts.open(5) if one.call_id == "heard")
        await records.drafts.discard(heard.id, "silent", "", "sita", begun)
    names = ("old.wav", "young.wav", "open.wav", "heard.wav", "waiting.wav", "stray.wav")
    files = {name: put(recordings, name, 1.5 if name == "young.wav" else 390) for name in names}
    for name, days in (
        ("queue_log", 400),
        ("queue_log.20250101T000000", 400),
        ("queue_log.20260901T000000", 100),
        ("cdr-csv/Master.csv.20250101T000000", 500),
    ):
        files[name] = put(logs, name, days)
    return files


def there(files: dict[str, Path]) -> set[str]:
    return {name for name, path in files.items() if path.exists()}


OVER = {"old.wav", "heard.wav", "queue_log.20250101T000000", "cdr-csv/Master.csv.20250101T000000"}


def test_what_is_over_goes_and_nothing_else(app: App, run: Run) -> None:
    files = asyncio.run(aged(app))
    dry = run("retention", "--dry-run", "--json").json
    assert {each["name"] for each in dry["due"]} == OVER
    assert there(files) == set(files)
    done = run("retention", "--json").json
    assert done["removed"] == len(OVER)
    assert there(files) == set(files) - OVER
    assert done["strays"] == ["stray.wav"]
    assert sum(done["kept"].values()) == 2
    again = run("retention")
    assert again.out.startswith("nothing is over")
    assert "stray.wav" in again.out

    async def told() -> Any:
        async with await open_centre_records(app) as records:
            return await removed(records.database, ["old.wav", "young.wav"])

    found = asyncio.run(told())
    assert [(name, one.rule, one.days, one.call_id) for name, one in found.items()] == [
        ("old.wav", "retention recordings_days=365", 365, "old")
    ]


def test_one_run_is_bounded(app: App) -> None:
    files = asyncio.run(aged(app))

    async def work() -> list[bool]:
        small = replace(app.settings, retention=RetentionSettings(most_a_run=3))
        bounded = App(settings=small)
        async with await open_centre_records(app) as records:
            return [(await retain(bounded, records, utc_now())).found.more for _ in range(2)]

    assert asyncio.run(work()) == [True, False]
    assert there(files) == set(files) - OVER


def test_a_run_that_was_killed_is_ended_by_the_next(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the note and before the file goes; then a file that cannot be removed."""
    files = asyncio.run(aged(app))

    class Killed(BaseException):
        pass

    async def die(*_: object) -> int:
        raise Killed

    async def work() -> int:
        async with await open_centre_records(app) as records:
            with monkeypatch.context() as patch:
                patch.setattr(keeping, "finish", die)
                with pytest.raises(Killed):
                    await retain(app, records, utc_now())
            assert there(files) == set(files)
            return (await retain(app, records, utc_now())).removed

    assert asyncio.run(work()) == len(OVER)
    assert there(files) == set(files) - OVER


def test_a_day_is_done_once_however_many_clocks_run(app: App) -> None:
    files = asyncio.run(aged(app))

    async def work() -> list[bool]:
        async with await open_centre_records(app) as records:
            clocks = [asyncio.create_task(keep_retaining(app, records)) for _ in range(3)]
            await until(lambda: there(files) == set(files) - OVER, 20)
            taken = [await take_the_day(records.database, utc_now() + timedelta(days=n)) for n in (0, 1, 1)]
            for clock in clocks:
                clock.cancel()
            await asyncio.gather(*clocks, return_exceptions=True)
            return taken

    assert asyncio.run(work()) == [False, True, False]


CEL = '"1","CHAN_START","c","u","l","PJSIP/trunk","{}","181","x","","","",""\n'


def centre_of_munni(app: App, *, closed: bool = True) -> dict[str, Path]:
    async def work() -> None:
        async with await open_centre_records(app) as records:
            at = await of_the_past(records, "hers", 2)
            new = complaint(call_id="hers", caller_e164=MUNNI, citizen_phone=MUNNI, registered_at=at)
            number = (await records.complaints.register(new)).number
            await records.complaints.act(number, Attend("गए"), officer(1), at + timedelta(hours=1))
            if closed:
                await records.complaints.act(number, Propose("बना"), officer(1), at + timedelta(hours=2))
                await records.complaints.act(number, Ask("satisfied"), SITA, at + timedelta(hours=3))

    asyncio.run(work())
    logs = keeping.logs_of(app)
    lines = "".join(
        CEL.format(each) for each in ("9755512301", "09755512301", "+919755512301", "97555123019")
    )
    return {
        "recording": put(app.exchange.recordings_dir, "hers.wav", 2),
        "cel": put(logs, "cel-custom/helpline.csv", 0, lines.encode()),
        "queue": put(logs, "queue_log", 0, b"1|c|q|NONE|ENTERQUEUE||919755512301|1\n" * 3),
        "aside": put(app.spool, "aside.jsonl", 0, b'{"e164":"+919755512301"}\n'),
    }


def test_a_person_is_found_and_erased_with_every_trace(app: App, run: Run) -> None:
    files = centre_of_munni(app)
    sizes = {name: path.stat().st_size for name, path in files.items()}
    found = run("person", "find", "97555 12301", "--json").json
    assert (len(found["complaints"]), found["calls"], found["files"]) == (1, ["hers"], ["hers.wav"])
    assert [each["times"] for each in found["logs"]] == [3, 3, 1]
    erase = ("person", "erase", "9755512301", "--reason", "आवेदन 14/2026")
    dry = run(*erase, "--dry-run")
    assert "nothing was changed" in dry.out
    assert b"9755512301" in files["queue"].read_bytes()
    done = run(*erase, "--yes", "--json").json
    assert (done["erased"], done["files_removed"], done["remains_cleared"]) == (True, 1, True)
    assert not files["recording"].exists()
    for name in ("cel", "queue", "aside"):
        held = files[name].read_bytes()
        assert len(held) == sizes[name]
        assert b"9755512301" not in held.replace(b"97555123019", b"")
    assert b"97555123019" in files["cel"].read_bytes()
    (line,) = (app.state_dir / "erasures.jsonl").read_text().splitlines()
    assert "9755512301" not in line
    assert run("records", "verify").out.count("erased by request on") == 1
    again = run(*erase, "--yes")
    assert "nothing is on record" in again.out
    assert run("person", "find", "9755512301").out.startswith("nothing is on record")


def test_an_open_complaint_is_told_and_kept(app: App, run: Run) -> None:
    files = centre_of_munni(app, closed=False)
    refused = run("person", "erase", "9755512301", "--reason", "x", "--yes")
    assert refused.status == 1
    assert "--leave-open" in refused.err
    assert b"9755512301" in files["queue"].read_bytes()
    assert files["recording"].exists()


def test_a_restored_backup_does_not_bring_the_erased_back(app: App, run: Run) -> None:
    centre_of_munni(app)
    book = app.state_dir / "records.sqlite"
    backup = book.read_bytes()
    run("person", "erase", "9755512301", "--reason", "x", "--yes")
    book.write_bytes(backup)
    assert run("person", "find", "9755512301", "--json").json["calls"] == ["hers"]
    assert run("person", "erase-again", "--json").json == {"erased_again": 1}
    assert run("person", "find", "9755512301", "--json").json["calls"] == []
    assert run("person", "erase-again", "--json").json == {"erased_again": 0}
    assert run("records", "verify").status == 0


def test_what_is_on_its_way_to_the_records_is_waited_for(app: App, run: Run) -> None:
    centre_of_munni(app)
    put(app.spool, "1795982076.seg", 0, b'{"e164":"+919755512301"}\n')
    refused = run("person", "erase", "9755512301", "--reason", "x", "--yes")
    assert (refused.status, "start the service" in refused.err) == (1, True)


def test_a_number_that_is_none_is_refused(run: Run) -> None:
    assert "is no telephone number" in run("person", "find", "12").err
