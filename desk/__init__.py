"""The web: executive, officer, supervisor and administrator pages."""

from desk.app import create_app
from desk.errors import DeskError
from desk.settings import DeskSettings

__all__ = ["DeskError", "DeskSettings", "create_app"]
