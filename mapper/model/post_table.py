"""All posts of an edition, by designation and unit, read as one mapping by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mapper.model.model import Post

Nested = Mapping[str, Mapping[str, Post]]


class PostTable(Mapping[str, Post]):
    """Posts by their id "DESIGNATION@unit". `nested` holds them by designation, then by unit."""

    __slots__ = ("_size", "nested")

    def __init__(self, nested: Nested) -> None:
        self.nested = nested
        self._size = sum(map(len, nested.values()))

    def __getitem__(self, post_id: str) -> Post:
        designation, _, unit = post_id.partition("@")
        try:
            return self.nested[designation][unit]
        except KeyError:
            raise KeyError(post_id) from None

    def __iter__(self) -> Iterator[str]:
        return (post.id for posts in self.nested.values() for post in posts.values())

    def __len__(self) -> int:
        return self._size


def nested(posts: Mapping[str, Post]) -> Nested:
    """The posts by designation, then by unit."""
    if isinstance(posts, PostTable):
        return posts.nested
    found: dict[str, dict[str, Post]] = {}
    for post in posts.values():
        found.setdefault(post.designation_code, {})[post.unit_id] = post
    return found
