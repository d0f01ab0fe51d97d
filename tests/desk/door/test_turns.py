"""Turns at checking passwords."""

import asyncio

import pytest

from desk.door.turns import BusyError, Turns


class Room:
    """People who want a turn; those inside stay until they are let out."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.inside: list[str] = []
        self.done: list[str] = []
        self._out: dict[str, asyncio.Event] = {}

    async def come(self, name: str, source: str, *, known: bool = False) -> "asyncio.Task[None]":
        self._out[name] = asyncio.Event()

        async def take() -> None:
            async with self.turns.taken(source, known=known):
                self.inside.append(name)
                await self._out[name].wait()
                self.done.append(name)

        task = asyncio.create_task(take())
        await asyncio.sleep(0)
        return task

    async def let_out(self) -> str:
        name = self.inside.pop(0)
        self._out[name].set()
        for _ in range(5):
            await asyncio.sleep(0)
        return name

    async def empty(self) -> list[str]:
        order = []
        while self.inside:
            order.append(await self.let_out())
        return order


async def test_who_is_known_comes_first_then_sources_in_turn_the_newest_first() -> None:
    room = Room(Turns(workers=1, waiting=4, seconds=60))
    tasks = [await room.come(name, "flood") for name in ("f1", "f2", "f3")]
    tasks += [await room.come("one", "elsewhere"), await room.come("known", "flood", known=True)]
    assert await room.empty() == ["f1", "known", "f3", "one", "f2"]
    await asyncio.gather(*tasks)


async def test_the_flood_pays_for_the_room_it_takes() -> None:
    room = Room(Turns(workers=1, waiting=3, seconds=60))
    flood = [await room.come(f"f{each}", "flood") for each in range(4)]
    other = await room.come("one", "elsewhere")
    with pytest.raises(BusyError):
        await flood[1]
    assert await room.empty() == ["f0", "f3", "one", "f2"]
    await asyncio.gather(flood[0], flood[2], flood[3], other)


async def test_nobody_waits_for_ever_and_no_turn_is_lost() -> None:
    room = Room(Turns(workers=1, waiting=3, seconds=0.05))
    first = await room.come("first", "a")
    late = await room.come("late", "b")
    gone = await room.come("gone", "c")
    gone.cancel()
    with pytest.raises(BusyError):
        await late
    await room.let_out()
    await first
    last = await room.come("last", "d")
    assert room.inside == ["last"]
    await room.empty()
    await last
    assert await asyncio.gather(gone, return_exceptions=True)


async def test_too_many_known_people_are_told_too() -> None:
    room = Room(Turns(workers=1, waiting=1, seconds=60))
    tasks = [await room.come(name, "a", known=True) for name in ("k1", "k2")]
    with pytest.raises(BusyError):
        await (await room.come("k3", "a", known=True))
    assert await room.empty() == ["k1", "k2"]
    await asyncio.gather(*tasks)
