"""Files that are something else than their name says, told from their first bytes."""

from __future__ import annotations

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a compound file: an old .xls workbook, or any document under a password."""
SAVE_AS_XLSX = "open it in Excel and save it as an Excel workbook (.xlsx)"

_KINDS = (
    (b"%pdf-", "a PDF document", "ask for the sheet itself: a PDF cannot be read as a table"),
    (b"pk\x03\x04", "a workbook or an archive", "name a workbook .xlsx, or save it as 'CSV UTF-8'"),
    (OLE, "a workbook of the old kind, or one with a password", "name it .xls"),
    (b"<!doctype html", "a web page", SAVE_AS_XLSX),
    (b"<html", "a web page", SAVE_AS_XLSX),
    (b"<?xml", "an XML document", SAVE_AS_XLSX),
)
"""Beginnings in small letters, and what they tell."""


def foreign(content: bytes) -> tuple[str, str] | None:
    """What the file is instead of a sheet, and the remedy; None when its first bytes do not tell."""
    begin = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next(((what, remedy) for mark, what, remedy in _KINDS if begin.startswith(mark)), None)


def is_text(content: bytes) -> bool:
    """Whether the file is text in UTF-8 or UTF-16, going by its first kilobytes."""
    begin = content[:4096]
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        begin.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(begin) - 4 and b"\0" not in begin
    return b"\0" not in begin
