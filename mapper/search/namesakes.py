"""Places of one name: how many there are, a unit that is named after its seat not counted.

The town, the tehsil, the block and the district of Rajgarh are one place to whoever says "Rajgarh", and a
panchayat is one with its village. Two villages of a name are two, wherever they lie.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mapper.model.place_model import Place

_PANCHAYAT = "gram_panchayat"


def count_places(bearers: Collection[Place]) -> int:
    """How many places these are, all of one name: at least 1."""
    if len(bearers) < 2:
        return 1
    over = {
        unit.id
        for place in bearers
        for unit in place.territory.found
        if unit is not None and unit.id != place.id
    }
    left = [place for place in bearers if place.id not in over]
    seats = {place.block_id for place in left if place.kind != _PANCHAYAT}
    return max(1, sum(place.kind != _PANCHAYAT or place.block_id not in seats for place in left))


def namesakes(places: Sequence[Place], names: Collection[Collection[int]]) -> list[int]:
    """For each place, how many bear one of its names. `names`: the bearers of each name."""
    most = [1] * len(places)
    for bearers in names:
        if len(bearers) > 1:
            count = count_places([places[number] for number in bearers])
            for number in bearers:
                most[number] = max(most[number], count)
    return most
