"""Steps of a complaint's life, taken on the page by officers and by the centre."""

import re
from dataclasses import replace
from datetime import date
from typing import NoReturn

import pytest

from mapper import Edition, Holder, NoOfficer, Problem, Registration, assign, decider
from office import moves
from records import NewUser
from tests.desk.conftest import MakeRig
from tests.desk.rig import PASSWORD, FakeClock, Person, Rig

Form = dict[str, str]


def holder(post_id: str, username: str) -> Holder:
    return Holder(
        post_id, username, "अनिल जोशी", "Anil Joshi", "9826011111", None, None, "regular", None, None, "", ""
    )


@pytest.fixture
async def rig(make_rig: MakeRig, edition: Edition, complaint: Form, clock: FakeClock) -> Rig:
    """anil holds the post that gets the complaint, kiran the one that decides."""
    found = assign(edition, Registration(complaint["type_code"], complaint["place_id"], clock.now))
    deciding = decider(edition, complaint["type_code"], complaint["place_id"], date(2026, 11, 23))
    assert deciding is not None
    holders = (holder(found.post.id, "anil"), holder(deciding.post.id, "kiran"))
    rig = await make_rig(replace(edition, holders=holders))
    await rig.records.users.create(
        NewUser("kiran", "किरण सिंह", "Kiran Singh", "officer", PASSWORD, None, "39")
    )
    return rig


@pytest.fixture
async def number(rig: Rig, complaint: Form) -> str:
    """The number of a registered complaint."""
    status, saved = await (await rig.person("sunita")).post_json("/complaints", complaint)
    assert status == 201, saved
    told: str = saved["number"]
    return told


async def step(person: Person, number: str, name: str, **said: object) -> tuple[int, dict[str, object]]:
    return await person.post_json(f"/complaints/{number}/steps/{name}", said)


async def test_an_officer_finds_what_waits_for_him(rig: Rig, number: str) -> None:
    officer = await rig.person("anil")
    _, html = await officer.get("/")
    assert "मेरी शिकायतें" in html
    assert f'href="/complaints/{number}"' in html
    _, lists = await officer.get_json("/")
    assert [each["number"] for each in lists["mine"]] == [number]
    assert lists["deciding"] == []
    _, html = await (await rig.person("kiran")).get("/")
    assert "अभी आपके पास कोई खुली शिकायत नहीं है" in html


async def test_an_officer_attends_and_resolves_by_the_forms_of_the_page(rig: Rig, number: str) -> None:
    officer = await rig.person("anil")
    _, html = await officer.get(f"/complaints/{number}")
    assert re.search(r'<details class="step" id="step-attend" open>', html)
    assert 'id="step-ask"' not in html, "the centre asks the citizen"
    assert "98260 11111" in html, "who holds the post, and his telephone"
    assert "98260 12345" in html, "the citizen, whom he has to reach"
    assert "98260 12345" not in (await (await rig.person("kiran")).get(f"/complaints/{number}"))[1]
    answer = await officer.post_form(
        f"/complaints/{number}/steps/attend", {"note": "लाइनमैन को भेजा", "csrf": officer.csrf}
    )
    assert answer.status == 303
    _, html = await officer.get(answer.headers["Location"])
    assert "हो गया: अधिकारी ने प्रविष्टि की" in html
    assert "लाइनमैन को भेजा" in html
    status, told = await step(officer, number, "propose", note="ट्रांसफ़ॉर्मर बदला")
    assert (status, told["state"]) == (200, "proposed")
    executive = await rig.person("ramesh")
    status, told = await step(executive, number, "ask", answer="satisfied")
    assert (status, told["state"], told["closure"]) == (200, "closed", "satisfied")
    _, lists = await officer.get_json("/")
    assert lists["mine"] == []


async def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(
    rig: Rig, number: str
) -> None:
    officer = await rig.person("anil")
    path = f"/complaints/{number}/steps/propose_close"
    answer = await officer.post_form(path, {"csrf": officer.csrf, "note": "न्यायालय में", "reason": ""})
    html = await answer.text()
    assert answer.status == 422
    assert re.search(r'<details class="step" id="step-propose_close" open>', html)
    assert 'id="propose_close-reason-error">कारण दें।' in html
    assert "न्यायालय में</textarea>" in html
    status, told = await step(officer, number, "propose_close", note="न्यायालय में", reason="NO-SUCH")
    assert (status, list(told["errors"])) == (422, ["reason"])  # type: ignore[call-overload]
    assert (await step(officer, number, "attend", note="  "))[0] == 422
    assert (await step(officer, number, "attend", note="क" * 2001))[0] == 422
    status, told = await step(officer, number, "fly", note="x")
    assert status == 404


async def test_an_entry_that_says_nothing_is_none(rig: Rig, number: str) -> None:
    anil = await rig.person("anil")
    for note in ("", "\u200b", " . "):
        status, told = await anil.post_json(f"/complaints/{number}/steps/attend", {"note": note})
        assert (status, list(told["errors"])) == (422, ["note"])


async def test_a_special_close_waits_for_whoever_decides(rig: Rig, number: str) -> None:
    officer, district = await rig.person("anil"), await rig.person("kiran")
    status, told = await step(
        officer, number, "propose_close", note="सिविल वाद", reason="COURT", citizen_told=True
    )
    assert (status, told["state"]) == (200, "close_proposed")
    _, lists = await district.get_json("/")
    assert [each["number"] for each in lists["deciding"]] == [number]
    _, html = await district.get(f"/complaints/{number}")
    assert 'id="step-decide_close" open' in html
    assert "प्रकरण न्यायालय में विचाराधीन" in html, "the reason by its name, not by its code"
    status, told = await step(district, number, "decide_close", verdict="accept", reason="वाद लंबित")
    assert (status, told["closure"]) == (200, "special")


async def test_out_of_department_moves_to_the_type_that_is_chosen(
    rig: Rig, number: str, edition: Edition, complaint: Form
) -> None:
    officer, district = await rig.person("anil"), await rig.person("kiran")
    own = edition.types[complaint["type_code"]].department_code
    status, told = await step(
        officer, number, "propose_department", department="PRD", reason="OTHER-DEPARTMENT"
    )
    assert (status, told["state"]) == (200, "department_proposed")
    _, html = await district.get(f"/complaints/{number}")
    offered = re.findall(r'<option value="([A-Z]+-\d+)"', html)
    assert offered
    assert {edition.types[code].department_code for code in offered} == {"PRD"} != {own}
    status, told = await step(district, number, "decide_department", verdict="accept")
    assert (status, list(told["errors"])) == (422, ["type"])  # type: ignore[call-overload]
    status, told = await step(district, number, "decide_department", verdict="accept", type=offered[0])
    assert (status, told["state"]) == (200, "open")


async def test_an_illegal_step_says_why_and_what_is_possible(rig: Rig, number: str) -> None:
    officer, other = await rig.person("anil"), await rig.person("kiran")
    status, told = await step(other, number, "attend", note="मैंने किया")
    assert status == 409
    assert told["error"] == "यह कार्यवाही दूसरे अधिकारी की है।"
    assert told["steps"] == ["note"]
    await step(officer, number, "propose", note="हो गया")
    answer = await officer.post_form(
        f"/complaints/{number}/steps/propose", {"note": "फिर से", "csrf": officer.csrf}
    )
    assert answer.status == 409
    assert "शिकायत की स्थिति इस बीच बदल गई है" in await answer.text()
    executive = await rig.person("sunita")
    status, told = await step(executive, number, "link", main=number, how="group")
    assert (status, told["detail"]) == (409, "शिकायत अपने-आप से नहीं जुड़ती; दूसरी शिकायत की संख्या दें")
    status, told = await step(executive, number, "link", main="12", how="group")
    assert (status, list(told["errors"])) == (422, ["main"])  # type: ignore[call-overload]


async def test_a_step_needs_the_token_of_the_page(rig: Rig, number: str) -> None:
    officer = await rig.person("anil")
    answer = await officer.post_form(f"/complaints/{number}/steps/attend", {"note": "x"})
    assert answer.status == 403


async def test_a_suggestion_is_taken_and_decided(rig: Rig, complaint: Form) -> None:
    executive, officer = await rig.person("sunita"), await rig.person("anil")
    status, saved = await executive.post_json("/complaints", {**complaint, "kind": "suggestion"})
    assert status == 201
    _, shown = await officer.get_json(f"/complaints/{saved['number']}")
    assert shown["kind"] == "suggestion"
    assert "decide_demand" in shown["steps"]
    assert "propose" not in shown["steps"]
    _, html = await officer.get(f"/complaints/{saved['number']}")
    assert "सुझाव" in html
    status, told = await step(officer, saved["number"], "decide_demand", verdict="reject", reason="बजट नहीं")
    assert (status, told["closure"]) == (200, "declined")
    status, told = await executive.post_json("/complaints", {**complaint, "kind": "wish"})
    assert (status, list(told["errors"])) == (422, ["kind"])


async def test_a_step_that_came_too_late_gives_the_text_back(rig: Rig, number: str) -> None:
    sunita, ramesh, anil = [await rig.person(name) for name in ("sunita", "ramesh", "anil")]
    for person, step, said in (
        (anil, "propose", {"note": "तार जोड़ा गया"}),
        (ramesh, "ask", {"answer": "satisfied"}),
    ):
        status, told = await person.post_json(f"/complaints/{number}/steps/{step}", said)
        assert status == 200, told
    form = {"csrf": sunita.csrf, "answer": "satisfied", "note": "खंभा बदला गया"}
    answer = await sunita.post_form(f"/complaints/{number}/steps/ask", form)
    assert answer.status == 409
    assert "खंभा बदला गया" in await answer.text()


async def test_who_is_not_satisfied_is_asked_why_and_silence_is_told(rig: Rig, number: str) -> None:
    officer, centre = [await rig.person(name) for name in ("anil", "ramesh")]
    await step(officer, number, "propose", note="तार जोड़ा गया")
    for empty in ("", "—"):
        status, told = await step(centre, number, "ask", answer="not_satisfied", note=empty)
        assert status == 422
        assert "क्यों असंतुष्ट" in str(told["errors"])
    form = {"csrf": centre.csrf, "answer": "not_satisfied"}
    answer = await centre.post_form(f"/complaints/{number}/steps/ask", form)
    page = await answer.text()
    assert answer.status == 422
    assert 'id="ask-note-error"' in page
    assert 'name="no_reason"' in page
    status, told = await step(centre, number, "ask", answer="not_satisfied", no_reason="1")
    assert (status, told["state"]) == (200, "open")
    _, shown = await officer.get_json(f"/complaints/{number}")
    assert shown["events"][-1]["said"] == "असंतुष्ट · कारण नहीं बताया गया"
    html = (await officer.get(f"/complaints/{number}"))[1]
    assert html.count("कारण नहीं बताया गया") == 2, "above, and in the history"


async def test_why_he_is_not_satisfied_stands_where_the_officer_looks(rig: Rig, number: str) -> None:
    officer, centre = [await rig.person(name) for name in ("anil", "ramesh")]
    await step(officer, number, "propose", note="तार जोड़ा गया")
    await step(centre, number, "ask", answer="not_satisfied", note="बिजली अब भी नहीं")
    html = (await officer.get(f"/complaints/{number}"))[1]
    assert html.count("बिजली अब भी नहीं") == 2
    assert "कारण नहीं बताया गया" not in html


async def test_the_history_says_what_was_answered_and_decided(
    rig: Rig, number: str, edition: Edition, complaint: Form
) -> None:
    officer, district, centre = [await rig.person(name) for name in ("anil", "kiran", "ramesh")]
    other = (await centre.post_json("/complaints", {**complaint, "key": "22222222-2222"}))[1]["number"]
    kind = next(
        each
        for each in edition.types.values()
        if each.department_code == edition.types[complaint["type_code"]].department_code
        and each.code != complaint["type_code"]
    )
    for person, name, said in (
        (officer, "change_type", {"type": kind.code, "reason": "WRONG-TYPE"}),
        (officer, "propose_close", {"reason": "COURT", "note": "वाद", "citizen_told": "1"}),
        (district, "decide_close", {"verdict": "reject", "reason": "वाद नहीं"}),
        (centre, "link", {"main": other, "how": "duplicate"}),
        (officer, "propose", {"note": "हो गया"}),
        (centre, "ask", {"answer": "unreachable"}),
        (centre, "ask", {"answer": "low_quality"}),
    ):
        status, told = await step(person, number, name, **said)
        assert status == 200, told
        if name == "ask" and told["state"] == "unreachable":
            assert "1 बार कोशिश" in (await centre.get(f"/complaints/{number}"))[1]
    _, shown = await centre.get_json(f"/complaints/{number}")
    before = edition.types[complaint["type_code"]]
    assert [each["said"] for each in shown["events"][2:]] == [
        f"{before.name_hi} → {kind.name_hi} · {shown['events'][2]['said'].split(' · ')[1]}",
        "नागरिक को बता दिया गया है · प्रकरण न्यायालय में विचाराधीन · वाद",
        "अमान्य · नागरिक को बता दिया गया है · वाद नहीं",
        f"वही शिकायत दोबारा: {other[:4]} {other[4:]}",
        "हो गया",
        "संपर्क नहीं हुआ",
        "निम्न गुणवत्ता, पर बंद करना चाहता है",
    ]
    assert "निम्न गुणवत्ता, पर बंद" in (await centre.get(f"/complaints/{number}"))[1]


async def test_a_special_close_is_not_accepted_before_the_citizen_was_told(rig: Rig, number: str) -> None:
    officer, district = await rig.person("anil"), await rig.person("kiran")
    await step(officer, number, "propose_close", reason="COURT", note="वाद")
    form = {"csrf": district.csrf, "verdict": "accept", "reason": "ठीक"}
    answer = await district.post_form(f"/complaints/{number}/steps/decide_close", form)
    html = await answer.text()
    assert answer.status == 422
    assert "नागरिक को बताएँ और यहाँ चिह्न लगाएँ" in html
    assert "the citizen has to be told" not in html
    assert "ठीक</textarea>" in html
    status, told = await step(district, number, "decide_close", verdict="reject", reason="ठीक नहीं")
    assert (status, told["state"]) == (200, "attended")


async def test_a_step_that_came_too_late_is_told_in_the_readers_language_above_what_is_possible(
    rig: Rig, number: str
) -> None:
    officer = await rig.person("anil")
    await step(officer, number, "propose", note="हो गया")
    form = {"csrf": officer.csrf, "note": "फिर से"}
    html = await (await officer.post_form(f"/complaints/{number}/steps/attend", form)).text()
    assert "अभी स्थिति: निराकरण प्रस्तुत, नागरिक से पूछना शेष" in html
    assert "this is for" not in html
    assert html.index("नीचे देखें") < html.index("अभी आप क्या कर सकते हैं")


async def test_a_refusal_is_told_wholly_in_the_readers_language(
    rig: Rig, number: str, edition: Edition, complaint: Form
) -> None:
    """Whoever refuses it: the rules of the life, or the office."""
    officer, other = await rig.person("anil"), await rig.person("kiran")
    foreign = next(
        each.code
        for each in edition.types.values()
        if each.department_code != edition.types[complaint["type_code"]].department_code
    )
    for person, name, said, hindi, english in (
        (officer, "send_up", {"reason": "POLICY"}, "अपने-आप आगे जाती है", "not by hand"),
        (other, "attend", {"note": "किया"}, "अनिल जोशी", "Anil Joshi"),
        (
            officer,
            "change_type",
            {"type": foreign, "reason": "WRONG-TYPE"},
            "दूसरे विभाग",
            "another department",
        ),
    ):
        form = {"csrf": person.csrf, **said}
        html = await (await person.post_form(f"/complaints/{number}/steps/{name}", form)).text()
        shown = "".join(re.findall(r'<div class="alert".*?</div>', html, re.S))
        assert hindi in shown, shown
        assert english not in shown, shown


async def test_what_the_directory_cannot_decide_is_told_in_hindi_with_its_own_words(
    rig: Rig, number: str, edition: Edition, complaint: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sheets and columns have English names."""

    def nobody(*_: object) -> NoReturn:
        raise NoOfficer(Problem("responsibilities.csv", 0, "", "no level 1 officer", "add a rule"))

    monkeypatch.setattr(moves, "as_type", nobody)
    officer = await rig.person("anil")
    other = next(code for code in edition.types if code != complaint["type_code"])
    form = {"csrf": officer.csrf, "type": other, "reason": "WRONG-TYPE"}
    answer = await officer.post_form(f"/complaints/{number}/steps/change_type", form)
    html = await answer.text()
    assert answer.status == 409
    assert "कोई अधिकारी निर्देशिका में नहीं है" in html
    assert re.search(r'<p class="detail" lang="en">[^<]*no level 1 officer', html)


async def test_the_centre_finds_whom_it_has_to_ask(rig: Rig, number: str) -> None:
    """Whoever of the district asks him, not only the executive who registered it, sees where to call."""
    officer, centre = await rig.person("anil"), await rig.person("ramesh")
    assert "किसी से पूछना बाकी नहीं" in (await centre.get("/messages"))[1]
    assert "98260 12345" not in (await centre.get(f"/complaints/{number}"))[1]
    await step(officer, number, "propose", note="ट्रांसफ़ॉर्मर बदला")
    assert f'href="/complaints/{number}"' in (await centre.get("/messages"))[1]
    assert "98260 12345" in (await centre.get(f"/complaints/{number}"))[1]
    await step(centre, number, "ask", answer="unreachable")
    assert "1 बार कोशिश" in (await centre.get("/messages"))[1]
    _, lists = await centre.get_json("/messages")
    assert [each["number"] for each in lists["to_ask"]] == [number]
    await step(centre, number, "ask", answer="satisfied")
    assert (await centre.get_json("/messages"))[1]["to_ask"] == []
    assert "98260 12345" not in (await centre.get(f"/complaints/{number}"))[1]


async def test_what_is_overdue_says_so_in_words(rig: Rig, number: str, clock: FakeClock) -> None:
    """Not by its colour alone."""
    clock.pass_(days=30)
    _, html = await (await rig.person("anil")).get("/")
    assert re.search(r'class="late">समय-सीमा निकली', html), re.findall(r'class="late">[^<]*', html)
