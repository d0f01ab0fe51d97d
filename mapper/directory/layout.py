"""What the writer and the reader of an edition's file must agree on."""

from __future__ import annotations

FORMAT = 2
"""Version of the file's layout. Any other is refused, but for 1 (`mapper.directory.layout_1`)."""

OFFICE_TABLES = ("holders", "escalation", "calendars", "reasons", "grading")
"""Tables of the sheets that an office may leave out: always in the file, empty without their sheet."""
