"""A backup made and restored while calls and complaints go on, from and to either kind of database."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from helpline.app import App
from helpline.backup.making import Wanted, make_backup
from helpline.backup.restoring import Wish, restore
from helpline.commands.restore import placed_app
from helpline.errors import HelplineError
from helpline.wiring import open_centre_records, open_existing_records
from records import RecordsError, Spool, open_records
from records.audit.verifying import verify_all
from tests.records.conftest import (
    database_url,
    empty_url,
    postgres,
    postgres_template,
    sqlite_template,
)
from tests.records.test_copies import Office

__all__ = ["database_url", "empty_url", "postgres", "postgres_template", "sqlite_template"]


async def test_all_that_was_told_before_a_backup_is_in_the_restored_centre(
    app: App, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    app = placed_app(app, None, database_url)
    async with await open_centre_records(app) as records:
        spool = await asyncio.to_thread(Spool, app.spool)
        office = Office(records, spool)
        async with asyncio.TaskGroup() as group:
            writers = [group.create_task(office.write()), group.create_task(office.talk())]
            await office.until(15, 30)
            promised, heard = list(office.numbers), list(office.calls)
            made = await make_backup(app, tmp_path, Wanted())
            await office.until(len(promised) + 3, len(heard) + 3)
            for writer in writers:
                writer.cancel()
        await asyncio.to_thread(spool.close)
        identity = records.presence.identity
    assert made.verified is not None
    assert made.verified.ok, made.verified.findings

    new = placed_app(app, tmp_path / "new", empty_url)
    restored = await restore(new, made.file, Wish(old=app.state_dir))
    assert restored.ready.report.ok
    assert not restored.ready.waiting
    async with await open_existing_records(new) as again:
        assert again.presence.identity == identity
        kept = [await again.complaints.get(number) for number in promised]
        assert [one.number for one in kept if one is not None] == promised
        for call_id in heard:
            path = await again.calls.path(call_id)
            assert [step.detail["digit"] for step in path if step.kind == "key"] == ["0", "1", "2"], call_id
        assert (await verify_all(again.database)).ok


async def test_a_restore_leaves_a_database_that_holds_something_alone(
    app: App, database_url: str, tmp_path: Path
) -> None:
    app = placed_app(app, None, database_url)
    async with await open_centre_records(app) as records:
        await records.calls.set_language("+919812345610", "en")
    made = await make_backup(app, tmp_path, Wanted(verify=False))
    other = placed_app(app, tmp_path / "new", None)
    into = App(settings=replace(other.settings, records=replace(other.settings.records, url=database_url)))
    with pytest.raises((RecordsError, HelplineError), match="already"):
        await restore(into, made.file, Wish())
    assert not await asyncio.to_thread((tmp_path / "new").exists)
    async with await open_records(database_url) as records:
        assert await records.calls.language("+919812345610") == "en"
