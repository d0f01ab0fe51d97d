"""Taking complaints and looking at them, as programs and as people do."""

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from records import CLOCK, Actor, Ask, Complaint, Escalate, Propose
from tests.desk.rig import CALLER, Rig

Form = dict[str, str]
ATTACK = """<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}"""
HTMX = {"HX-Request": "true"}


async def stored(rig: Rig) -> list[Complaint]:
    return await rig.records.complaints.recent(100)


async def test_the_answer_names_number_officer_and_day(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    status, answer = await person.post_json("/complaints", complaint)
    assert status == 201
    assert len(answer["number"]) >= 8
    assert date.fromisoformat(answer["due"]) >= date(2026, 11, 23)
    assert answer["level_label"] == "L1"
    for name in ("type_hi", "post_hi", "place_hi"):
        assert re.search(r"[\u0900-\u097f]", answer[name])
    assert (answer["edition"], answer["already"]) == ("1", False)
    (kept,) = await stored(rig)
    assert kept.number == answer["number"]
    assert (kept.registered_by, kept.citizen_e164, kept.district_code) == ("sunita", "+919826012345", "39")
    assert kept.assigned.rule == answer["rule"]
    assert kept.call_id is None


async def test_the_call_is_linked(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    await rig.call("c-1")
    await rig.records.calls.answered("c-1", "2001", rig.clock())
    status, answer = await person.post_json("/complaints", {**complaint, "call_id": "c-1"})
    assert status == 201
    (linked,) = await rig.records.complaints.by_call("c-1")
    assert linked.number == answer["number"]
    assert linked.caller_e164 == "+919826012345"


@pytest.mark.parametrize("call_id", ["c-1", "never-heard-of", "<script>", "x" * 500])
async def test_a_call_of_somebody_else_is_not_linked(rig: Rig, complaint: Form, call_id: str) -> None:
    person = await rig.person("sunita")
    await rig.call("c-1")
    await rig.records.calls.answered("c-1", "2002", rig.clock())
    status, answer = await person.post_json("/complaints", {**complaint, "call_id": call_id})
    assert status == 422
    assert list(answer["errors"]) == ["call_id"]
    assert await stored(rig) == []


async def test_a_call_known_only_from_the_phones_can_be_linked(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    async with person.events() as stream:
        rig.phones.ring("c-2")
        rig.phones.answer("c-2")
        await stream.next("answered")
    assert (await person.post_json("/complaints", {**complaint, "call_id": "c-2"}))[0] == 201
    assert len(await rig.records.complaints.by_call("c-2")) == 1


async def test_the_same_form_sent_again_makes_one_complaint(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    answers = await asyncio.gather(*(person.post_json("/complaints", complaint) for _ in range(4)))
    assert {status for status, _ in answers} == {201}
    assert len({answer["number"] for _, answer in answers}) == 1
    changed = {**complaint, "description": "कुछ और"}
    assert (await person.post_json("/complaints", changed))[1]["already"] is True
    assert len(await stored(rig)) == 1


async def test_a_key_of_another_person_is_another_complaint(rig: Rig, complaint: Form) -> None:
    numbers = set()
    for username in ("sunita", "ramesh"):
        person = await rig.person(username)
        numbers.add((await person.post_json("/complaints", complaint))[1]["number"])
    assert len(numbers) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place_id": "village:0"}, "place_id"),
        ({"type_code": "NONE-1"}, "type_code"),
        ({"place_id": ""}, "place_id"),
        ({"citizen_phone": "123"}, "citizen_phone"),
        ({"citizen_name": None}, "citizen_name"),
        ({"description": ["x"]}, "description"),
    ],
)
async def test_what_is_wrong_is_told_by_field(
    rig: Rig, complaint: Form, change: dict[str, Any], field: str
) -> None:
    person = await rig.person("sunita")
    status, answer = await person.post_json("/complaints", {**complaint, **change})
    assert status == 422
    assert list(answer["errors"]) == [field]
    assert re.search(r"[\u0900-\u097f]", answer["errors"][field])
    assert await stored(rig) == []


async def test_errors_come_in_the_chosen_language(rig: Rig) -> None:
    person = await rig.person("sunita")
    await person.post_form("/language", {"csrf": person.csrf, "language": "en"})
    status, answer = await person.post_json("/complaints", {})
    assert status == 422
    assert answer["errors"]["citizen_name"] == "Write the citizen's name."


async def test_a_refused_form_comes_back_as_it_was_typed(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    typed = {
        **complaint,
        "csrf": person.csrf,
        "place_id": "",
        "place_text": "खिलची",
        "citizen_phone": "98260",
    }
    response = await person.post_form("/complaints", typed, **HTMX)
    html = await response.text()
    assert response.status == 422
    assert html.lstrip().startswith("<form")
    for text in (
        "रामप्रसाद दांगी",
        'value="98260"',
        'value="खिलची"',
        complaint["description"],
        complaint["key"],
    ):
        assert text in html
    assert html.count('aria-invalid="true"') == 2
    assert 'aria-describedby="place_id-error' in html


async def test_a_browser_without_htmx_can_save_too(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    response = await person.post_form("/complaints", {**complaint, "csrf": person.csrf})
    assert response.status == 303
    status, html = await person.get(response.headers["Location"])
    assert status == 200
    assert "रामप्रसाद दांगी" in html
    response = await person.post_form("/complaints", {"csrf": person.csrf})
    assert response.status == 422
    assert "<html" in await response.text()


async def test_the_saved_card_has_what_the_citizen_is_told(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    response = await person.post_form("/complaints", {**complaint, "csrf": person.csrf}, **HTMX)
    html = await response.text()
    assert response.headers["HX-Trigger"] == "complaint-saved"
    (kept,) = await stored(rig)
    assert f'data-saved="{kept.number}"' in html
    assert f"{kept.number[:4]} {kept.number[4:]}" in html
    assert kept.assigned.post_hi in html
    assert f"{kept.assigned.due.day} " in html
    assert "2026" in html
    assert "प्रारूप: विभाग से पुष्टि शेष" in html
    assert kept.assigned.rule.split(";", maxsplit=1)[0] in html
    _, mine = await person.get("/mine", **HTMX)
    assert kept.type_hi in mine
    assert (await (await rig.person("ramesh")).get_json("/mine"))[1] == {"complaints": []}


async def test_text_from_outside_stays_text(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    await rig.call("c-1", CALLER, ATTACK)
    async with person.events() as stream:
        rig.phones.ring("c-1", caller=ATTACK)
        rig.phones.answer("c-1")
        await stream.next("answered")
    nasty = {
        **complaint,
        "citizen_name": ATTACK[:110],
        "description": ATTACK,
        "csrf": person.csrf,
        "call_id": "c-1",
    }
    saved = await (await person.post_form("/complaints", nasty, **HTMX)).text()
    refused = await (
        await person.post_form(
            "/complaints", {**nasty, "place_id": "", "place_text": ATTACK, "key": ATTACK}, **HTMX
        )
    ).text()
    (kept,) = await stored(rig)
    _, shown = await person.get(f"/complaints/{kept.number}")
    _, home = await person.get("/")
    _, searched = await person.get(f"/complaints/{kept.number}?q={ATTACK}")
    for html in (saved, refused, shown, home, searched):
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(\d+)", html)


@pytest.mark.parametrize("number", ["10000013", "abc", "1", "1000001२", "9" * 400])
async def test_a_number_of_no_complaint(rig: Rig, number: str) -> None:
    person = await rig.person("sunita")
    assert (await person.get_json(f"/complaints/{number}"))[0] == 404
    status, html = await person.get(f"/complaints/{number}")
    assert status == 404
    assert "कोई शिकायत नहीं मिली" in html


async def test_one_complaint_with_its_history(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    _, answer = await person.post_json("/complaints", complaint)
    status, shown = await person.get_json(f"/complaints/{answer['number']}")
    assert status == 200
    assert [event["kind"] for event in shown["events"]] == ["registered", "assigned"]
    assert shown["citizen_phone"] == "+919826012345"
    grouped = f"/complaints/{answer['number'][:4]} {answer['number'][4:]}"
    assert (await person.get_json(grouped))[0] == 200


async def test_what_became_of_a_complaint_is_shown(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    number = (await person.post_json("/complaints", complaint))[1]["number"]
    book, (kept,) = rig.records.complaints, await stored(rig)
    officer = Actor("tehsildar", "officer", frozenset({kept.assigned.post_id}))
    past = rig.clock.now.date() - timedelta(days=1)
    up = replace(
        kept.assigned, level=2, level_label="L2", post_hi="अनुविभागीय अधिकारी", post_id="sdm", due=past
    )
    late = rig.clock.now + timedelta(days=40)
    await book.act(number, Escalate(up), CLOCK, late)
    assert 'class="late"' in (await person.get(f"/complaints/{number}"))[1]
    officer = replace(officer, post_ids=frozenset({"sdm"}))
    await book.act(number, Propose("हैंडपंप सुधारा <b>गया</b>"), officer, late)
    _, html = await person.get(f"/complaints/{number}")
    events = ("अनुविभागीय अधिकारी (L2)", "अपने आप", "समय-सीमा बीतने पर", "L1: नॉट अटेंडेड")
    for told in (*events, "नागरिक से पूछना शेष", "L2 पर कब से"):
        assert told in html
    assert "हैंडपंप सुधारा &lt;b&gt;गया&lt;/b&gt;" in html
    assert 'class="late"' not in html
    await book.act(number, Ask("satisfied"), Actor("sunita", "executive"), late)
    _, shown = await person.get_json(f"/complaints/{number}")
    assert (shown["state"], shown["closure"]) == ("closed", "satisfied")
    assert shown["events"][3]["said"] == "हैंडपंप सुधारा <b>गया</b>"
    assert "संतुष्टिपूर्ण बंद" in (await person.get(f"/complaints/{number}"))[1]


async def test_places_and_types_are_found_in_both_scripts(rig: Rig) -> None:
    person = await rig.person("sunita")
    for text in ("khilchipur", "खिलचीपुर"):
        _, found = await person.get_json(f"/places?q={text}")
        assert found["places"][0]["name_hi"] == "खिलचीपुर"
    for text in ("bijli", "बिजली", "electricity"):
        _, found = await person.get_json(f"/types?q={text}")
        assert found["types"][0]["department_code"] == "ENERGY"
    assert (await person.get_json("/places?q="))[1] == {"places": []}
    assert len((await person.get_json("/types"))[1]["types"]) > 100
    _, html = await person.get("/types?q=bijli", **HTMX)
    assert 'role="option"' in html
    assert 'data-value="ENERGY-' in html


async def test_a_form_of_the_same_citizen(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    _, answer = await person.post_json("/complaints", complaint)
    _, html = await person.get(f"/form?like={answer['number']}", **HTMX)
    assert "रामप्रसाद दांगी" in html
    assert complaint["key"] not in html
    assert complaint["description"] not in html
    other = await rig.person("ramesh")
    assert (await other.get(f"/form?like={answer['number']}", **HTMX))[0] == 404


async def test_a_body_that_is_too_large(rig: Rig, complaint: Form) -> None:
    person = await rig.person("sunita")
    status, answer = await person.post_json("/complaints", {**complaint, "description": "क" * 70_000})
    assert status == 413
    assert "error" in answer


async def test_a_full_disk_is_told_and_nothing_is_half_made(
    rig: Rig, complaint: Form, monkeypatch: Any
) -> None:
    from records import UnavailableError

    async def fail(*_: object, **__: object) -> None:
        raise UnavailableError("disk full; free space")

    person = await rig.person("sunita")
    monkeypatch.setattr(rig.records.complaints, "register", fail)
    status, answer = await person.post_json("/complaints", complaint)
    assert status == 503
    assert "disk" not in answer["error"]
