"""Reading the CSV sheets that administrators edit: every mistake is named, all at once."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dialplan.errors import DialplanError


@dataclass(frozen=True)
class SheetProblem:
    """One mistake: `row` is the line number in the file (the header is row 1)."""

    file: str
    row: int
    column: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file} row {self.row}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.what}; {self.remedy}"


class SheetError(DialplanError):
    """A sheet that cannot be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[SheetProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" | ".join(map(str, self.problems)))


class Sheet:
    """A CSV text under reading: gives rows, collects problems."""

    def __init__(self, file: str, text: str, columns: Sequence[str]) -> None:
        self.file = file
        self.columns = tuple(columns)
        self.problems: list[SheetProblem] = []
        self._lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))

    def problem(self, row: int, column: str, what: str, remedy: str) -> None:
        """Note a mistake."""
        self.problems.append(SheetProblem(self.file, row, column, what, remedy))

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and stripped cells of every data row; rows that are malformed become problems."""
        header = [cell.strip() for cell in next(self._lines, [])]
        wanted = ",".join(self.columns)
        for column in self.columns:
            if column not in header:
                self.problem(1, column, "this column is missing", f"the first row must be {wanted}")
        for column in header:
            if column not in self.columns:
                self.problem(1, column, "this column is not known", f"the first row must be {wanted}")
        if self.problems:
            return
        try:
            for cells in self._lines:
                number = self._lines.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    self.problem(
                        number, "", f"{len(cells)} cells instead of {len(header)}", "check the commas"
                    )
                    continue
                yield number, dict(zip(header, (cell.strip() for cell in cells), strict=True))
        except csv.Error as error:
            self.problem(
                self._lines.line_num, "", f"not readable as CSV ({error})", "check the quotation marks"
            )

    def done(self) -> None:
        """Raise SheetError when any problem was noted."""
        if self.problems:
            raise SheetError(self.problems)


def read_text(path: Path) -> str:
    """The file's text. Raises DialplanError when it cannot be read or is not UTF-8."""
    try:
        # A byte order mark, which Windows' editors write, is no text.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DialplanError(
            f"{path} cannot be read ({error.strerror}): restore the file or its rights"
        ) from error
    except UnicodeDecodeError as error:
        saved = "CSV UTF-8 in the spreadsheet" if path.suffix == ".csv" else "UTF-8 in the editor"
        raise DialplanError(f"{path} is not UTF-8 text: save it as {saved}") from error
