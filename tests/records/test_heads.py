"""Exported hashes show what a chain that was made anew hides."""

from collections.abc import Callable
from pathlib import Path

import pytest

from records import Note, Records, RecordsError
from records.audit.verifying import verify_all
from records.complaints.complaint_rows import linked
from records.life.chain import NewEvent
from tests.records.life_samples import SITA, is_whole
from tests.records.samples import at, complaint
from tests.records.tampering import add_event, by_hand, kinds, three


async def test_exported_hashes_hold_while_complaints_grow(records: Records, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    stored = await three(records)
    assert await records.export_heads(file) == 3
    assert (await records.check_heads(file)).complaints == 3
    await records.complaints.act(stored[0].number, Note("और"), SITA, at(99))
    await records.complaints.register(complaint(call_id=None))
    assert (await records.check_heads(file)).ok
    assert await records.export_heads(file) == 4
    assert not file.with_name("heads.part").exists()
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_chain_made_anew_is_found_by_exported_hashes(records: Records, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    number = (await three(records))[1].number
    await records.export_heads(file)
    events = await records.complaints.events(number)
    news = [NewEvent(one.kind, one.actor, one.at, one.data, one.edition) for one in events]
    news[0] = NewEvent("registered", "nobody", news[0].at, news[0].data)
    forged = linked(number, news)
    assert is_whole(forged)
    await by_hand(records, "DELETE FROM complaint_events WHERE number = :number", number=number)
    for event in forged:
        await add_event(records, event)
    await by_hand(
        records,
        "UPDATE complaints SET registered_by = 'nobody', last_hash = :hash WHERE number = :number",
        hash=forged[-1].hash,
        number=number,
    )
    assert (await verify_all(records.database)).ok
    assert kinds(await records.check_heads(file)) == {(number, 5, "head")}


async def test_the_newest_complaint_deleted_with_its_number_is_found_by_exported_hashes(
    records: Records, tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    number = (await three(records))[2].number
    await records.export_heads(file)
    await by_hand(
        records,
        "DELETE FROM complaint_events WHERE number = :number",
        "DELETE FROM complaints WHERE number = :number",
        "UPDATE sequences SET value = value - 1",
        number=number,
    )
    assert (await verify_all(records.database)).ok
    assert kinds(await records.check_heads(file)) == {(number, 2, "head")}


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: "",
        lambda whole: whole.partition("\n")[2],
        lambda whole: whole[: whole.index("end ")],
        lambda whole: whole.replace(" 5 ", " 4 "),
        lambda whole: whole + "10000099 1 x\n",
        lambda whole: whole.replace("10000012", "१०००००१२"),
    ],
)
async def test_a_file_that_is_not_whole_is_refused(
    records: Records, tmp_path: Path, damage: Callable[[str], str]
) -> None:
    file = tmp_path / "heads"
    await three(records)
    await records.export_heads(file)
    file.write_text(damage(file.read_text()))
    with pytest.raises(RecordsError, match="not a whole file of exported heads"):
        await records.check_heads(file)


async def test_files_that_cannot_be_used_are_named(records: Records, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match=r"nowhere.*cannot be read"):
        await records.check_heads(tmp_path / "nowhere")
    with pytest.raises(RecordsError, match=r"heads cannot be written"):
        await records.export_heads(tmp_path / "nowhere" / "heads")
