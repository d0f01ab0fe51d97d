"""People and their sessions on both databases."""

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from records import NewUser, Records, User, UserError
from records.users.passwords import check, generate
from tests.records.samples import NOON, FakeClock, user

HOUR = timedelta(hours=1)
PASSWORD = "correct horse"


async def test_a_new_user_can_log_in(records: Records) -> None:
    made = await records.users.create(user())
    assert made == User("sita", "सीता", "Sita", "executive", "2001", "39", NOON)
    assert await records.users.get("sita") == made
    assert await records.users.verify("sita", PASSWORD) == made
    assert await records.users.verify(" SITA ", PASSWORD) == made


@pytest.mark.parametrize(
    ("username", "password"),
    [("sita", "wrong horse"), ("gita", PASSWORD), ("sita", ""), ("sita", "x" * 10_000)],
)
async def test_wrong_name_or_password_gives_none(records: Records, username: str, password: str) -> None:
    await records.users.create(user())
    assert await records.users.verify(username, password) is None


async def test_an_unknown_name_costs_the_same_work(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    await records.users.create(user())
    checked: list[str] = []
    hasher = records.users._passwords
    original = hasher._verify

    def verify(encoded: str, password: str) -> bool:
        checked.append(encoded)
        return original(encoded, password)

    monkeypatch.setattr(hasher, "_verify", verify)
    await records.users.verify("sita", "wrong horse")
    await records.users.verify("nobody", "wrong horse")
    known, unknown = checked
    assert known.split("$")[:4] == unknown.split("$")[:4]


async def test_a_name_that_is_taken_says_what_to_do(records: Records) -> None:
    await records.users.create(user())
    with pytest.raises(UserError, match=r"user sita is there already; .*helpline user password sita"):
        await records.users.create(user("Sita"))
    assert len(await records.users.list()) == 1


async def test_two_who_add_the_same_name_at_once(records: Records) -> None:
    results = await asyncio.gather(*(records.users.create(user()) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, UserError) for result in results) == 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (user(""), "username"),
        (user("s"), "username"),
        (user("2sita"), "start with a letter"),
        (user("si ta"), "username"),
        (user("सीता"), "username"),
        (user("s" * 33), "2 to 32"),
        (user(role="king"), "role must be one of executive"),
        (user(extension="20 01"), "extension"),
        (user(extension="२००१"), "extension"),
        (user(district_code="9"), "district"),
        (user(display_name_hi="  "), "Hindi and English"),
        (user(display_name_en="x" * 101), "100"),
        (user(password="short"), "8 to 200"),
        (user(password="x" * 201), "8 to 200"),
    ],
)
async def test_a_user_that_cannot_be(records: Records, wrong: NewUser, words: str) -> None:
    with pytest.raises(UserError, match=words):
        await records.users.create(wrong)
    assert await records.users.list() == []


async def test_list_is_by_name(records: Records) -> None:
    for name in ("zeba", "anil", "b-2", "b.1"):
        await records.users.create(user(name))
    assert [one.username for one in await records.users.list()] == ["anil", "b-2", "b.1", "zeba"]


async def test_password_is_stored_as_argon2id_only(records: Records) -> None:
    await records.users.create(user())
    async with records.database.read() as connection:
        row = (await connection.execute(text("SELECT * FROM users"))).mappings().one()
    assert row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(dict(row))
    assert PASSWORD not in repr(user())


async def test_a_new_password_ends_the_sessions(records: Records) -> None:
    await records.users.create(user())
    session = await records.users.open_session("sita", HOUR)
    await records.users.set_password("Sita", "another horse")
    assert await records.users.session(session.token) is None
    assert await records.users.verify("sita", PASSWORD) is None
    assert await records.users.verify("sita", "another horse") is not None


async def test_a_new_password_for_nobody(records: Records) -> None:
    with pytest.raises(UserError, match="helpline user list"):
        await records.users.set_password("nobody", "another horse")


async def test_a_session_is_found_by_its_token(records: Records) -> None:
    made = await records.users.create(user())
    session = await records.users.open_session("Sita", HOUR)
    assert await records.users.session(session.token) == (session, made)
    assert session.expires_at == NOON + HOUR
    assert session.csrf != session.token
    assert await records.users.session(session.csrf) is None
    assert await records.users.session("") is None
    assert await records.users.session("\ud800\x00") is None


async def test_only_hashes_of_tokens_are_stored(records: Records) -> None:
    await records.users.create(user())
    session = await records.users.open_session("sita", HOUR)
    async with records.database.read() as connection:
        stored = str((await connection.execute(text("SELECT * FROM desk_sessions"))).all())
    assert session.token not in stored
    assert session.csrf not in stored
    assert session.token not in repr(session)


async def test_tokens_differ(records: Records) -> None:
    await records.users.create(user())
    one, two = [await records.users.open_session("sita", HOUR) for _ in range(2)]
    assert one.token != two.token
    assert one.csrf != two.csrf
    assert len(one.token) >= 43


async def test_a_session_expires_by_the_clock(records: Records, clock: FakeClock) -> None:
    await records.users.create(user())
    session = await records.users.open_session("sita", HOUR)
    clock.advance(minutes=59, seconds=59)
    assert await records.users.session(session.token) is not None
    for _ in range(2):
        clock.advance(seconds=1)
        assert await records.users.session(session.token) is None


async def test_expired_sessions_are_removed_when_somebody_logs_in(records: Records, clock: FakeClock) -> None:
    await records.users.create(user())
    for _ in range(3):
        await records.users.open_session("sita", HOUR)
    clock.advance(hours=2)
    await records.users.open_session("sita", HOUR)
    async with records.database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM desk_sessions"))).scalar_one() == 1


async def test_logging_out_closes_one_session(records: Records) -> None:
    await records.users.create(user())
    one, two = [await records.users.open_session("sita", HOUR) for _ in range(2)]
    await records.users.close_session(one.token)
    await records.users.close_session(one.token)
    assert await records.users.session(one.token) is None
    assert await records.users.session(two.token) is not None


async def test_no_session_for_nobody(records: Records) -> None:
    with pytest.raises(UserError, match="no user nobody"):
        await records.users.open_session("nobody", HOUR)


async def test_weaker_hashes_are_renewed_at_log_in(records: Records) -> None:
    await records.users.create(user())
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with records.database.write() as connection:
        await connection.execute(text("UPDATE users SET password_hash = :weak"), {"weak": weak})
    assert await records.users.verify("sita", PASSWORD) is not None
    assert await records.users._hash_of("sita") != weak
    assert await records.users.verify("sita", PASSWORD) is not None


def test_generated_passwords_are_good_enough() -> None:
    made = {generate() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check(password)
        assert len(password) == 19
