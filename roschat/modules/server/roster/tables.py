"""Tables written: CSV and XLSX as streams, a batch of rows at a time; no cell is taken for a formula."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES = {
    "csv": "text/csv; charset={}",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 65_536

Batches = AsyncIterator[Sequence[Sequence[str]]]


def safe(cell: str) -> str:
    """A cell that is shown as it is: one that begins like a formula gets an apostrophe (CWE-1236).

    A number with its plus sign, as telephones have, is no formula and stays.
    """
    if cell.startswith(_FORMULA) and not (cell[0] == "+" and cell[1:].isascii() and cell[1:].isdigit()):
        return "'" + cell
    return cell


async def as_csv(headings: Sequence[str], batches: Batches, delimiter: str, encoding: str) -> AsyncIterator[bytes]:
    """CSV in an encoding; letters that it lacks become question marks."""
    python = "utf-8" if encoding == "utf-8" else "cp1251"
    if encoding == "utf-8":
        yield b"\xef\xbb\xbf"
    yield _lines([headings], delimiter).encode(python, "replace")
    async for batch in batches:
        yield _lines(batch, delimiter).encode(python, "replace")


def _lines(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


async def as_xlsx(headings: Sequence[str], batches: Batches) -> AsyncIterator[bytes]:
    """A workbook of one sheet. It is written to disk first, for its directory of parts stands at its end."""
    with tempfile.TemporaryDirectory(prefix="roschat-table-") as folder:
        path = Path(folder) / "table.xlsx"
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Contacts")
        sheet.freeze_panes = "A2"
        bold = []
        for heading in headings:
            cell = WriteOnlyCell(sheet, heading)
            cell.font = Font(bold=True)
            bold.append(cell)
        sheet.append(bold)
        async for batch in batches:
            await asyncio.to_thread(_append, sheet, batch)
        await asyncio.to_thread(book.save, path)
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk


def _append(sheet: object, batch: Sequence[Sequence[str]]) -> None:
    for row in batch:
        sheet.append([safe(ILLEGAL_CHARACTERS_RE.sub("", cell)) for cell in row])  # type: ignore[attr-defined]
