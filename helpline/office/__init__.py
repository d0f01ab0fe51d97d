"""The office: joins what the mapper decides, what the records keep, and the rules of a complaint's life."""

from helpline.office.editions import Editions
from helpline.office.errors import OfficeError
from helpline.office.office import Office

__all__ = ["Editions", "Office", "OfficeError"]
