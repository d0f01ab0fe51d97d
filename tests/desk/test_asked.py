"""A town's type at a village, and the reverse: asked about once, never blocked. Places by their tehsil."""

import pytest

from mapper import Edition
from tests.desk.rig import Rig


def place(edition: Edition, name: str, kind: str) -> str:
    return next(each.place.id for each in edition.search_places(name) if each.place.kind == kind)


@pytest.mark.parametrize(
    ("code", "name", "kind", "words"),
    [("UDH-03", "khajuri", "village", "नगरों के लिए"), ("PRD-09", "talen", "nagar_parishad", "गाँवों के लिए")],
)
async def test_a_program_is_asked_and_may_say_yes(
    rig: Rig, edition: Edition, complaint: dict[str, str], code: str, name: str, kind: str, words: str
) -> None:
    person = await rig.person("sunita")
    body = complaint | {"type_code": code, "place_id": place(edition, name, kind)}
    status, answer = await person.post_json("/complaints", body)
    assert status == 422
    assert list(answer["errors"]) == ["anyway"]
    assert words in answer["errors"]["anyway"]
    assert await rig.records.complaints.recent(5) == []

    status, _ = await person.post_json("/complaints", body | {"anyway": "ENERGY-01@village:1"})
    assert status == 422, "a yes to something else is none"
    status, saved = await person.post_json("/complaints", body | {"anyway": answer["anyway"]})
    assert status == 201
    status, again = await person.post_json("/complaints", body | {"anyway": answer["anyway"]})
    assert (status, again["number"]) == (201, saved["number"])


async def test_what_goes_together_is_not_asked_about(
    rig: Rig, edition: Edition, complaint: dict[str, str]
) -> None:
    person = await rig.person("sunita")
    pairs = [
        ("UDH-03", "talen", "nagar_parishad"),
        ("PRD-09", "khajuri", "village"),
        ("UDH-03", "rajgarh", "tehsil"),
    ]  # fmt: skip
    for number, (code, name, kind) in enumerate(pairs):
        body = complaint | {
            "type_code": code,
            "place_id": place(edition, name, kind),
            "key": f"key-1234-{number}",
        }
        status, answer = await person.post_json("/complaints", body)
        assert status == 201, answer


async def test_saved_cards_lists_and_history_name_tehsil_and_matter(
    rig: Rig, edition: Edition, complaint: dict[str, str]
) -> None:
    person = await rig.person("sunita")
    village = edition.places[place(edition, "khajuri", "village")]
    tehsil = village.territory.unit("tehsil")
    assert tehsil is not None
    told = f"{village.name_hi}, तहसील {tehsil.name_hi}"
    body = complaint | {"place_id": village.id, "csrf": person.csrf}
    response = await person.post_form("/complaints", body, **{"HX-Request": "true"})
    html = await response.text()
    (saved,) = await rig.records.complaints.recent(5)
    assert f"{told} की आपकी शिकायत «{saved.type_hi}» दर्ज हो गई है" in html
    _, mine = await person.get("/mine")
    assert told in mine
    _, page = await person.get(f"/complaints/{saved.number}")
    assert told in page.split('class="history"')[1]
    assert saved.type_hi in page.split('class="history"')[1]
    officer = await rig.person("anil")
    _, listed = await officer.get("/")
    assert told in listed
