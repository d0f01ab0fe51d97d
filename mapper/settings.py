"""Settings of the mapper's room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MapperSettings:
    """Limits of the directory's use by people."""

    search_limit: int = 12
    """Hits a place search shows: what fits a screen beside the form without scrolling."""

    candidates: int = 12
    """Places the command line lists when a name is ambiguous."""
