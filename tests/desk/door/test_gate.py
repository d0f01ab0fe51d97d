"""Who may try a password, and who is never shut out by others."""

from desk.door.gate import Attempt, Gate
from desk.settings import DeskSettings

HOME, OFFICE, THIEF = "192.0.2.7", "198.51.100.20", "203.0.113.9"


def fail(gate: Gate, attempt: Attempt, now: float) -> bool:
    """Try a wrong password; False when it was not let in."""
    if gate.wait(attempt, now) > 0:
        return False
    gate.began(attempt, now)
    return True


def gate(**settings: float) -> Gate:
    return Gate(DeskSettings(**settings))  # type: ignore[arg-type]


def test_five_wrong_passwords_shut_the_name_there_and_nowhere_else() -> None:
    door = gate()
    tried = [fail(door, Attempt("radha", THIEF), float(each)) for each in range(8)]
    assert tried == [True] * 5 + [False] * 3
    assert door.wait(Attempt("radha", HOME), 8) == 0
    assert door.wait(Attempt("kamal", THIEF), 8) == 0
    assert 290 < door.wait(Attempt("radha", THIEF), 8) <= 300


def test_no_list_of_names_is_tried_from_one_source() -> None:
    door = gate()
    tried = [fail(door, Attempt(f"name{each}", THIEF), float(each)) for each in range(60)]
    assert sum(tried) == 20
    assert door.wait(Attempt("kamal", OFFICE), 60) == 0


def test_a_name_is_slowed_for_strangers_and_never_shut() -> None:
    door, now, tried = gate(), 0.0, 0
    for each in range(3600):
        now = float(each)
        tried += fail(door, Attempt("radha", f"203.0.{each // 250}.{each % 250}"), now)
    assert 60 <= tried <= 80
    assert 0 < door.wait(Attempt("radha", "192.0.2.99"), now) <= 60


def test_devices_and_sources_that_are_known_are_not_slowed() -> None:
    door = gate()
    door.began(Attempt("radha", HOME), 0)
    door.succeeded(Attempt("radha", HOME))
    for each in range(200):
        fail(door, Attempt("radha", f"203.0.113.{each}"), 1.0)
    assert door.wait(Attempt("radha", "192.0.2.99"), 1.0) > 0
    assert door.wait(Attempt("radha", HOME), 1.0) == 0
    assert door.wait(Attempt("radha", "192.0.2.99", device="d1"), 1.0) == 0


def test_a_device_has_tries_of_its_own_at_a_source_that_is_shut() -> None:
    door = gate()
    for each in range(30):
        fail(door, Attempt(f"name{each}", OFFICE), 1.0)
        fail(door, Attempt("radha", OFFICE), 1.0)
    device = Attempt("radha", OFFICE, device="d1")
    assert door.wait(Attempt("radha", OFFICE), 2.0) > 0
    assert [fail(door, device, 2.0) for _ in range(7)] == [True] * 5 + [False] * 2


def test_what_was_not_checked_is_not_counted() -> None:
    door = gate(login_tries=1)
    attempt = Attempt("radha", HOME)
    door.began(attempt, 0)
    door.untried(attempt)
    assert door.wait(attempt, 0) == 0


def test_invented_names_and_sources_do_not_fill_the_memory() -> None:
    door = gate()
    for each in range(12_000):
        door.began(Attempt(f"n{each}", f"10.{each >> 8}.{each & 255}.1"), float(each))
        door.succeeded(Attempt(f"m{each}", HOME))
    assert len(door._known) == 2_000
    assert {len(each._failures) for each in (door._places, door._sources, door._names)} == {10_000}
