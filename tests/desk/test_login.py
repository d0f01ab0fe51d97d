"""Who gets in, who is kept out, and what every response carries."""

import pytest
from aiohttp import ClientResponse

from tests.desk.conftest import MakeRig
from tests.desk.rig import BROWSER, JSON, PASSWORD, Person, Rig, field_value

CHROME = {"Sec-Fetch-Site": "same-origin"}


async def form_login(rig: Rig, password: str = PASSWORD, **extra: str) -> tuple[Person, ClientResponse]:
    person = rig.visitor()
    _, html = await person.get("/login")
    data = {"csrf": field_value(html, "csrf"), "username": "sunita", "password": password, **extra}
    return person, await person.post_form("/login", data)


async def test_a_form_login_leads_to_the_desk(rig: Rig) -> None:
    person, response = await form_login(rig)
    assert (response.status, response.headers["Location"]) == (303, "/")
    status, html = await person.get("/")
    assert status == 200
    assert "सुनीता वर्मा" in html


async def test_a_json_login_tells_the_token_and_who_one_is(rig: Rig) -> None:
    body = await rig.visitor().log_in("sunita")
    assert body["csrf"]
    assert (body["username"], body["role"], body["extension"]) == ("sunita", "executive", "2001")


async def test_the_session_cookie_is_out_of_reach(rig: Rig) -> None:
    _, response = await form_login(rig)
    cookie = response.cookies["h181_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert not cookie["secure"], "the desk is asked over plain loopback here"


@pytest.mark.parametrize("host", ["desk.example", "desk.example:8181", "10.1.2.3", "[2001:db8::1]:80"])
async def test_cookies_are_secure_for_any_other_address(rig: Rig, host: str) -> None:
    person = rig.visitor()
    url = rig.server.make_url("/login")
    async with person.session.get(url, headers={**BROWSER, "Host": host}) as response:
        assert response.cookies["h181_login"]["secure"]


@pytest.mark.parametrize("host", ["localhost:8181", "127.0.0.1", "127.0.0.2:80", "[::1]:8181"])
async def test_plain_loopback_works_without_tls(rig: Rig, host: str) -> None:
    person = rig.visitor()
    url = rig.server.make_url("/login")
    async with person.session.get(url, headers={**BROWSER, "Host": host}) as response:
        assert not response.cookies["h181_login"]["secure"]


async def test_a_wrong_password_keeps_the_name_that_was_typed(rig: Rig) -> None:
    _, response = await form_login(rig, "nonsense")
    assert response.status == 401
    text = await response.text()
    assert "सही नहीं है" in text
    assert 'value="sunita"' in text
    assert "nonsense" not in text


async def test_a_login_form_without_its_token_is_refused(rig: Rig) -> None:
    person = rig.visitor()
    await person.get("/login")
    data = {"username": "sunita", "password": PASSWORD}
    for csrf in ("", "forged"):
        response = await person.post_form("/login", {**data, "csrf": csrf})
        assert response.status == 403
        assert "h181_session" not in response.cookies


async def test_a_browser_without_cookies_is_told_about_https(rig: Rig) -> None:
    response = await rig.visitor().post_form(
        "/login", {"username": "sunita", "password": PASSWORD, "csrf": "x"}, Host="desk.example"
    )
    assert response.status == 403
    assert "https" in await response.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_posts_from_other_sites_are_refused(rig: Rig, headers: dict[str, str]) -> None:
    person = await rig.person("sunita")
    status, _ = await person.post_json("/complaints", {}, **headers)
    assert status == 403
    visitor = rig.visitor()
    status, _ = await visitor.post_json("/login", {"username": "sunita", "password": PASSWORD}, **headers)
    assert status == 403


@pytest.mark.parametrize("path", ["/complaints", "/logout", "/language"])
@pytest.mark.parametrize("token", ["", "forged", "ü"])
async def test_a_post_without_the_sessions_token_is_refused(rig: Rig, path: str, token: str) -> None:
    person = await rig.person("sunita")
    response = await person.post_form(path, {"csrf": token, "language": "en"})
    assert response.status == 403
    person.csrf = "forged"
    assert (await person.post_json(path, {"csrf": "forged"}))[0] == 403
    assert (await person.get("/"))[0] == 200


async def test_guessing_is_stopped_per_user_and_address(make_rig: MakeRig) -> None:
    rig = await make_rig(login_tries=3, login_window_seconds=300.0)
    person = rig.visitor()
    wrong = {"username": "Sunita", "password": "guess"}
    for _ in range(3):
        assert (await person.post_json("/login", wrong))[0] == 401
    right = {"username": "sunita", "password": PASSWORD}
    async with person.session.post(rig.server.make_url("/login"), json=right, headers=JSON) as response:
        assert response.status == 429
        assert 0 < int(response.headers["Retry-After"]) <= 300
        assert "5" in (await response.json())["error"]
    assert (await person.post_json("/login", {**right, "username": "ramesh"}))[0] == 200
    rig.clock.pass_(seconds=301)
    assert (await person.post_json("/login", right))[0] == 200


async def test_pages_send_the_unknown_to_the_login_and_programs_get_401(rig: Rig) -> None:
    person = rig.visitor()
    async with person.session.get(
        rig.server.make_url("/complaints/10000012"), headers=BROWSER, allow_redirects=False
    ) as response:
        assert response.status == 303
        assert response.headers["Location"] == "/login?next=/complaints/10000012"
    for path in ("/", "/calls/x", "/places?q=a", "/mine", "/events"):
        assert (await person.get_json(path))[0] == 401


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/complaints/10000012", "/complaints/10000012"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
async def test_after_the_login_one_stays_on_this_site(rig: Rig, wanted: str, given: str) -> None:
    _, response = await form_login(rig, next=wanted)
    assert response.headers["Location"] == given


async def test_logging_out_ends_the_session_for_good(rig: Rig) -> None:
    person = await rig.person("sunita")
    stolen = {
        cookie.key: cookie.value for cookie in person.session.cookie_jar if cookie.key == "h181_session"
    }
    response = await person.post_form("/logout", {"csrf": person.csrf})
    assert (response.status, response.headers["Location"]) == (303, "/login")
    thief = rig.visitor()
    thief.session.cookie_jar.update_cookies(stolen, rig.server.make_url("/"))
    assert (await thief.get_json("/mine"))[0] == 401


async def test_a_new_login_closes_the_former_session(rig: Rig) -> None:
    person = await rig.person("sunita")
    first = {cookie.key: cookie.value for cookie in person.session.cookie_jar}
    await person.log_in("sunita")
    other = rig.visitor()
    other.session.cookie_jar.update_cookies(first, rig.server.make_url("/"))
    assert (await other.get_json("/mine"))[0] == 401


async def test_a_session_ends_with_the_shift(rig: Rig) -> None:
    person = await rig.person("sunita")
    rig.clock.pass_(hours=12, seconds=1)
    assert (await person.get_json("/mine"))[0] == 401


@pytest.mark.parametrize("path", ["/login", "/healthz", "/nowhere", "/static/x/desk.css", "/"])
async def test_every_response_carries_the_guards(rig: Rig, path: str) -> None:
    person = await rig.person("sunita")
    async with person.session.get(
        rig.server.make_url(path), headers=BROWSER, allow_redirects=False
    ) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-store"
        assert "aiohttp" not in response.headers["Server"]


async def test_the_language_is_switched_and_kept(rig: Rig) -> None:
    person = await rig.person("sunita")
    _, html = await person.get("/")
    assert '<html lang="hi">' in html
    response = await person.post_form("/language", {"csrf": person.csrf, "language": "en", "next": "/"})
    assert (response.status, response.headers["Location"]) == (303, "/")
    _, html = await person.get("/")
    assert '<html lang="en">' in html
    assert "Register complaint" in html
    response = await person.post_form("/language", {"csrf": person.csrf, "language": "<script>"})
    assert response.status == 422


async def test_the_language_can_be_switched_before_the_login(rig: Rig) -> None:
    person = rig.visitor()
    _, html = await person.get("/login")
    response = await person.post_form(
        "/language", {"csrf": field_value(html, "csrf"), "language": "en", "next": "/login"}
    )
    assert response.status == 303
    assert "Log in" in (await person.get("/login"))[1]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"'])
async def test_a_login_that_is_no_json_object_is_refused(rig: Rig, body: bytes) -> None:
    async with rig.visitor().session.post(
        rig.server.make_url("/login"), data=body, headers={**JSON, "Content-Type": "application/json"}
    ) as response:
        assert response.status == 400


async def test_health_is_told_without_a_login(rig: Rig) -> None:
    status, told = await rig.visitor().get_json("/healthz")
    assert status == 200
    assert told == {
        "status": "ok", "records": True, "directory": True, "edition": "1", "phones": True, "streams": 0,
        "failing": [], "warnings": [],
    }  # fmt: skip
    await rig.records.aclose()


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/complaints", "/"),
        ("/complaints/10000012/steps/note", "/complaints/10000012"),
        ("/messages/1/discard", "/messages"),
        ("/callbacks/1/done", "/messages"),
        ("/logout", "/"),
        ("/language", "/"),
    ],
)
async def test_where_a_form_goes_to_leads_back_to_its_page(rig: Rig, address: str, page: str) -> None:
    person = await rig.person("sunita")
    async with person.session.get(
        rig.server.make_url(address), headers=BROWSER, allow_redirects=False
    ) as response:
        assert (response.status, response.headers["Location"]) == (303, page)
    async with person.session.get(rig.server.make_url(address), headers=JSON) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
    assert (await person.get("/"))[0] == 200, "nobody is logged out by a link"


async def test_a_refused_form_offers_the_way_back(rig: Rig) -> None:
    stranger, person = rig.visitor(), await rig.person("sunita")
    answer = await stranger.post_form("/complaints/10000012/steps/note", {"note": "x"})
    assert answer.status == 401
    assert 'href="/login?next=/complaints/10000012/steps/note"' in await answer.text()
    answer = await person.post_form("/complaints/10000012/steps/note", {"note": "x", "csrf": "old"})
    assert answer.status == 403
    assert 'href="/complaints/10000012/steps/note"' in await answer.text()


async def test_logging_out_twice_ends_at_the_login_page(rig: Rig) -> None:
    person = await rig.person("sunita")
    for _ in range(2):
        answer = await person.post_form("/logout", {"csrf": person.csrf})
        assert (answer.status, answer.headers["Location"]) == (303, "/login")
