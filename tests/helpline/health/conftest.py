"""Records on both databases, as the tests of records have them."""

from tests.records.conftest import (
    clock,
    database_url,
    postgres,
    postgres_template,
    records,
    sqlite_template,
)

__all__ = ["clock", "database_url", "postgres", "postgres_template", "records", "sqlite_template"]
