"""What is generated, applied and kept secret."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dialplan.apply import apply
from dialplan.binary import AsteriskBinary, find_asterisk, parse_version
from dialplan.check import CONF_DIR, static_files
from dialplan.districts import load_districts, parse_districts
from dialplan.errors import DialplanError
from dialplan.executives import load_executives
from dialplan.generate import Source, generate
from dialplan.generate_districts import direct_numbers
from dialplan.hours import load_hours
from dialplan.layout import Layout, layout
from dialplan.menu import load_menu
from dialplan.moh import waiting_tone
from dialplan.rules import loaded_modules
from dialplan.secrets import Secrets, load_or_create
from dialplan.settings import AsteriskSettings
from ivr_prompts.alaw import decode

PASSWORDS = {str(number): f"password-of-{number}" for number in range(2001, 2005)}
SECRETS = Secrets("ami-password-1", "ari-password-1", PASSWORDS)


@pytest.fixture
def machine(tmp_path: Path) -> AsteriskBinary:
    """An Asterisk that is never started."""
    (tmp_path / "share" / "documentation").mkdir(parents=True)
    (tmp_path / "modules").mkdir()
    for name in loaded_modules(static_files(CONF_DIR)) or ():
        (tmp_path / "modules" / f"{name}.so").touch()
    return AsteriskBinary(("asterisk",), "22.0.0", tmp_path / "modules", tmp_path / "share")


def made(settings: AsteriskSettings, machine: AsteriskBinary) -> dict[str, str]:
    districts = load_districts()
    executives = load_executives(districts=districts)
    return dict(
        generate(
            Source(
                settings, districts, executives, load_menu(), load_hours(), SECRETS,
                Layout(Path("/r")), machine,
            )
        )
    )  # fmt: skip


def test_addresses_and_ports_come_from_the_settings(machine: AsteriskBinary) -> None:
    settings = AsteriskSettings(
        bind="192.0.2.1", sip_port=5070, http_port=8090, ami_port=5040, rtp_first=11000, rtp_last=11099,
        agi_host="::1", agi_port=4574, trunk_match=("192.0.2.7", "198.51.100.0/24"),
    )  # fmt: skip
    files = made(settings, machine)
    assert "bind = 192.0.2.1:5070" in files["pjsip-transports.conf"]
    assert "match = 192.0.2.7\nmatch = 198.51.100.0/24\n" in files["pjsip-trunk.conf"]
    assert "port = 5040\nbindaddr = 127.0.0.1\n" in files["manager.conf"]
    assert "bindaddr = 127.0.0.1\nbindport = 8090\n" in files["http.conf"]
    assert "rtpstart = 11000\nrtpend = 11099\nprobation = 1000000000\n" in files["rtp.conf"]
    assert "H181_AGI = agi://[::1]:4574\n" in files["globals.conf"]


@pytest.mark.parametrize(
    ("changes", "limit"), [({}, 660), ({"queue_wait_seconds": 600}, 1920), ({"silent_seconds": 900}, 900)]
)
def test_silence_ends_no_call_before_its_whole_wait(
    machine: AsteriskBinary, changes: dict[str, int], limit: int
) -> None:
    files = made(AsteriskSettings(**changes), machine)  # type: ignore[arg-type]
    lines = files["pjsip-endpoint.conf"].splitlines()
    assert {f"rtp_timeout = {limit}", f"rtp_timeout_hold = {limit}", "timers_sess_expires = 120"} <= set(
        lines
    )


def test_each_district_with_a_centre_has_queue_and_direct_numbers(machine: AsteriskBinary) -> None:
    files = made(AsteriskSettings(), machine)
    assert "[district-39](helpline-queue)" in files["queues.conf"]
    assert "[state](helpline-queue)" in files["queues.conf"]
    assert "[information](helpline-queue)" in files["queues.conf"]
    assert files["queues.conf"].count("](helpline-queue)") == 3
    assert "exten => 07372181,1,Set(H181_DISTRICT=39)\n" in files["districts.conf"]
    assert "07162181" not in files["districts.conf"]
    assert files["districts.conf"].count("Set(H181_DISTRICT_SOUND=h181/district/") == 55


def test_direct_numbers_in_every_form_a_network_delivers() -> None:
    row = "39,rajgarh,राजगढ़,Rajgarh,Bhopal,422,07372,1"
    district = parse_districts(
        "code,slug,name_hi,name_en,division,lgd_code,std_codes,has_centre\n" + row
    ).by_code("39")
    assert district is not None
    assert list(direct_numbers(district)) == [
        "07372181", "7372181", "+917372181", "917372181", "00917372181",
    ]  # fmt: skip


def test_each_executive_has_endpoint_password_and_queue(machine: AsteriskBinary) -> None:
    text = made(AsteriskSettings(), machine)["pjsip-executives.conf"]
    assert text.count("(executive-endpoint)") == text.count("(executive-auth)") == 4
    assert 'callerid = "Seema Malviya" <2001>\nset_var = H181_EXTENSION=2001\n' in text
    assert "set_var = H181_OWN_QUEUE=district-39\n" in text
    assert "password = password-of-2003\n" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bind": "localhost"}, "bind = 'localhost' is not an IP address"),
        ({"sip_port": 70000}, "sip_port = 70000 is not a port"),
        ({"rtp_first": 10000, "rtp_last": 10002}, "too few ports"),
        ({"trunk_match": ("sip.example",)}, "trunk_match holds 'sip.example'"),
        ({"ring_seconds": 0}, "ring_seconds = 0: use 1 second or more"),
        ({"queue_longest": 0}, "queue_longest = 0: use 1 caller or more"),
        ({"agi_host": "a,b"}, "agi_host = 'a,b' is not a host"),
    ],
)
def test_settings_asterisk_would_not_start_with(change: dict[str, object], said: str) -> None:
    with pytest.raises(DialplanError, match=said):
        replace(AsteriskSettings(), **change)  # type: ignore[arg-type]


def test_apply_writes_everything_for_its_owner_only(tmp_path: Path, machine: AsteriskBinary) -> None:
    runtime = tmp_path / "r"
    settings = AsteriskSettings(sounds_dir=tmp_path / "sounds")
    for _ in range(2):
        apply(settings, SECRETS, runtime, binary=machine)
    for path in [*CONF_DIR.glob("*.conf"), *CONF_DIR.glob("extensions.d/*.conf")]:
        assert (runtime / "etc" / path.relative_to(CONF_DIR)).read_bytes() == path.read_bytes()
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    secret = runtime / "etc" / "generated" / "manager.conf"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert (runtime / "data" / "sounds" / "hi" / "h181").readlink() == tmp_path / "sounds"
    assert (runtime / "data" / "moh" / "tone" / "1-tone.alaw").read_bytes() == waiting_tone()
    assert sorted(path.name for path in runtime.iterdir()) == [
        "data", "etc", "lib", "log", "recordings", "run", "spool",
    ]  # fmt: skip


def test_apply_follows_moved_sounds_and_recordings(tmp_path: Path, machine: AsteriskBinary) -> None:
    runtime = tmp_path / "r"
    for name in ("one", "two"):
        settings = AsteriskSettings(sounds_dir=tmp_path / name, recordings_dir=tmp_path / f"rec-{name}")
        apply(settings, SECRETS, runtime, binary=machine)
        assert (runtime / "data" / "sounds" / "hi" / "h181").readlink() == tmp_path / name
        generated = (runtime / "etc" / "generated" / "globals.conf").read_text(encoding="utf-8")
        assert f"H181_RECORDINGS = {tmp_path / f'rec-{name}'}\n" in generated
        assert (tmp_path / f"rec-{name}").is_dir()


def test_apply_gives_every_language_its_prompts_and_its_request_to_wait(
    tmp_path: Path, machine: AsteriskBinary
) -> None:
    audio = tmp_path / "audio"
    for language in ("hi", "en", "mup"):
        (audio / language).mkdir(parents=True)
    (audio / "en" / "all-busy.alaw").touch()
    apply(AsteriskSettings(sounds_dir=audio / "hi"), SECRETS, tmp_path / "r", binary=machine)
    data = tmp_path / "r" / "data"
    links = {"": "hi", "hi": "hi", "en": "en", "mup": "mup"}
    for language, target in links.items():
        assert (data / "sounds" / language / "h181").readlink() == audio / target
    music = (tmp_path / "r" / "etc" / "generated" / "musiconhold.conf").read_text(encoding="utf-8")
    tone = data / "moh" / "tone" / "1-tone"
    for language, asked in (("hi", "hi"), ("en", "en"), ("mup", "hi")):
        request = data / "sounds" / asked / "h181" / "all-busy"
        assert f"[wait-{language}-0]\nmode = playlist\nentry = {tone}\nentry = {request}\n" in music


def test_apply_refuses_without_touching_anything(tmp_path: Path, machine: AsteriskBinary) -> None:
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "modules.conf").write_text("[modules]\nautoload = no\n", encoding="utf-8")
    (conf / "extensions.conf").write_text("[x]\nexten => s,1,Answer(\n", encoding="utf-8")
    with pytest.raises(DialplanError, match=r"extensions\.conf:2: the '\(' is not closed") as caught:
        apply(AsteriskSettings(), SECRETS, tmp_path / "r", binary=machine, conf_dir=conf)
    assert "queues.conf:0: the file is missing" in str(caught.value)
    assert not (tmp_path / "r").exists()


def test_apply_leaves_out_modules_that_an_older_asterisk_does_not_have(
    tmp_path: Path, machine: AsteriskBinary
) -> None:
    (machine.modules_dir / "res_websocket_client.so").unlink()
    apply(AsteriskSettings(), SECRETS, tmp_path / "r", binary=machine)
    generated = (tmp_path / "r" / "etc" / "generated" / "modules.conf").read_text(encoding="utf-8")
    assert "noload = res_websocket_client.so\n" in generated
    (machine.modules_dir / "app_queue.so").unlink()
    with pytest.raises(DialplanError, match=r"this Asterisk \(22\.0\.0\) has no app_queue\.so in .*install"):
        apply(AsteriskSettings(), SECRETS, tmp_path / "r", binary=machine)


def test_apply_wants_a_password_for_every_executive(tmp_path: Path, machine: AsteriskBinary) -> None:
    few = Secrets("ami-password-1", "ari-password-1", {"2001": "password-of-2001"})
    with pytest.raises(DialplanError, match="no password for extension 2002, 2003, 2004"):
        apply(AsteriskSettings(), few, tmp_path / "r", binary=machine)


def test_a_runtime_that_cannot_be_made_is_one_line(tmp_path: Path, machine: AsteriskBinary) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DialplanError, match="cannot be written"):
        apply(AsteriskSettings(), SECRETS, tmp_path / "file" / "r", binary=machine)


@pytest.mark.parametrize("name", ["with;semicolon", "with,comma", 'with"quote', "with$dollar"])
def test_paths_asterisk_cannot_take(tmp_path: Path, name: str) -> None:
    with pytest.raises(DialplanError, match="choose another"):
        layout(Path("/short") / name)


def test_secrets_are_made_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secrets.json"
    first = load_or_create(path, ["2001"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    second = load_or_create(path, ["2001", "2002"])
    assert second.ami_password == first.ami_password
    assert second.endpoint_passwords["2001"] == first.endpoint_passwords["2001"]
    assert len({*second.endpoint_passwords.values(), second.ami_password, second.ari_password}) == 4
    assert second.ami_password not in repr(second)
    path.chmod(0o644)
    load_or_create(path, [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_others_keep_in_the_secrets_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"desk_key": "x"}), encoding="utf-8")
    load_or_create(path, ["2001"])
    assert json.loads(path.read_text(encoding="utf-8"))["desk_key"] == "x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('{"ami_password": "short"}', "password of ami_password must be 12 to 128"),
        ('{"endpoint_passwords": {"2001": "has;a-semicolon-in-it"}}', "password of 2001 must be"),
    ],
)
def test_a_damaged_secrets_file_is_one_line_without_the_secret(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DialplanError, match=said) as caught:
        load_or_create(path, [])
    assert "semicolon" not in str(caught.value)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Asterisk 22.10.1+dfsg-1\n", ("22.10.1+dfsg-1", 22)),
        ("Asterisk certified/20.7-cert2", ("20.7-cert2", 20)),
        ("Asterisk GIT-master", None),
        ("bash: no", None),
    ],
)
def test_versions(text: str, version: tuple[str, int] | None) -> None:
    assert parse_version(text) == version


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_an_installed_asterisk_is_used_as_it_is(tmp_path: Path) -> None:
    found = program(tmp_path / "usr" / "sbin" / "asterisk", "echo Asterisk 20.5.0")
    modules = tmp_path / "usr" / "lib" / "aarch64-linux-gnu" / "asterisk" / "modules"
    modules.mkdir(parents=True)
    (tmp_path / "usr" / "share" / "asterisk").mkdir(parents=True)
    binary = find_asterisk(tmp_path / "none", search_path=str(found.parent))
    assert (binary.argv, binary.version, binary.modules_dir) == ((str(found),), "20.5.0", modules)


def test_without_asterisk_or_with_an_old_one_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(DialplanError, match="run `make asterisk`"):
        find_asterisk(tmp_path / "none", search_path=str(tmp_path))
    old = program(tmp_path / "bin" / "asterisk", "echo Asterisk 16.2.1~dfsg")
    with pytest.raises(DialplanError, match=r"is older than version 20\): run `make asterisk`"):
        find_asterisk(tmp_path / "none", search_path=str(old.parent))


def test_an_unpacked_asterisk_runs_by_its_own_linker_whatever_the_machine(tmp_path: Path) -> None:
    libraries = tmp_path / "root" / "usr" / "lib" / "aarch64-linux-gnu"
    linker = program(libraries / "ld-linux-aarch64.so.1", 'shift 2; exec "$@"')
    asterisk = program(tmp_path / "root" / "usr" / "sbin" / "asterisk", "echo Asterisk 22.1.0")
    (libraries / "gconv").mkdir()
    binary = find_asterisk(tmp_path / "root", search_path=str(tmp_path))
    assert binary.argv == (str(linker), "--library-path", str(libraries), str(asterisk))
    assert binary.environment == (("GCONV_PATH", str(libraries / "gconv")),)


def test_a_half_unpacked_or_broken_asterisk_is_named(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    with pytest.raises(DialplanError, match="holds no complete Asterisk: run `make asterisk` again"):
        find_asterisk(tmp_path / "root", search_path=str(tmp_path))
    libraries = tmp_path / "root" / "usr" / "lib" / "x86_64-linux-gnu"
    program(libraries / "ld-linux-x86-64.so.2", "echo libfoo.so: cannot open shared object >&2; exit 127")
    program(tmp_path / "root" / "usr" / "sbin" / "asterisk", "")
    with pytest.raises(DialplanError, match="does not run: libfoo"):
        find_asterisk(tmp_path / "root", search_path=str(tmp_path))


def test_the_waiting_tone_is_soft_and_repeats_without_a_click() -> None:
    samples = decode(waiting_tone()).astype(np.float64) / 32768
    assert samples.size == 12 * 8000
    assert 0.1 < np.abs(samples).max() < 0.15
    assert np.abs(samples[:20]).max() < 0.01
    assert np.abs(samples[-800:]).max() < 0.001
    assert np.abs(np.diff(samples)).max() < 0.1
