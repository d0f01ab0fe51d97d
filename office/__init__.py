"""The office: joins what the mapper decides, what the records keep, and the rules of a complaint's life."""

from office.editions import Editions
from office.errors import OfficeError
from office.office import Office

__all__ = ["Editions", "Office", "OfficeError"]
