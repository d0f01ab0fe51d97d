"""Makes what a caller hears while he waits in a queue: classes of music on hold, one for each thing to say.

A queue's own announcements, and any prompt before it, keep an executive waiting who answers meanwhile. Music
stops the moment he answers, so the words are its first files: `connecting-hi` says that he is connected,
while the telephone rings, `connecting-hi-3` also that three callers are before this one, `place-hi-3` that
alone, `wait-hi-7` that his turn comes in about seven minutes, `wait-hi-0` nothing of it. The tone and the
request to wait follow in turn. extensions.d/waiting.conf chooses the class and changes it in time.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from dialplan.plantext import context
from ivr_prompts.speech import duration_keys, queue_keys

FIRST_LANGUAGE: Final = "hi"
MOST_AHEAD: Final = 99
"""Of callers farther back the place is not said: nobody waits for a hundred others."""
MOST_MINUTES: Final = 60
"""A longer time is not said: it is no help to anybody."""
REQUEST: Final = "all-busy"
FIRST_WORDS: Final = ("connecting", "to-state-operator")
"""Said once to who joins a queue: that he is being connected, and with whom."""
TONE_AND_REQUEST_SECONDS: Final = 18
"""The tone and the shortest request to wait, at least."""

Languages = Mapping[str, Mapping[str, int]]
"""Languages in which waiting callers can be spoken to, each with the prompts it has: their milliseconds."""


def waiting_classes(languages: Languages, sounds: Path, tone: Path, seconds: int) -> Iterator[str]:
    """The classes of all ``languages`` as text of musiconhold.conf.

    What a language lacks is said in the first one. ``sounds`` holds a folder for each language, ``tone`` is
    the music's file. No place and no time is said twice within ``seconds``.
    """
    for language, has in languages.items():
        for name, said in _classes(language):
            turns = (REQUEST, None) if name.startswith("wait") and said else (None, REQUEST)
            keys = [*said, *turns * (seconds // TONE_AND_REQUEST_SECONDS + 1)]
            files = (tone if key is None else _file(sounds, language, has, key) for key in keys)
            yield f"[{name}]\nmode = playlist\n" + "".join(f"entry = {file}\n" for file in files) + "\n"


def waiting_context(languages: Languages) -> str:
    """[waiting-music]: the languages in which he can be spoken to; the first stands in for all others.

    [first-words]: how many milliseconds the first words of each last.
    """
    others = (name for name in languages if name != FIRST_LANGUAGE)
    return context(
        "waiting-music",
        "Who is spoken to in another language than the first while he waits.",
        ((name, (f"Return({name})",)) for name in others),
    ) + context(
        "first-words",
        "How many milliseconds the first words last.",
        (
            (f"{key}-{name}", (f"Return({_milliseconds(languages, name, key)})",))
            for name in languages
            for key in FIRST_WORDS
        ),
    )


def _milliseconds(languages: Languages, language: str, key: str) -> int:
    """0 where the prompt is in neither language: nothing is said then."""
    return languages[language].get(key) or languages.get(FIRST_LANGUAGE, {}).get(key, 0)


def _classes(language: str) -> Iterator[tuple[str, list[str]]]:
    for first in FIRST_WORDS:
        yield f"{first}-{language}", [first]
    for ahead in range(MOST_AHEAD + 1):
        place = queue_keys(ahead, language)
        yield f"place-{language}-{ahead}", place
        for first in FIRST_WORDS:
            yield f"{first}-{language}-{ahead}", [first, *place]
    yield f"wait-{language}-0", []
    for minutes in range(1, MOST_MINUTES + 1):
        yield f"wait-{language}-{minutes}", ["queue-wait-about", *duration_keys(minutes * 60, language)]


def _file(sounds: Path, language: str, has: Mapping[str, int], key: str) -> Path:
    return sounds / (language if key in has else FIRST_LANGUAGE) / "h181" / key
