"""How often a password may be wrong."""

from desk.door.throttle import Throttle


def test_the_window_slides() -> None:
    throttle = Throttle(tries=2, window=100)
    throttle.failed("a", 0)
    assert throttle.wait("a", 1) == 0
    throttle.failed("a", 60)
    assert throttle.wait("a", 61) == 39
    assert throttle.wait("a", 100) == 0
    throttle.failed("a", 110)
    assert throttle.wait("a", 111) == 49


def test_keys_do_not_touch_each_other_and_success_forgives() -> None:
    throttle = Throttle(tries=1, window=100)
    throttle.failed("a", 0)
    assert throttle.wait("b", 0) == 0
    throttle.succeeded("a")
    assert throttle.wait("a", 0) == 0


def test_invented_names_do_not_fill_the_memory() -> None:
    throttle = Throttle(tries=1, window=100, keys=3)
    for number in range(50):
        throttle.failed(number, number)
    assert throttle.wait(0, 50) == 0
    assert throttle.wait(49, 50) > 0
    assert len(throttle._failures) == 3
