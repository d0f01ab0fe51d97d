"""A workbook, old or new, told from its first bytes: offices and portals name files as they like."""

from __future__ import annotations

import re

from mapper.errors import Problem
from mapper.settings import MapperSettings
from mapper.sheets.files.foreign import OLE
from mapper.sheets.files.xls_grid import PASSWORD, read_xls
from mapper.sheets.files.xlsx_grid import Sheets, read_xlsx
from mapper.sheets.grid import Progress, no_progress

_BARE = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
"""First record of an old workbook without a compound file around it, as programs before Excel 97 write it."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(
    file: str, content: bytes, limits: MapperSettings, progress: Progress = no_progress
) -> Sheets:
    """Read every visible sheet of a workbook; `file` names it in problems."""
    if _BARE.match(content):
        return read_xls(file, content, limits, progress)
    if not content.startswith(OLE):
        return read_xlsx(file, content, limits, progress)
    if _ENCRYPTED in content:
        return Sheets(problems=[Problem(file, 0, "", *PASSWORD)])
    return read_xls(file, content, limits, progress)
