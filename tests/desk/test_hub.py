"""Many pages, none of which can hold up another."""

from datetime import UTC, datetime

from desk.board_model import Notice
from desk.hub import Hub, Item, Subscription

AT = datetime(2026, 11, 23, tzinfo=UTC)


def notice(extension: str = "2001") -> Notice:
    return Notice("ring", AT, extension)


def everything(_: Notice) -> bool:
    return True


def open_hub(per_page: int = 4, replay: int = 8, per_user: int = 2) -> Hub:
    return Hub(per_page=per_page, replay=replay, per_user=per_user)


async def read(page: Subscription) -> list[Item]:
    items = await page.next(0.001)
    assert items is not None
    return items


async def test_a_page_gets_what_it_wants_in_order() -> None:
    hub = open_hub()
    page = hub.open("sunita", "s", lambda each: each.extension == "2001")
    for extension in ("2001", "2002", "2001"):
        hub.publish(notice(extension))
    items = await read(page)
    assert [item.notice.extension for item in items if item.notice] == ["2001", "2001"]
    assert await read(page) == []


async def test_a_page_that_sleeps_is_told_to_read_anew() -> None:
    hub = open_hub(per_page=4)
    page = hub.open("sunita", "s", everything)
    for _ in range(6):
        hub.publish(notice())
    items = await read(page)
    assert items[0].notice is None
    assert len(items) == 2


async def test_a_page_that_comes_back_gets_what_it_missed() -> None:
    hub = open_hub()
    page = hub.open("sunita", "s", everything)
    for _ in range(3):
        hub.publish(notice())
    first, second, third = await read(page)
    back = hub.open("sunita", "s", everything, last_id=first.event_id)
    assert [item.event_id for item in await read(back)] == [second.event_id, third.event_id]
    assert await read(hub.open("sunita", "s", everything, last_id=third.event_id)) == []


async def test_a_page_from_before_a_restart_reads_anew() -> None:
    hub = open_hub()
    hub.publish(notice())
    items = await read(hub.open("sunita", "s", everything, last_id="abcdef-1"))
    assert [item.notice for item in items] == [None]


async def test_the_oldest_stream_of_a_person_makes_room() -> None:
    hub = open_hub(per_user=2)
    pages = [hub.open("sunita", "s", everything) for _ in range(3)]
    other = hub.open("ramesh", "r", everything)
    assert [page.closed for page in (*pages, other)] == [True, False, False, False]
    assert await pages[0].next(1) is None
    hub.leave(pages[0])
    hub.leave(pages[0])
    assert hub.pages == 3


async def test_a_closed_hub_ends_all_streams_and_opens_none() -> None:
    hub = open_hub()
    page = hub.open("sunita", "s", everything)
    hub.close()
    assert await page.next(60) is None
    assert await hub.open("sunita", "s", everything).next(60) is None
