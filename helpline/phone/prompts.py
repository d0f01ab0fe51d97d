"""What a citizen may hear of a centre: its prompts, in one or more languages, and which are questions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ivr_prompts.catalogue import DEFAULT_LANGUAGE, load_catalogue

_PRESS = {"hi": "दबा", "en": "press"}
_STATEMENTS = frozenset({"emergency-hint", "language-hint", "all-busy", "message-intro"})
"""They name a key, but nobody waits for it after them."""


@dataclass(frozen=True)
class CentrePrompts:
    """Sound (int16 8 kHz) and text of each prompt; `questions` are the keys of those that ask for keys."""

    sounds: Mapping[str, npt.NDArray[np.int16]]
    texts: Mapping[str, str]
    questions: frozenset[str]


def centre_prompts(*languages: str, without: tuple[str, ...] = ()) -> CentrePrompts:
    """Hindi prompts by their keys, and those of other `languages` by language/key ("en/greeting").

    `without`: prompts whose keys begin so are left out; each prompt more is work for the listener.
    """
    sounds: dict[str, npt.NDArray[np.int16]] = {}
    texts: dict[str, str] = {}
    questions: set[str] = set()
    for language in dict.fromkeys((DEFAULT_LANGUAGE, *languages)):
        catalogue = load_catalogue(language)
        press = _PRESS.get(language, _PRESS[DEFAULT_LANGUAGE])
        for key in catalogue.own:
            if key.startswith(without):
                continue
            name = key if language == DEFAULT_LANGUAGE else f"{language}/{key}"
            sounds[name], texts[name] = catalogue.audio(key), catalogue[key].text
            if (press in texts[name].lower() or key.startswith("ask-")) and key not in _STATEMENTS:
                questions.add(name)
    return CentrePrompts(sounds, texts, frozenset(questions))
