"""Who is taken for whom: the trunk by its address, an executive by his password, nobody by what he writes."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from dialplan.binary import AsteriskBinary
from dialplan.check import CONF_DIR, check, static_files
from dialplan.errors import DialplanError
from dialplan.rules import check_files
from dialplan.settings import AsteriskSettings
from tests.dialplan.agi_server import ScriptedAgi, scripted_agi
from tests.dialplan.asterisk_fixture import PrivateCentre, private_asterisk
from tests.dialplan.conversation import ended
from tests.dialplan.raw_sip import over_tcp, over_udp, over_websocket, request, status
from tests.dialplan.sip_phone import telephone

STRANGER, TRUNK = "127.0.0.23", "127.0.0.2"
METHODS = ("OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "NOTIFY", "INFO", "UPDATE")
EXTRA = {
    "REFER": "Refer-To: <sip:112@x>\r\n",
    "SUBSCRIBE": "Event: dialog\r\nExpires: 60\r\nAccept: application/dialog-info+xml\r\n",
    "PUBLISH": "Event: presence\r\nExpires: 60\r\n",
    "NOTIFY": "Event: presence\r\nSubscription-State: active\r\n",
    "REGISTER": "Expires: 60\r\n",
}


@pytest.fixture
async def agi() -> AsyncIterator[ScriptedAgi]:
    """A service that notes whom it is asked for."""
    script = ScriptedAgi(sets={"welcome": {"H181_NEXT": "end"}})
    async with scripted_agi(script):
        yield script


@pytest.fixture
async def centre(binary: AsteriskBinary, agi: ScriptedAgi) -> AsyncIterator[PrivateCentre]:
    """A running Asterisk with that service."""
    async with private_asterisk(binary=binary, agi_port=agi.port) as running:
        yield running


@pytest.mark.call
async def test_nobody_becomes_the_trunk_by_what_he_writes(centre: PrivateCentre, agi: ScriptedAgi) -> None:
    uri = f"sip:181@127.0.0.1:{centre.settings.sip_port}"
    asserted = "P-Asserted-Identity: <sip:+919812300042@x>\r\nRemote-Party-ID: <sip:trunk@x>\r\n"
    for who in (
        "<sip:trunk@127.0.0.2>", "<sip:%74runk@127.0.0.23>", '"trunk" <sip:trunk@anonymous.invalid>',
        "sip:trunk@127.0.0.1", "<sip:trunk;npdi@x>", "<tel:trunk>", "<sip:anonymous@anonymous.invalid>",
        "<sip:trunk:x@127.0.0.2>", "<sip:trunk@[::1]>", "<sips:trunk@127.0.0.2>", "<sip:127.0.0.2>",
        "<sip:2001@127.0.0.2>", "<sip:TRUNK@x>",
    ):  # fmt: skip
        text = request("INVITE", uri, who, STRANGER, extra=f"{asserted}Diversion: <sip:trunk@127.0.0.2>\r\n")
        assert status(await over_udp(STRANGER, centre.server, text)) in {0, 401, 416}, who
    forged = request("INVITE", uri, "<sip:trunk@x>", TRUNK, transport="TCP")
    assert status(await over_tcp(STRANGER, centre.server, forged)) == 401
    forged = request("INVITE", uri, "<sip:trunk@x>", TRUNK, transport="WS")
    assert status(await over_websocket(STRANGER, centre.settings, forged)) == 401
    for method in METHODS:
        text = request(method, uri, "<sip:trunk@x>", STRANGER, extra=EXTRA.get(method, ""))
        assert not 200 <= status(await over_udp(STRANGER, centre.server, text, within=1.0)) < 300, method
    replaces = "Replaces: a;to-tag=b;from-tag=c\r\nRequire: replaces\r\n"
    text = request("INVITE", uri, "<sip:trunk@x>", STRANGER, extra=replaces)
    assert status(await over_udp(STRANGER, centre.server, text)) == 401
    assert agi.asked == []


@pytest.mark.call
async def test_whoever_calls_from_the_trunks_address_is_a_citizen(
    centre: PrivateCentre, agi: ScriptedAgi
) -> None:
    """Also over TCP, and one who writes or even knows what an executive's telephone would."""
    server = f"127.0.0.1:{centre.settings.sip_port}"
    for method in ("REGISTER", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH"):
        for aor in ("trunk", "2001"):
            who = f"<sip:{aor}@x>"
            text = request(method, f"sip:{aor}@{server}", who, TRUNK, to=who, extra=EXTRA.get(method, ""))
            assert status(await over_udp(TRUNK, centre.server, text)) >= 400, (method, aor)
    async with telephone("2001", TRUNK, centre.server) as phone:
        phone.password = centre.secrets.endpoint_passwords["2001"]
        for number in ("*11", "2002", "112"):
            agi.forget()
            call = await phone.call(number)
            await ended(call)
            await asyncio.wait_for(agi.ended.wait(), 5)
            assert {arguments[1] for _, arguments in agi.asked} == {"2001"}
            assert agi.steps() == ["welcome", "ended"]
    assert "PJSIP/2001" not in await centre.asterisk.cli("queue show district-39")


@pytest.mark.call
async def test_an_executive_is_nobody_else(centre: PrivateCentre, agi: ScriptedAgi) -> None:
    headers = (
        'P-Asserted-Identity: "x" <sip:+919812300042@x>\r\nRemote-Party-ID: <sip:2002@x>\r\nPrivacy: id\r\n'
        "Diversion: <sip:2002@x>\r\nP-Preferred-Identity: <sip:2002@x>\r\nContact: <sip:2002@x>\r\n"
    )
    async with telephone("2001", "127.0.0.1", centre.server) as phone:
        await phone.register(centre.secrets.endpoint_passwords["2001"])
        for pretended in ("2002", "+919812300042", "trunk", "2001x"):
            call = await phone.call("181", caller=f"<sip:{pretended}@127.0.0.1>", headers=headers)
            await ended(call)
            assert call.status == 401, pretended
        assert agi.asked == []
        for caller in ("<sip:2001@127.0.0.1>", '"Sita, 2002" <sip:2001;cpc=x@elsewhere.example>'):
            agi.forget()
            call = await phone.call("181", caller=caller, headers=headers)
            await ended(call)
            await asyncio.wait_for(agi.ended.wait(), 5)
            assert {arguments[1] for _, arguments in agi.asked} == {"2001"}
        for number in ("112", "9112", "trunk", "07372181", "2001%40evil"):
            call = await phone.call(number)
            await ended(call)
            assert call.status in {404, 484}, number


@pytest.mark.call
async def test_a_trunk_that_must_sign_is_not_believed_without(binary: AsteriskBinary) -> None:
    script = ScriptedAgi(sets={"welcome": {"H181_NEXT": "end"}})

    def signed(settings: AsteriskSettings) -> AsteriskSettings:
        return replace(settings, trunk_user="carrier")

    async with (
        scripted_agi(script),
        private_asterisk(binary=binary, agi_port=script.port, change=signed) as centre,
        telephone("carrier", TRUNK, centre.server) as trunk,
        telephone("carrier", STRANGER, centre.server) as stranger,
    ):
        for phone, password in (
            (trunk, ""),
            (trunk, "not-the-password"),
            (stranger, centre.secrets.trunk_password),
        ):
            phone.password = password
            call = await phone.call("181", caller="<sip:+919812300042@x>")
            await ended(call)
            assert call.status == 401
        assert script.asked == []
        trunk.password = centre.secrets.trunk_password
        call = await trunk.call("181", caller="<sip:+919812300042@x>")
        await ended(call)
        assert call.status == 200
        assert script.asked[0][1][1] == "+919812300042"


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ("0.0.0.0/0", "wider than /16"), ("::/0", "IPv6's clothes"), ("10.0.0.0/8", "wider than /16"),
        ("127.0.0.1", "holds 127.0.0.1"), ("127.0.0.0/24", "holds 127.0.0.1"), ("::1", "holds ::1"),
        ("198.51.100.7", "holds 198.51.100.7"), ("198.51.100.0/24", "holds 198.51.100.7"),
        ("0.0.0.0/32", "nobody's address"), ("224.0.0.5", "nobody's address"),
        ("2001:db8::/32", "wider than /48"),
        ("::ffff:127.0.0.1", "IPv6's clothes"), ("127.0.0.2/255.0.0.0", "wider than /16"),
    ],
)  # fmt: skip
def test_addresses_that_would_make_others_the_trunk_are_refused(match: str, said: str) -> None:
    with pytest.raises(DialplanError, match=re.escape(said)):
        AsteriskSettings(bind="198.51.100.7", trunk_match=("203.0.113.7", match))


def test_accounts_at_the_operator_are_checked() -> None:
    with pytest.raises(DialplanError, match="needs trunk_account"):
        AsteriskSettings(trunk_register=True)
    with pytest.raises(DialplanError, match="trunk_user"):
        AsteriskSettings(trunk_user="a\nauth = x")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("identify_by = ip\n", "", "which has no password"),
        ("identify_by = ip\n", "identify_by = username\n", "which has no password"),
        ("identify_by = ip\n", "identify_by = ip,header\n", "which has no password"),
        ("trust_id_inbound = no", "trust_id_inbound = yes", "may say that it is somebody else"),
        ("= ip,username", "= ip,username,anonymous", "anonymous lets anybody in"),
        (
            "[trunk-endpoint](!",
            "[anonymous]\ntype = endpoint\n[trunk-endpoint](!",
            "everybody is the endpoint anonymous",
        ),
        (
            "[global]",
            "[x]\ntype=identify\nendpoint=2001\nmatch=0.0.0.0/0\n[global]",
            "0.0.0.0/0 is everybody",
        ),
        ("[global]", "[x]\ntype=identify\nendpoint=2001\nmatch_header=A: b\n[global]", "written by anybody"),
    ],
)
def test_an_edit_that_lets_others_in_is_found(old: str, new: str, said: str) -> None:
    files = dict(static_files(CONF_DIR))
    assert check() == []
    text = files["pjsip.conf"]
    assert old in text
    files["pjsip.conf"] = text.replace(old, new, 1)
    files["generated/pjsip-trunk.conf"] = "[trunk](trunk-endpoint)\naors = trunk\n"
    files["generated/pjsip-executives.conf"] = "[2001](executive-endpoint)\nauth = 2001\n"
    found = [str(problem) for problem in check_files(files) if said in problem.what]
    assert found
    assert all("pjsip" in each for each in found)
