"""The people who log in to the desk, and their sessions."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import delete, insert, select, update

from records import schema
from records.clock import Clock
from records.database.database import Database
from records.errors import UserError
from records.text import clean
from records.users import passwords
from records.users.passwords import Passwords

Role = Literal["executive", "officer", "supervisor", "administrator"]
ROLES: tuple[str, ...] = get_args(Role)

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_EXTENSION = re.compile(r"[0-9]{3,6}")
_DISTRICT = re.compile(r"[0-9]{2}")
_LONGEST_NAME = 100


@dataclass(frozen=True)
class NewUser:
    """A person to add. ``extension`` is the telephone, ``district_code`` two digits; both may be None."""

    username: str
    display_name_hi: str
    display_name_en: str
    role: Role
    password: str
    extension: str | None = None
    district_code: str | None = None

    def __repr__(self) -> str:
        return f"NewUser(username={self.username!r}, role={self.role!r})"


@dataclass(frozen=True)
class User:
    """A person who may log in, unless he was disabled (for a while) or removed (for good): then only his name
    is left, for what he wrote."""

    username: str
    display_name_hi: str
    display_name_en: str
    role: Role
    extension: str | None
    district_code: str | None
    created_at: datetime
    disabled_at: datetime | None = None
    removed_at: datetime | None = None

    @property
    def may_log_in(self) -> bool:
        """Whether his password is looked at."""
        return self.disabled_at is None and self.removed_at is None


@dataclass(frozen=True)
class Session:
    """A log-in. ``token`` goes into the cookie; ``csrf`` into forms, and is made from the token."""

    token: str
    csrf: str
    username: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Session(username={self.username!r}, expires_at={self.expires_at!r})"


_Users = list[User]
_ACTIVE = (schema.users.c.disabled_at.is_(None), schema.users.c.removed_at.is_(None))


class UserBook:
    """Usernames are kept in lower case. Methods raise `RecordsError` when the database fails."""

    def __init__(self, database: Database, clock: Clock, hasher: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = hasher

    async def create(self, new: NewUser) -> User:
        """Add a person. Raises `UserError` naming what is wrong, such as a name that is taken."""
        user = _checked(new, self._clock())
        passwords.check(new.password)
        encoded = await self._passwords.hash(new.password)
        row = {field.name: getattr(user, field.name) for field in fields(User)}
        async with self._database.write() as connection:
            stored = await connection.execute(
                self._database.insert_or_ignore(schema.users).values(**row, password_hash=encoded)
            )
            if stored.rowcount == 0:
                c = schema.users.c
                removed = select(c.removed_at).where(c.username == user.username)
                if await connection.scalar(removed) is not None:
                    raise UserError(
                        f"{user.username} was somebody who has been removed; his name stands in the history,"
                        " so choose another one"
                    )
                raise UserError(
                    f"user {user.username} is there already; choose another name, or set a new password with:"
                    f" helpline user password {user.username}"
                )
        return user

    async def verify(self, username: str, password: str) -> User | None:
        """The user when name and password are right. Takes as long when there is no such user."""
        name = _normal(username)
        encoded = await self._hash_of(name)
        if not await self._passwords.verify(encoded, password) or encoded is None:
            return None
        if self._passwords.outdated(encoded):
            await self._store_hash(name, await self._passwords.hash(password), only_if=encoded)
        return await self.get(name)

    async def device_key(self, username: str) -> bytes | None:
        """A key of this person's own to seal what his browsers keep; another one after each new password.
        None when there is no such user."""
        encoded = await self._hash_of(_normal(username))
        return None if encoded is None else hmac.digest(encoded.encode(), b"helpline device", "sha256")

    async def get(self, username: str) -> User | None:
        """The user, or None."""
        query = select(schema.users).where(schema.users.c.username == _normal(username))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else _user(row)

    async def list(self) -> _Users:
        """Everybody there is and was, by name."""
        query = select(schema.users).order_by(schema.users.c.username)
        async with self._database.read() as connection:
            found = [_user(row) for row in (await connection.execute(query)).mappings()]
        return sorted(found, key=lambda user: user.username)

    async def set_password(self, username: str, password: str) -> None:
        """Give a new password; every session of the user ends. Raises `UserError`."""
        name = _normal(username)
        passwords.check(password)
        encoded = await self._passwords.hash(password)
        await self._change(name, password_hash=encoded)

    async def disable(self, username: str) -> None:
        """Keep somebody out until `enable`; every session of his ends. Raises `UserError`."""
        await self._change(_normal(username), disabled_at=self._clock())

    async def enable(self, username: str) -> None:
        """Let somebody log in again, with the password he had. Raises `UserError`."""
        await self._change(_normal(username), disabled_at=None)

    async def remove(self, username: str) -> None:
        """Keep somebody out for good: his sessions end, his password and telephone are forgotten. His name
        stays, for the history. Raises `UserError`."""
        await self._change(_normal(username), removed_at=self._clock(), password_hash="", extension=None)

    async def is_last(self, username: str) -> bool:
        """Whether nobody else with his role may log in."""
        him = await self.get(username)
        return him is not None and not any(
            each.role == him.role and each.may_log_in and each.username != him.username
            for each in await self.list()
        )

    async def open_session(self, username: str, lifetime: timedelta) -> Session:
        """Log a user in, after `verify`. Raises `UserError` when there is no such user."""
        now, name, token = self._clock(), _normal(username), secrets.token_urlsafe(32)
        session = Session(token, _csrf(token), name, now + lifetime)
        c = schema.desk_sessions.c
        async with self._database.write() as connection:
            known = select(schema.users.c.username).where(schema.users.c.username == name, *_ACTIVE)
            if (await connection.scalar(known)) is None:
                raise UserError(f"there is no user {name}; see: helpline user list")
            await connection.execute(delete(schema.desk_sessions).where(c.expires_at <= now))
            await connection.execute(
                insert(schema.desk_sessions).values(
                    token_hash=_token_hash(token), username=name, opened_at=now, expires_at=session.expires_at
                )
            )
        return session

    async def session(self, token: str) -> tuple[Session, User] | None:
        """The session of a cookie and whose it is; None when it was closed, has expired, or never was."""
        c = schema.desk_sessions.c
        query = (
            select(schema.users, c.expires_at)
            .join(schema.desk_sessions, c.username == schema.users.c.username)
            .where(c.token_hash == _token_hash(token), c.expires_at > self._clock(), *_ACTIVE)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        return Session(token, _csrf(token), row["username"], row["expires_at"]), _user(row)

    async def ended(self, tokens: Collection[str]) -> set[str]:
        """Those of these sessions that are over: closed, expired, or of somebody who was kept out since."""
        by_hash = {_token_hash(token): token for token in tokens}
        c = schema.desk_sessions.c
        query = (
            select(c.token_hash)
            .join(schema.users, c.username == schema.users.c.username)
            .where(c.token_hash.in_(by_hash), c.expires_at > self._clock(), *_ACTIVE)
        )
        async with self._database.read() as connection:
            open_now = set((await connection.execute(query)).scalars())
        return {token for hashed, token in by_hash.items() if hashed not in open_now}

    async def close_session(self, token: str) -> None:
        """Log out. Closing twice, or what never was open, changes nothing."""
        gone = delete(schema.desk_sessions).where(schema.desk_sessions.c.token_hash == _token_hash(token))
        async with self._database.write() as connection:
            await connection.execute(gone)

    async def _change(self, name: str, **values: Any) -> None:
        """Change somebody who is there, and end his sessions."""
        c = schema.users.c
        async with self._database.write() as connection:
            mine = update(schema.users).where(c.username == name, c.removed_at.is_(None))
            if (await connection.execute(mine.values(**values))).rowcount == 0:
                raise UserError(f"there is no user {name}; see: helpline user list")
            await connection.execute(
                delete(schema.desk_sessions).where(schema.desk_sessions.c.username == name)
            )

    async def _hash_of(self, name: str) -> str | None:
        query = select(schema.users.c.password_hash).where(schema.users.c.username == name, *_ACTIVE)
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def _store_hash(self, name: str, encoded: str, *, only_if: str) -> None:
        c = schema.users.c
        mine = update(schema.users).where(c.username == name, c.password_hash == only_if)
        async with self._database.write() as connection:
            await connection.execute(mine.values(password_hash=encoded))


def _checked(new: NewUser, now: datetime) -> User:
    name = _normal(new.username)
    if not _USERNAME.fullmatch(name):
        raise UserError(
            "the username must have 2 to 32 of a-z, 0-9, dot, hyphen, underscore, and start with a letter"
        )
    if new.role not in ROLES:
        raise UserError(f"the role must be one of {', '.join(ROLES)}")
    if new.extension is not None and not _EXTENSION.fullmatch(new.extension):
        raise UserError("the extension must have 3 to 6 digits, such as 2001")
    if new.district_code is not None and not _DISTRICT.fullmatch(new.district_code):
        raise UserError("the district code must have two digits, such as 39")
    names = [clean(given).strip() for given in (new.display_name_hi, new.display_name_en)]
    if not all(0 < len(given) <= _LONGEST_NAME for given in names):
        raise UserError(
            f"the person's name must be given in Hindi and English, {_LONGEST_NAME} letters at most"
        )
    return User(name, names[0], names[1], new.role, new.extension, new.district_code, now)


def _normal(username: str) -> str:
    return clean(username).strip().lower()


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _csrf(token: str) -> str:
    """Made from the token, so that nothing more need be stored; the token cannot be had from it."""
    return hmac.new(token.encode("utf-8", "surrogatepass"), b"helpline csrf", hashlib.sha256).hexdigest()


def _user(row: Mapping[Any, Any]) -> User:
    return User(**{field.name: row[field.name] for field in fields(User)})
