"""Circles among things that name others: who deputises for whom, what lies in what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def circles(leads: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """Ways that lead from a thing back to itself, written once. No circle is told twice."""
    told: set[str] = set()
    for start in sorted(leads):
        if start not in told and (way := _back(leads, start)):
            told.update(way)
            yield way


def _back(leads: Mapping[str, Collection[str]], goal: str) -> list[str] | None:
    """The way from `goal` back to itself, if there is one."""
    stack = [(goal, [goal])]
    seen: set[str] = set()
    while stack:
        name, way = stack.pop()
        for following in sorted(leads.get(name, ())):
            if following == goal:
                return way
            if following not in seen:
                seen.add(following)
                stack.append((following, [*way, following]))
    return None
