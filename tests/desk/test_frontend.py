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


PAIRS = (
    ("ink", "card"), ("ink", "ground"), ("ink", "bad-wash"), ("ink", "ring-wash"), ("ink", "accent-wash"),
    ("soft", "card"), ("soft", "ground"), ("soft", "ring-wash"), ("accent", "card"),
    ("accent", "accent-wash"), ("accent-deep", "accent-wash"), ("accent-ink", "accent"),
    ("accent-ink", "accent-deep"), ("ring", "ring-wash"),
    ("good", "card"), ("good", "good-wash"), ("bad", "card"), ("bad", "bad-wash"), ("draft", "draft-wash"),
    ("top-ink", "top"), ("top-soft", "top"),
)  # fmt: skip
"""Text and ground as the style sheet pairs them."""


def test_colours_can_be_read_in_both_schemes() -> None:
    css = (FRONTEND.parent / "static" / "desk.css").read_text(encoding="utf-8")
    head = css[: css.index("*, *::before")]
    light_css, dark_css = head.split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light_css))
    dark = light | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark_css))
    assert light != dark
    for colours in (light, dark):
        weak = [pair for pair in PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
        assert weak == []
        assert contrast(colours["field"], colours["card"]) >= 3, "borders of fields"


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.1 relative luminance of ``#rrggbb``."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
