"""What tells places of one name and one tehsil apart: the panchayat, or where they lie from a town.

An LGD code tells nobody on the telephone which Rampuria is meant; it stays for places of unknown position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import atan2, cos, degrees, hypot, radians

from mapper.model.place_model import Kind, Place

Told = tuple[str, str]
"""Something in Hindi and in English."""

_KM_A_DEGREE = 111.2
_TOWNS = frozenset({"ulb", "tehsil"})
_WINDS: tuple[Told, ...] = (
    ("उत्तर", "north"),
    ("उत्तर-पूर्व", "north-east"),
    ("पूर्व", "east"),
    ("दक्षिण-पूर्व", "south-east"),
    ("दक्षिण", "south"),
    ("दक्षिण-पश्चिम", "south-west"),
    ("पश्चिम", "west"),
    ("उत्तर-पश्चिम", "north-west"),
)


class Landmarks:
    """Places by which others are told: towns, and villages whose name no other place has."""

    def __init__(self, places: Sequence[Place], namesakes: Sequence[int], kinds: Mapping[str, Kind]) -> None:
        self._towns: dict[str | None, list[Place]] = {}
        self._villages: dict[str | None, list[Place]] = {}
        for place, bearers in zip(places, namesakes, strict=True):
            if place.point is None:
                continue
            if kinds[place.kind].scope in _TOWNS:
                self._towns.setdefault(place.district_id, []).append(place)
            elif bearers == 1:
                self._villages.setdefault(place.tehsil_id, []).append(place)

    def ways_to_tell(self, place: Place) -> Iterator[Told]:
        """What to say of a place, the best first: its panchayat, a town, a village nearby, its code."""
        panchayat = place.territory.unit("gram_panchayat")
        if panchayat is not None and panchayat.kind == "gram_panchayat" and panchayat.id != place.id:
            yield f"ग्राम पंचायत {panchayat.name_hi}", f"{panchayat.name_en} gram panchayat"
        for known in (self._towns.get(place.district_id, ()), self._villages.get(place.tehsil_id, ())):
            if place.point is not None and (told := _from_nearest(place, place.point, known)):
                yield told
        code = place.lgd_code or place.id.rpartition("-")[2]
        yield f"LGD {code}", f"LGD {code}"


def tell_apart(groups: Iterable[Sequence[Place]], landmarks: Landmarks) -> dict[str, Told]:
    """By place id what tells it from the others of its group."""
    told: dict[str, Told] = {}
    for group in groups:
        ways = [list(landmarks.ways_to_tell(place)) for place in group]
        said = Counter(english for each in ways for _, english in dict.fromkeys(each))
        for place, each in zip(group, ways, strict=True):
            told[place.id] = next((way for way in each if said[way[1]] == 1), each[-1])
    return told


def _from_nearest(place: Place, point: tuple[float, float], known: Iterable[Place]) -> Told | None:
    nearest = min(
        ((*_way(other.point, point), other) for other in known if other.point and other.id != place.id),
        key=lambda way: (way[0], way[2].id),
        default=None,
    )
    if nearest is None:
        return None
    km, bearing, other = nearest
    wind_hi, wind_en = _WINDS[round(bearing / 45) % len(_WINDS)]
    shown = max(1, round(km))
    return f"{other.name_hi} से {shown} किमी {wind_hi}", f"{shown} km {wind_en} of {other.name_en}"


def _way(begin: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Kilometres, and degrees from north by east; on a flat earth, which is good enough within a district."""
    north = (end[0] - begin[0]) * _KM_A_DEGREE
    east = (end[1] - begin[1]) * _KM_A_DEGREE * cos(radians((begin[0] + end[0]) / 2))
    return hypot(north, east), degrees(atan2(east, north)) % 360
