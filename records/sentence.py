"""A sentence in both languages, for what is told to whoever reads either."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """The same in English and in Hindi, without a full stop: it may become part of a longer one."""

    en: str
    hi: str
