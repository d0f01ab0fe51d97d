"""A row of a sheet on its way from raw cells to what they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(slots=True)
class DraftRow:
    """Its cells as tidy text, those that cannot be used left out and named in `faulty`; `units` by scope."""

    number: int
    texts: dict[str, str]
    units: dict[str, str]
    faulty: set[str]

    def with_texts(self, **texts: str) -> DraftRow:
        """A copy in which some cells say something else."""
        return replace(self, texts={**self.texts, **texts}, units=dict(self.units), faulty=set(self.faulty))
