"""The figures of the ivr bench and the table they make."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.ivr_capture import Heard
from bench.ivr_centre import BenchCentre
from bench.ivr_menu import HURRIED_PROMPT_SECONDS, Script
from bench.load import percentile


@dataclass
class Run:
    """One run of calls through one centre."""

    rate: float
    calls: int
    failed: int
    asterisk_seconds: float
    service_seconds: float
    heard: list[Heard]


@dataclass
class Side:
    """One of the two centres, and all that was measured of it."""

    centre: BenchCentre
    script: Script
    highest: float = 0.0
    beaten: bool = False
    runs: list[Run] = field(default_factory=list)

    @property
    def ok(self) -> str:
        """How many calls of the measured runs reached an executive."""
        calls = sum(run.calls for run in self.runs)
        return f"{calls - sum(run.failed for run in self.runs)} of {calls}"

    def milliseconds(self, which: Callable[[Heard], float | None]) -> list[float]:
        """One latency of all calls of the measured runs."""
        found = (which(heard) for run in self.runs for heard in run.heard)
        return [one * 1e3 for one in found if one is not None]


Pair = tuple[Side, Side]
"""With the service, and pure dialplan."""


def table(
    natural: Pair | None, hurried: Pair, *, rates: tuple[float, ...], natural_rate: float, half: float
) -> str:
    """Markdown, and what has to be said of it."""
    lines = ["| figure | Asterisk and the service | pure dialplan | ratio | target |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    if natural is not None:
        lines += _rows("natural call", natural, target="at most 1.15")
    lines += _rows("hurried call", hurried, target="")
    agi, dialplan = hurried
    if rates:
        ratio = f"{agi.highest / dialplan.highest:.2f}" if dialplan.highest else ""
        above = " or more" if agi.highest == dialplan.highest == rates[-1] else ""
        lines.append(
            f"| hurried calls a second without a failed one, highest | {agi.highest:.0f}{above} "
            f"| {dialplan.highest:.0f}{above} | {ratio} | at least 0.9 |"
        )
    said = [
        f"Hurried callers: prompts of {HURRIED_PROMPT_SECONDS} s, {len(agi.runs)} alternating rounds at "
        f"{half:.1f} calls a second, half of the lower highest rate."
    ]
    if natural is not None:
        script = natural[0].script
        keys = " ".join(press.key for press in script.presses)
        said.insert(
            0,
            f"Natural callers: the product's prompts, keys {keys} after hearing each question, "
            f"{script.seconds:.0f} s a call; {len(natural[0].runs)} rounds at {natural_rate:.0f} calls a "
            "second in both centres at once.",
        )
    said.append("The ratio is the median of the rounds'.")
    return "\n".join([*lines, "", *said])


def _rows(title: str, pair: Pair, *, target: str) -> list[str]:
    asterisk = [[run.asterisk_seconds / run.calls * 1e3 for run in side.runs] for side in pair]
    service = [[run.service_seconds / run.calls * 1e3 for run in side.runs] for side in pair]
    both = [[sum(two) for two in zip(*one, strict=True)] for one in zip(asterisk, service, strict=True)]
    lines = []
    for name, cpu, wanted in (
        ("CPU ms", both, target),
        ("of it Asterisk", asterisk, ""),
        ("of it the service", service, ""),
    ):
        ratios = [ours / theirs for ours, theirs in zip(*cpu, strict=False) if theirs]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else ""
        ours, theirs = (statistics.median(one) if one else 0.0 for one in cpu)
        lines.append(f"| {title}: {name} | {ours:.1f} | {theirs:.1f} | {ratio} | {wanted} |")
    for name, which in (
        ("answer to first sound, ms, p50 / p99", lambda heard: heard.answer_to_speech),
        (
            "last key to the executive's INVITE, prompts excluded, ms, p50 / p99",
            lambda heard: heard.key_to_invite,
        ),
    ):
        cells = []
        for side in pair:
            found = side.milliseconds(which)
            cells.append(f"{percentile(found, 50):.0f} / {percentile(found, 99):.0f}" if found else "none")
        lines.append(f"| {title}: {name} | {cells[0]} | {cells[1]} | | p99 at most 100 |")
    reached = " | ".join(side.ok for side in pair)
    return [*lines, f"| {title}: calls that reached an executive | {reached} | | |"]
