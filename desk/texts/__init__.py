"""Every sentence people read on the desk: one TOML file a language, the same keys in each."""

import string
import tomllib
from collections.abc import Mapping
from pathlib import Path

from desk.errors import TextsError

FOLDER = Path(__file__).parent
LANGUAGES = ("hi", "en")


class Texts:
    """The texts of one language. `__call__` looks one up and fills its named places."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, /, **places: object) -> str:
        """The text of ``key``. Raises KeyError for an unknown key or a place without a value: both are
        mistakes of ours, found by the tests."""
        text = self._texts[key]
        return text.format(**places) if places else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def places(self, key: str) -> frozenset[str]:
        """Names of the places to be filled in the text of ``key``."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self._texts[key]) if name)


def load_texts(folder: Path = FOLDER) -> dict[str, Texts]:
    """Read all languages. Raises `TextsError` when a file is not readable or the keys differ."""
    loaded = {language: Texts(language, _read(folder / f"{language}.toml")) for language in LANGUAGES}
    first, *others = loaded.values()
    for other in others:
        difference = first.keys() ^ other.keys()
        if difference:
            raise TextsError(
                f"desk/texts: {min(difference)} is missing in one of {first.language}.toml and "
                f"{other.language}.toml; add it there"
            )
    return loaded


def _read(path: Path) -> dict[str, str]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TextsError(f"{path.name}: {error}; put the desk's text file right") from None
    return {f"{table}.{key}": str(text) for table, texts in tables.items() for key, text in texts.items()}
