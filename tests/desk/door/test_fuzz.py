"""Whatever is sent to whichever route by whomever: never a 500, never a traceback, always the guards."""

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.settings import DeskSettings
from dialplan.districts import Districts
from mapper import Edition
from tests.desk.door.served import Answer, Served, served

ROLES = (None, "sunita", "meera", "anil", "kavita")
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "QUERY")

PIECES = st.sampled_from(
    [
        b"1", b"0", b"-1", b"10000012", b"9" * 20, b"9" * 5000, b"99999999999999999999", b"%00", b"%0a",
        b"%ff", b"%",
        b"%zz", b"%c0%af", b"%ed%a0%80", b"..", b"%2e%2e", b"..%2f..", b"a" * 9000, b"\xe0\xa5\xa7",
        b"%E0%A5%A7", b"note", b"discard", b"x'--", b"\xff", b"{}", b"[", b"%F0%9F%98%80", b"%5C", b"//", b"",
        b"call-1", b" ", b"\t",
    ]
)  # fmt: skip
NAMES = [
    "q", "next", "call", "like", "message", "done", "username", "password", "csrf", "language", "key",
    "number", "id",
    "citizen_name", "citizen_phone", "place_id", "type_code", "description", "kind", "reason", "note",
    "answer",
    "main", "how", "verdict", "type", "department", "citizen_told",
]  # fmt: skip
SCALARS = st.one_of(
    st.sampled_from(
        ["", "x", "\x00", "\ud800", "a\ud83d", "\u0000b", "१", "9" * 30, "राजगढ़", "\u202e", "𝕏" * 50,
        "0" * 70_000, "-1"]
    ),
    st.text(max_size=30),
)  # fmt: skip
JSON_TEXT = st.one_of(
    st.sampled_from(
        [
            '{"a":' + "9" * 5000 + "}", '{"a":-' + "1" * 400 + "}", '{"a":1e999}', '{"a":NaN}',
            '{"a":Infinity}',
            '{"username":"\\ud800","password":"\\udfff"}', "[" * 20_000, '{"a":' * 5000, "{", "[]", "null",
            "",
            '{"a":1,"a":2}', "\ufeff{}", '{"username":{"a":[]},"password":[1]}', '{"\\ud800":1,"\\ud800":2}',
            '{"description":"\\u0000"}', '{"key":true,"csrf":null}', "{'a':1}", '{"a":0x10}', "1" * 60_000,
        ]
    ),
    st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(SCALARS, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(SCALARS,
        max_size=3)),
        max_size=6,
    ).map(json.dumps),
).map(lambda text: text.encode("utf-8", "surrogatepass"))  # fmt: skip
FORMS = st.one_of(
    st.sampled_from(
        [
            b"a=\xff", b"a=%ff", b"a=%zz", b"a", b"=", b"&&&", b"a=1&a=2", b"a=%00", b"a=%ED%A0%80",
            b"&".join(b"f%d=1" % each for each in range(5000)), b"a=" + b"x" * 70_000, b"\x00" * 100,
            b"csrf=\xe9",
            b"username=a&password=" + b"b" * 2000, b"language=hi&next=//evil", b"a=1;b=2", b"%",
            b"next=%0d%0aX:1",
        ]
    ),
    st.lists(st.tuples(st.sampled_from([name.encode() for name in NAMES]), PIECES), max_size=6).map(
        lambda pairs: b"&".join(name + b"=" + value for name, value in pairs)
    ),
    st.binary(max_size=200),
)  # fmt: skip
MULTIPART = st.sampled_from(
    [
        b"", b"--x\r\n", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; filename="\xff"\r\n\r\nv\r\n--x--',
        b"--x\r\n\r\n\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../etc"'
        b"\r\nContent-Transfer-Encoding: base64"
        b"\r\n\r\n!!!\r\n--x--",
        b"--x\r\n" + b"A: b\r\n" * 3000, b"--x--", b"--x\r\nContent-Length: -5\r\n\r\nv",
    ]
)  # fmt: skip
TYPES = st.sampled_from(
    [
        b"application/json", b"application/json; charset=utf-16", b"application/json; charset=nonsense",
        b"application/json; charset=\xff", b"application/x-www-form-urlencoded", b"text/plain", b"",
        b"application/x-www-form-urlencoded; charset=rot13",
        b"application/x-www-form-urlencoded; charset=idna",
        b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=x",
        b"multipart/form-data; boundary=" + b"y" * 500, b"multipart/mixed; boundary=x", b"nonsense",
        b"a/b/c; d",
        b"application/json; charset*=utf-8''x", b'multipart/form-data; boundary="',
        b"application/octet-stream",
        b"application/msgpack",
    ]
)  # fmt: skip
BODIES = st.one_of(
    st.tuples(st.just(b"application/json"), JSON_TEXT),
    st.tuples(st.just(b"application/x-www-form-urlencoded"), FORMS),
    st.tuples(st.just(b"multipart/form-data; boundary=x"), MULTIPART),
    st.tuples(TYPES, st.one_of(JSON_TEXT, FORMS, MULTIPART, st.binary(max_size=100))),
)
BOMB = zlib.compress(b"a" * 5_000_000)
HEADERS = st.lists(
    st.sampled_from(
        [
            b"Origin: http://[bad", b"Origin: null", b"Origin: x", b"Origin: http://a:99999999",
            b"Origin: \xff",
            b"Accept: text/html", b"Accept: application/json", b"Accept: \xff", b"HX-Request: true",
            b"Cookie: \xff=\xfe",
            b"Cookie: h181_session=\xff\xfe; h181_lang=xx", b"Cookie: h181_login=\xfe\xff",
            b"Cookie: h181_login=" + b"z" * 5000,
            b'Cookie: a="b; c=\\d; $Path=/; =; ;;', b"Range: bytes=9-1", b"Range: bytes=--",
            b"Range: bytes=0-0,1-1",
            b"Range: lines=1", b"If-None-Match: \xff", b'If-None-Match: "', b"If-None-Match: *",
            b"If-Range: x",
            b"If-Modified-Since: yesterday", b"If-Modified-Since: Mon, 99 Foo 99999 99:99:99 GMT",
            b"Last-Event-ID: \xff", b"Last-Event-ID: " + b"9" * 4000, b"Last-Event-ID: -",
            b"Content-Encoding: gzip",
            b"Content-Encoding: deflate", b"Content-Encoding: br", b"Content-Encoding: zstd",
            b"Content-Encoding: x, y",
            b"X-CSRF-Token: \xff", b"X-Forwarded-For: nonsense", b"X-Forwarded-For: 1.2.3.4, ,",
            b"Forwarded: for=",
            b"X-Forwarded-Host: [", b"X-Forwarded-Proto: gopher", b"Sec-Fetch-Site: cross-site",
            b"Expect: 100-continue",
            b"Expect: nonsense", b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x",
            b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings", b"X-Long: " + b"x" * 9000,
            b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: gzip", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
            b"bad header",
            b"Authorization: Basic ////", b": empty", b"Host: other", b"Referer: http://[",
            b"Accept-Language: \xff",
            b"X-HTTP-Method-Override: DELETE", b"Te: trailers",
        ]
    ),
    max_size=4,
)  # fmt: skip
HOSTS = st.sampled_from(
    [b"Host: 127.0.0.1"] * 12
    + [b"Host: [bad", b"Host: ", b"Host: \xff", b"Host: a b", b"Host: a:99999999", b"Host: [::1]:1",
    b"Host: a@b", b""]
)  # fmt: skip
QUERIES = st.one_of(
    st.just(b""),
    st.lists(st.tuples(st.sampled_from([name.encode() for name in NAMES]), PIECES), max_size=4).map(
        lambda pairs: b"?" + b"&".join(name + b"=" + value for name, value in pairs)
    ),
    st.sampled_from([b"?", b"??", b"?%", b"?&&", b"?q=" + b"%41" * 2000, b"?\xff=\xff", b"?q[]=1", b"?q=#x"]),
)
VERSIONS = st.sampled_from(
    [b"HTTP/1.1"] * 12 + [b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"http/1.1", b"JUNK", b""]
)


@pytest.fixture(scope="module")
def desk(
    people: Path, tmp_path_factory: pytest.TempPathFactory, edition: Edition, districts: Districts
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with served(
        people, folder, edition, districts, DeskSettings(port=0, login_source_tries=10_000)
    ) as running:
        yield running


def routes(app: web.Application) -> list[str]:
    """Every address the desk answers, so that a new one comes under this test."""
    return sorted(
        {resource.canonical for resource in app.router.resources()} | {"/nowhere", "*", "http://[/"}
    )


def check(desk: Served, raw: bytes, answer: Answer) -> None:
    shown = raw[:300]
    assert answer.status < 500, (shown, answer.body[:300], desk.faults.lines[-1:])
    assert desk.faults.lines == [], (shown, desk.faults.lines[-1])
    if answer.status:
        assert answer.lacks() == [], shown
        assert b"Traceback" not in answer.body
        assert b"aiohttp" not in answer.body


@st.composite
def requests(draw: st.DrawFn, desk: Served) -> tuple[bytes, bool]:
    """A request, and whether its answer may go on for ever."""
    route, who = draw(st.sampled_from(routes(desk.app))), draw(st.sampled_from(ROLES))
    path = re.sub(rb"\{[^{}]*(\{[^{}]*\})?[^{}]*\}", lambda _: draw(PIECES), route.encode())
    method = draw(st.sampled_from(("GET", "POST", *METHODS))).encode()
    head = [draw(HOSTS), *draw(HEADERS)]
    if who:
        session = desk.session(who)
        head.append(f"Cookie: h181_session={session.token}".encode())
        if draw(st.booleans()):
            head.append(f"X-CSRF-Token: {session.csrf}".encode())
    body = b""
    if method == b"POST" or draw(st.integers(0, 9)) == 0:
        kind, body = draw(BODIES)
        if kind:
            head.append(b"Content-Type: " + kind)
        if any(b"Content-Encoding" in line for line in head) and draw(st.booleans()):
            body = BOMB
        if draw(st.integers(0, 9)):
            head.append(b"Content-Length: %d" % len(body))
        else:
            head.append(b"Transfer-Encoding: chunked")
            body = draw(
                st.sampled_from(
                    [b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), b"zz\r\n", b"5\r\nabc\r\n0\r\n\r\n"]
                )
            )
    head.append(b"Connection: close")
    first = method + b" " + path + draw(QUERIES) + b" " + draw(VERSIONS)
    return first + b"\r\n" + b"\r\n".join(
        line for line in head if line
    ) + b"\r\n\r\n" + body, route == "/events"


def test_nothing_that_is_sent_makes_the_desk_fail(desk: Served) -> None:
    @settings(
        max_examples=400, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(requests(desk))
    def fuzz(request: tuple[bytes, bool]) -> None:
        raw, endless = request
        check(desk, raw, desk.send(raw, until_head=endless))

    fuzz()
    assert desk.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status == 200


def test_a_login_cookie_that_is_none_is_written_over(desk: Served) -> None:
    for cookie in (b"\xfe\xffab", b'"\\377\\0"', b"short", b"<b>" * 9, b"z" * 5000, b"\xed\xa0\x80" * 8):
        head = b"Host: 127.0.0.1\r\nConnection: close\r\nAccept: text/html\r\nCookie: h181_login=" + cookie
        for path in (b"/login", b"/nowhere"):
            raw = b"GET " + path + b" HTTP/1.1\r\n" + head + b"\r\n\r\n"
            answer = desk.send(raw)
            check(desk, raw, answer)
        made = desk.send(b"GET /login HTTP/1.1\r\n" + head + b"\r\n\r\n").header("Set-Cookie")
        assert made is not None
        assert made.startswith("h181_login="), cookie
