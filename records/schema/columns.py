"""Column types that give equal values on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from records.clock import as_utc, stamp


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept to the microsecond; comes back in UTC.

    PostgreSQL has a type for it. SQLite has none: there it is fixed-width ISO text, which sorts and compares
    as time does. A naive datetime raises `ValueError` (wrapped by SQLAlchemy as StatementError).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        return stamp(value) if dialect.name == "sqlite" else as_utc(value)

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if value is not None and not isinstance(value, datetime):
            # SQLite keeps any value in any column.
            raise ValueError(f"{type(value).__name__} is no moment")
        return None if value is None else value.astimezone(UTC)


class Levels(TypeDecorator[tuple[int, ...]]):
    """Level numbers in the order they were passed, as text: ``1,2``; appended to as ``1,2,3`` also in SQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(int(level) for level in value.split(",") if level)


RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A running row number: 64 bits on both (SQLite numbers rows only when the type is INTEGER)."""
