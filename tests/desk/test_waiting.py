"""The supervisor's list of who waits: for whom, with which number, at which place."""

from dataclasses import replace
from datetime import timedelta

from switchboard import Queued
from switchboard.model import LiveCall, Stage
from tests.desk.rig import Rig


async def rows(rig: Rig) -> tuple[list[dict[str, object]], str]:
    person = await rig.person("meera")
    _, answer = await person.get_json("/calls")
    _, html = await person.get("/calls")
    return answer["waiting"], html.split('id="waiting"')[1].split("</section>")[0]


async def test_who_waits_is_named_from_the_moment_of_queueing(rig: Rig) -> None:
    for number, caller in enumerate(("09826012345", "09425567890", "07372255011", "")):
        rig.phones.tell(Queued(rig.clock(), f"c-{number}", "district-39", caller, district="39"))
        rig.clock.pass_(seconds=5)
    waiting, html = await rows(rig)
    assert [each["place"] for each in waiting] == [1, 2, 3, 4]
    assert [each["number"] for each in waiting[:2]] == ["98xxxxxx45", "94xxxxxx90"]
    assert {each["district"] for each in waiting} == {"39"}
    assert "district-39" not in html
    assert html.count("राजगढ़") == 4
    assert "98xxx xxx45" in html
    assert "255011" not in html, "a landline is masked, too"
    assert "कतार में स्थान 3" in html
    assert "नंबर छिपा है" in html, "the fourth has none"


async def test_the_district_is_known_from_its_queue_alone(rig: Rig) -> None:
    rig.phones.tell(Queued(rig.clock(), "c-1", "district-39", "09826012345"))
    _, html = await rows(rig)
    assert "राजगढ़" in html


async def test_other_queues_are_named_and_counted_apart(rig: Rig) -> None:
    at = rig.clock()
    later = timedelta(seconds=1)
    rig.phones.tell(
        Queued(at, "c-1", "state", "09826012345", district="39"),
        Queued(at + later, "c-2", "extension-2001", "09826012346"),
        Queued(at + 2 * later, "c-3", "women", "09826012347", withheld=True),
        Queued(at + 3 * later, "c-4", "state", "09826012348"),
    )
    waiting, html = await rows(rig)
    assert [(each["queue"], each["place"]) for each in waiting] == [
        ("state", 1), ("extension", 1), ("other", 1), ("state", 2),
    ]  # fmt: skip
    for raw in ("district-", "extension-2001", "women", ">state"):
        assert raw not in html
    for words in ("राज्य की कतार", "एक्सटेंशन 2001 के लिए", "मेनू की दूसरी सेवा", "जिला नहीं चुना"):
        assert words in html
    assert html.count("नंबर छिपा है") == 1, "a withheld number that is used is marked"


async def test_who_is_moved_waits_anew_in_the_other_queue(rig: Rig) -> None:
    rig.phones.tell(Queued(rig.clock(), "c-1", "district-39", "09826012345", district="39"))
    rig.clock.pass_(seconds=30)
    rig.phones.tell(Queued(rig.clock(), "c-1", "state", "09826012345", district="39"))
    waiting, html = await rows(rig)
    assert [(each["queue"], each["district"], each["place"]) for each in waiting] == [("state", "39", 1)]
    assert "राजगढ़" in html


async def test_callers_in_menus_are_counted_and_do_not_wait(rig: Rig) -> None:
    menu = LiveCall("m-1", "1.1", "09826012345", "", "", Stage.MENU, rig.clock())
    rig.phones.state.calls["m-1"] = menu
    back = replace(menu, call_id="m-2", queue="district-39", waiting_since=rig.clock())
    rig.phones.state.calls["m-2"] = back
    person = await rig.person("meera")
    _, answer = await person.get_json("/calls")
    assert (answer["waiting"], answer["in_menus"]) == ([], 1)
    _, html = await person.get("/calls")
    assert "अभी प्रतीक्षा में नहीं: 1" in html
