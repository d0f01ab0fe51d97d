"""Files that are something else than their name says, told from their first bytes."""

from __future__ import annotations

import re

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a compound file: an old .xls workbook, or any document under a password."""
SAVE_AS_XLSX = "open it in Excel and save it as an Excel workbook (.xlsx)"

_ASK = "ask for the sheet itself, as an Excel workbook (.xlsx)"
_KINDS = (
    (b"%pdf-", "a PDF document", "ask for the sheet itself: a PDF cannot be read as a table"),
    (b"{\\rtf", "a text document", _ASK),
    (b"\x89png", "a picture", _ASK),
    (b"\xff\xd8\xff", "a picture", _ASK),
    (b"pk\x03\x04", "a workbook or an archive", "name a workbook .xlsx, or save it as 'CSV UTF-8'"),
    (OLE, "a workbook of the old kind, or one with a password", "name it .xls"),
    (b"mime-version:", "a web page in one file", SAVE_AS_XLSX),
    (b"<?xml", "an XML document", SAVE_AS_XLSX),
)
"""Beginnings in small letters, and what they tell."""
_TAGS = rb"html|head|meta|title|style|script|body|div|table|tr|center|br|font|p"
_PAGE = re.compile(rb"(?:<!--.*?-->\s*)*<(?:!doctype html|(?:" + _TAGS + rb")\b)", re.DOTALL)
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")


def foreign(content: bytes) -> tuple[str, str] | None:
    """What the file is instead of a sheet, and the remedy; None when its first bytes do not tell."""
    begin = content[:400]
    if codec := _UTF16.get(begin[:2]):
        begin = begin[2:].decode(codec, "replace").encode()
    begin = begin.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if _PAGE.match(begin):
        return "a web page", SAVE_AS_XLSX
    return next(((what, remedy) for mark, what, remedy in _KINDS if begin.startswith(mark)), None)


def is_text(content: bytes) -> bool:
    """Whether the file is text in UTF-16, UTF-8 or a Windows code page, going by its first kilobytes."""
    begin = content[:4096]
    return begin[:2] in _UTF16 or not _CONTROL.search(begin)
