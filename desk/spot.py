"""Where a complaint arose, in the words by which people tell places of one name apart."""

from mapper import Edition
from mapper.search.index import BIG
from records import Complaint


def spot(edition: Edition, complaint: Complaint, language: str) -> str:
    """The place with its tehsil; a town, a tehsil and the like with its kind instead.

    Of a place that is in the directory no more, the name that was stored.
    """
    name = str(getattr(complaint, f"place_{language}"))
    place = edition.places.get(complaint.place_id)
    if place is None:
        return name
    kind = edition.kinds[place.kind]
    if kind.rank <= BIG:
        return f"{name} ({getattr(kind, f'name_{language}')})"
    over = place.territory.unit("tehsil") or place.territory.unit("district")
    if kind.code != "village":
        name = f"{name} ({getattr(kind, f'name_{language}')})"
    if over is None:
        return name
    word, unit = getattr(edition.kinds[over.kind], f"name_{language}"), getattr(over, f"name_{language}")
    return f"{name}, {word} {unit}" if language == "hi" else f"{name}, {unit} {word.lower()}"
