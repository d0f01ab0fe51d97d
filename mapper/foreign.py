"""Files that are something else than their name says, told from their first bytes."""

from __future__ import annotations

_KINDS = (
    (b"%PDF-", "a PDF document", "ask for the sheet itself: a PDF cannot be read as a table"),
    (
        b"PK\x03\x04",
        "a workbook or an archive",
        "name a workbook .xlsx, or save it as 'CSV UTF-8'",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a workbook of the old kind, or one with a password",
        "open it in Excel and save it as an Excel workbook (.xlsx)",
    ),
    (b"<!doctype html", "a web page", "open it in Excel and save it as an Excel workbook (.xlsx)"),
    (b"<html", "a web page", "open it in Excel and save it as an Excel workbook (.xlsx)"),
    (b"<?xml", "an XML document", "open it in Excel and save it as an Excel workbook (.xlsx)"),
)


def foreign(content: bytes) -> tuple[str, str] | None:
    """What the file is instead of a sheet, and the remedy; None when its first bytes do not tell."""
    begin = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, what, remedy in _KINDS:
        if begin.startswith(mark.lower()):
            return what, remedy
    return None
