"""The alarm bar: what stands, for whom, at once, the gravest first, until a leader has seen it."""

import re

from sqlalchemy import text

from desk.condition import Condition
from records import Records
from tests.desk.conftest import MakeRig
from tests.desk.rig import Rig

QUICKLY = {"alarm_seconds": 0.02}


def titles(html: str) -> list[str]:
    return re.findall(r'class="alarm-title">([^<]+)<', html)


async def test_nothing_is_shown_while_nothing_stands(rig: Rig) -> None:
    meera = await rig.person("meera")
    _, html = await meera.get("/calls")
    assert titles(html) == []
    assert '<li class="alarm' not in html
    _, html = await meera.get("/alarms")
    assert "कोई चेतावनी नहीं है" in html


async def test_a_new_alarm_is_on_the_page_at_once_and_the_gravest_comes_first(
    make_rig: MakeRig, records: Records
) -> None:
    rig = await make_rig(**QUICKLY)
    meera = await rig.person("meera")
    async with meera.events() as stream:
        await records.alarms.note("disk_low", "/srv", at=rig.clock(), data={"free_mb": 700})
        await stream.next("alarms")
        rig.clock.pass_(minutes=3)
        for _ in range(2):
            await records.alarms.note("emergency_failed", "call-7", at=rig.clock(), data={"target": "112"})
        await records.alarms.note("volcano", "Bhopal", at=rig.clock())
        for _ in range(9):
            _, html = await meera.get("/calls")
            if len(titles(html)) == 3:
                break
            await stream.next("alarms")
    assert titles(html) == [
        "आपात कॉल 112 से नहीं जुड़ सकी (कॉल call-7)",
        "/srv की डिस्क में जगह कम है: 700 MB बची",
        "volcano: Bhopal (चेतावनी)",
    ]
    assert "2 बार" in html
    assert "112 को स्वयं सूचना दें" in html
    await meera.post_form("/language", {"csrf": meera.csrf, "language": "en", "next": "/calls"})
    assert "not put through to 112" in (await meera.get("/calls"))[1]


async def test_an_executive_sees_the_emergency_and_cannot_put_it_away(
    make_rig: MakeRig, records: Records
) -> None:
    await records.alarms.note("emergency_failed", "call-7", at=records.clock(), data={"target": "112"})
    await records.alarms.note("disk_low", "/srv", at=records.clock())
    rig = await make_rig(**QUICKLY)
    sunita, anil = await rig.person("sunita"), await rig.person("anil")
    async with sunita.events():
        _, html = await sunita.get("/")
    assert titles(html) == ["आपात कॉल 112 से नहीं जुड़ सकी (कॉल call-7)"]
    assert "acknowledge" not in html
    assert "पर्यवेक्षक को अभी बताएँ" in html
    (alarm, _) = sorted(await records.alarms.standing(), key=lambda each: each.kind, reverse=True)
    status, _ = await sunita.post_json(f"/alarms/{alarm.number}/acknowledge", {})
    assert status == 403
    assert (await sunita.get("/alarms"))[0] == 403
    assert (await anil.get("/alarms"))[0] == 403
    assert (await rig.visitor().get_json("/alarms"))[0] == 401
    assert len(await records.alarms.standing()) == 2


async def test_who_has_seen_it_is_kept_and_the_bar_is_empty_for_everybody(
    make_rig: MakeRig, records: Records
) -> None:
    await records.alarms.note("disk_full", "/srv", at=records.clock(), data={"free_mb": 3})
    rig = await make_rig(**QUICKLY)
    meera, kavita = await rig.person("meera"), await rig.person("kavita")
    (alarm,) = await records.alarms.standing()
    async with kavita.events() as stream:
        answer = await meera.post_form(f"/alarms/{alarm.number}/acknowledge", {"csrf": meera.csrf})
        assert (answer.status, answer.headers["Location"]) == (303, "/calls")
        await stream.next("alarms")
    for person in (meera, kavita):
        assert titles((await person.get("/calls"))[1]) == []
    _, html = await kavita.get("/alarms")
    assert "/srv की डिस्क लगभग भर गई है: केवल 3 MB बची" in html
    assert "meera, " in html
    status, body = await kavita.post_json(f"/alarms/{alarm.number}/acknowledge", {})
    assert (status, body["acknowledged_by"]) == (200, "meera")
    status, body = await kavita.post_json("/alarms/999999999999999999/acknowledge", {})
    assert (status, "ताज़ा" in body["error"]) == (404, True)


async def test_what_a_stranger_wrote_into_an_alarm_is_text_and_missing_data_is_a_dash(
    make_rig: MakeRig, records: Records
) -> None:
    await records.alarms.note("sip_guessing", "<b>x</b>", at=records.clock(), data={"account": "{kind}<i>"})
    rig = await make_rig(**QUICKLY)
    meera = await rig.person("meera")
    async with meera.events():
        _, html = await meera.get("/calls", **{"HX-Request": "true"})
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "– प्रयास, पिछला खाता {kind}&lt;i&gt;" in html


class Watched:
    """Somebody who watches, and has found the database unwritable."""

    conditions = (
        Condition("database_unwritable", "records", "cannot be written", "look", True, {"reason": "gone"}),
    )
    looked_ago = 1.0


async def test_while_the_records_do_not_tell_the_bar_shows_what_was_found(
    make_rig: MakeRig, records: Records
) -> None:
    rig = await make_rig(health=Watched(), **QUICKLY)
    meera = await rig.person("meera")
    async with meera.events() as stream:
        assert await meera.get_json("/alarms") == (200, {"standing": []})
        async with records.database.write() as connection:
            await connection.execute(text("DROP TABLE alarms"))
        await stream.next("alarms")
        _, body = await meera.get_json("/alarms")
    (told,) = body["standing"]
    assert (told["kind"], told["number"], told["grave"]) == ("database_unwritable", 0, True)
    assert told["title"] == "शिकायतों के भंडार में लिखा नहीं जा रहा: gone"
