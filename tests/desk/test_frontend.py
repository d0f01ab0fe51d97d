"""The browser packages: pinned, from no named host, with licences; and what the build must bring."""

import json
import re
from pathlib import Path

import desk
from desk.assets import VENDOR, load_assets

FRONTEND = Path(desk.__file__).parent / "frontend"


def test_the_lock_names_no_host_and_pins_by_hash() -> None:
    text = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert all(
        "resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in packages.values()
    )
    assert {entry["license"] for entry in packages.values()} <= {"0BSD", "OFL-1.1"}
    wanted = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values())
    assert {f"node_modules/{name}": version for name, version in wanted.items()}.items() <= {
        name: entry["version"] for name, entry in packages.items()
    }.items()


def test_the_build_brings_what_pages_need() -> None:
    script = (FRONTEND / "build.mjs").read_text(encoding="utf-8")
    for name in VENDOR:
        assert f'"{name.removeprefix("vendor/")}"' in script


def test_assets_change_their_address_with_their_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}", encoding="utf-8")
    first = load_assets(tmp_path)
    (tmp_path / "a.css").write_text("b{}", encoding="utf-8")
    second = load_assets(tmp_path)
    assert first.url("a.css") != second.url("a.css")
    assert first.missing() == list(VENDOR)
    assert first.get("../errors.py") is None
