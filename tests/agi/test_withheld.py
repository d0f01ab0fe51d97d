"""The steps of a caller who withholds his number: it goes on record, and nothing is done by it."""

import pytest

from agi.conversations.welcome import is_restricted


@pytest.mark.parametrize(
    ("presentation", "restricted"),
    [("32", True), ("35", True), ("33", True), ("0", False), ("3", False), ("67", False), ("", False),
     ("x", False), ("\u0967", False), ("-32", False), ("9" * 40, False)],
)  # fmt: skip
def test_presentations_of_q931(presentation: str, restricted: bool) -> None:
    assert is_restricted(presentation) is restricted
