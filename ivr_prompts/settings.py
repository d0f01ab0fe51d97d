"""What may be set about prompts. Nothing here is needed to play them, only to build and check them."""

import os
from dataclasses import dataclass, field
from pathlib import Path


def default_cache() -> Path:
    """Where the joined voice model is kept: the user's cache folder, never the repository."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "helpline181" / "voice"


@dataclass(frozen=True)
class PromptsSettings:
    """Limits and levels of the built audio; every length is in milliseconds, every level in dB."""

    # 3 dB above the speech level of an ordinary call (about -23 LUFS), for old ears on loud roads, and still
    # with room for the peaks below full scale.
    loudness_lufs: float = -20.0
    # More than this is heard as one prompt shouting at the next.
    loudness_tolerance: float = 2.0
    # A-law clips at -0.14 dB; one decibel away from full scale nothing is cut.
    peak_dbfs: float = -1.0
    # Kept in front of and behind the speech: prompts are joined (district name, digits), so this is also half
    # the pause between two words.
    edge_ms: int = 80
    # More silence than this is heard as a fault of the line, or delays the next prompt.
    longest_edge_ms: int = 250
    # Softens the first and last samples so that joins do not click.
    fade_ms: int = 15
    # Of the voice's own pace: slower is clearer for old callers, and below 0.85 it begins to drawl.
    speed: float = 0.9
    # The same for single words (digits, numbers, districts), which nothing around them helps to understand.
    word_speed: float = 0.82
    # The synthesiser takes this many processor cores: a build must not starve a running service.
    threads: int = 1
    cache_dir: Path = field(default_factory=default_cache)

    def at_level(self, loudness: float) -> bool:
        """Whether a loudness in LUFS is as near to that of all prompts as they are to each other."""
        return abs(loudness - self.loudness_lufs) <= self.loudness_tolerance
