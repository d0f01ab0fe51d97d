"""The small office of `tests.helpline.conftest`, without its command line."""

from tests.helpline.conftest import app, edition_one

__all__ = ["app", "edition_one"]
