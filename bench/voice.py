"""The voice: what a recogniser hears of every prompt, over the 8 kHz A-law a caller gets.

Prompts are played joined, as conversations join them, and each one answers for the consonants (English:
words) misheard in it. A sample of the same utterances is spoken by the spare engine, pyttsx3, too.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import fmean
from typing import Final

import click
import numpy as np
from numpy.typing import NDArray

from bench.load import load_average
from bench.voice_compare import Tally, tallies
from bench.voice_listener import Listener, listener
from bench.voice_utterances import Utterance, group_of, singles, utterances
from ivr_prompts import Catalogue, PromptsSettings, alaw, load_catalogue
from ivr_prompts.build import trial
from ivr_prompts.engines import Engine, best_engine
from ivr_prompts.errors import PromptError

LANGUAGES: Final = ("hi", "en")
MOST_PERCENT: Final = 15.0
SAMPLE: Final = 12
"""Every so manieth utterance is spoken by pyttsx3 as well."""
SMOKE_STEP: Final = 200
_GAP: Final = alaw.RATE // 50
"""Samples between two prompts: Asterisk begins the next one with the next packet."""

Audio = Callable[[str], NDArray[np.int16]]


@dataclass
class Heard:
    """What was heard of prompts: a tally for each, and one text in which it was misheard."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misheard: dict[str, str] = field(default_factory=dict)

    def percents(self) -> dict[str, float]:
        """Share of errors by prompt, the worst first; a prompt without consonants of its own is not in it."""
        found = {key: tally.percent for key, tally in self.tallies.items() if tally.sounds}
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def listen(ear: Listener, catalogue: Catalogue, said: Sequence[Utterance], audio: Audio) -> Heard:
    """Play utterances to the recogniser and compare; prompts of another language are played, not judged."""
    heard, gap, own = Heard(), np.zeros(_GAP, np.int16), frozenset(catalogue.own)
    with click.progressbar(said, label=f"Listening to {catalogue.language}", file=sys.stderr) as bar:
        for utterance in bar:
            parts = [part for key in utterance.keys for part in (audio(key), gap)]
            text = ear.heard(np.concatenate(parts), catalogue.language)
            texts = [catalogue[key].text if key in own else None for key in utterance.keys]
            found = tallies(texts, text, catalogue.language, utterance.numerals)
            for key, tally in zip(utterance.keys, found, strict=True):
                heard.tallies[key].errors += tally.errors
                heard.tallies[key].sounds += tally.sounds
                if tally.errors:
                    heard.misheard.setdefault(key, text)
    return heard


def run(smoke: bool) -> str:
    """The tables of both languages, or why there are none."""
    try:
        ear = listener(PromptsSettings().cache_dir)
    except PromptError as error:
        return f"not measured: {error}"
    return "\n\n".join(_language(ear, load_catalogue(language), smoke=smoke) for language in LANGUAGES)


def _language(ear: Listener, catalogue: Catalogue, *, smoke: bool) -> str:
    said, alone = utterances(catalogue), singles(catalogue)
    if smoke:
        said, alone = said[::SMOKE_STEP], alone[::SMOKE_STEP]
    played = listen(ear, catalogue, said, catalogue.audio)
    by_itself = listen(ear, catalogue, alone, catalogue.audio)
    sample = said[:: 1 if smoke else SAMPLE]
    ours = listen(ear, catalogue, sample, catalogue.audio)
    try:
        spare = listen(ear, catalogue, sample, _spoken_by(catalogue, "pyttsx3"))
        beside = f"{_mean(spare.percents()):.1f} %"
    except PromptError as error:
        spare, beside = Heard(), f"not measured: {error}"
    over = sum(percent > MOST_PERCENT for percent in played.percents().values())
    lines = [
        f"### {catalogue.language}: errors by prompt, in {len(said)} utterances",
        "",
        f"All prompts {_mean(played.percents()):.1f} % (aim 3 %), {over} of {len(played.percents())} over "
        f"{MOST_PERCENT:g} %. The same {len(sample)} utterances by Kokoro: "
        f"{_mean(ours.percents()):.1f} %, by pyttsx3: {beside}. Load average {load_average()}.",
        "",
        *_by_group(played.percents(), by_itself.percents(), ours.percents(), spare.percents()),
        "",
        "| prompt | % | text | heard, where it was misheard |",
        "| --- | ---: | --- | --- |",
    ]
    for key, percent in played.percents().items():
        lines.append(f"| {key} | {percent:.0f} | {catalogue[key].text} | {played.misheard.get(key, '')} |")
    return "\n".join(lines)


def _by_group(
    played: Mapping[str, float],
    alone: Mapping[str, float],
    ours: Mapping[str, float],
    spare: Mapping[str, float],
) -> list[str]:
    lines = [
        f"| group | prompts | as played, % | over {MOST_PERCENT:g} % | single, % "
        "| sample: Kokoro, % | pyttsx3, % |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group in dict.fromkeys(map(group_of, sorted(played))):
        of = _of(group, played)
        over = sum(percent > MOST_PERCENT for percent in of.values())
        others = [_of(group, some) for some in (alone, ours if spare else {}, spare)]
        cells = [f"{_mean(found):.1f}" if found else "" for found in others]
        lines.append(f"| {group} | {len(of)} | {_mean(of):.1f} | {over} | {' | '.join(cells)} |")
    return lines


def _of(group: str, percents: Mapping[str, float]) -> dict[str, float]:
    return {key: percent for key, percent in percents.items() if group_of(key) == group}


def _spoken_by(catalogue: Catalogue, name: str) -> Audio:
    settings = PromptsSettings()
    engine: Engine = best_engine(settings, catalogue.language, name)

    @cache
    def speak(key: str) -> NDArray[np.int16]:
        return alaw.decode(trial(catalogue[key].text, engine, settings))

    return speak


def _mean(percents: Mapping[str, float]) -> float:
    return fmean(percents.values()) if percents else 0.0
