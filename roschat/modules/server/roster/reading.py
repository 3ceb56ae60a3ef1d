"""Reading tables that people bring: CSV of any common kind, and XLSX. Every row comes out as a list of texts.

Nothing here trusts the file: its size, its rows, columns and cells are bounded, and an XLSX (a ZIP of XML) is looked at
before it is unpacked. Blocking; runs on a thread.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import msgspec
import openpyxl
from msgspec import Struct
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

from roschat.kernel.errors import Invalid, TooLarge

LARGEST = 20_000_000
"""Bytes of a file."""
ROWS = 50_001
COLUMNS = 200
CELL = 4000
UNPACKED = 400_000_000
"""Bytes of an XLSX when it is unpacked."""
TIGHTEST = 300
"""How many times larger than its packed form a part of an XLSX may be; a part of some size only bombs exceed it."""
PARTS = 2000
DAMAGES = (
    InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError, TypeError, AttributeError,
    OSError, IndexError, OverflowError, zlib.error,
)  # fmt: skip
"""What openpyxl raises on a workbook that is none."""
DELIMITERS = (";", ",", "\t", "|")

_encode = msgspec.json.Encoder().encode


class Found(Struct, frozen=True):
    """What a table is."""

    format: str
    rows: int
    columns: int
    first: list[list[str]]
    """The first rows, for headings and samples."""
    encoding: str = ""
    delimiter: str = ""


def read(source: Path, target: Path) -> Found:
    """Read a table and write its rows as JSON lines. Raises Invalid, TooLarge."""
    with source.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return _written(_xlsx(source), target, "xlsx")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid("This is an old Excel file (.xls); save it as .xlsx or .csv.", fields={"file": "bad-value"})
    data = source.read_bytes()
    encoding = _encoding(data)
    text = data.decode(encoding)
    if "\0" in text:
        raise Invalid("This is no table: neither text (CSV) nor XLSX.", fields={"file": "bad-value"})
    text, delimiter = _delimiter(text)
    return _written(_csv(text, delimiter), target, "csv", encoding, delimiter)


def _written(rows: Iterator[list[str]], target: Path, kind: str, encoding: str = "", delimiter: str = "") -> Found:
    first: list[list[str]] = []
    count = columns = 0
    with target.open("wb") as file:
        for row in rows:
            while row and not row[-1]:
                row.pop()
            if not row:
                continue
            count += 1
            if count > ROWS:
                raise TooLarge(f"The table has more than {ROWS - 1} rows; split it.")
            columns = max(columns, len(row))
            if len(first) < 20:
                first.append(row)
            file.write(_encode(row) + b"\n")
    if not count:
        raise Invalid("The table is empty.", fields={"file": "empty"})
    return Found(kind, count, columns, first, encoding, delimiter)


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodable(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return _decodable(data, "utf-8-sig")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _decodable(data, "windows-1251")
    return "utf-8"


def _decodable(data: bytes, encoding: str) -> str:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        text = "The text is neither UTF-8 nor windows-1251; save the table in one of them."
        raise Invalid(text, fields={"file": "bad-value"}) from None
    return encoding


def _delimiter(text: str) -> tuple[str, str]:
    """The text without Excel's line `sep=;`, and the sign between cells."""
    line, _, rest = text.partition("\n")
    if line.strip().lower().startswith("sep=") and len(line.strip()) == 5:
        return rest, line.strip()[4]
    lines = io.StringIO(text).readlines(64_000)[:50]
    sample = "".join(lines)

    def score(sign: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if any(row)]
        except csv.Error:
            return 0, 0
        usual = max(set(widths), key=widths.count, default=0)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return text, max(DELIMITERS, key=score)


def _csv(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield _bounded([cell.strip() for cell in row])
    except csv.Error as error:
        raise Invalid(f"The table cannot be read: {error}.", fields={"file": "bad-value"}) from None


def _xlsx(source: Path) -> Iterator[list[str]]:
    _check_parts(source)
    assert DEFUSEDXML, "openpyxl reads XML through defusedxml, which is installed with us"
    with source.open("rb") as file:
        # Given open, for openpyxl would look at the ending of the name.
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except DAMAGES as error:
            raise _unreadable(error) from None
        try:
            sheet = book.worksheets[0] if book.worksheets else None
            if sheet is None:
                raise Invalid("The workbook has no sheet.", fields={"file": "empty"})
            for values in sheet.iter_rows(max_col=COLUMNS + 1, values_only=True):
                yield _bounded([_text(value) for value in values])
        except DAMAGES as error:
            raise _unreadable(error) from None
        finally:
            book.close()


def _unreadable(error: Exception) -> Invalid:
    return Invalid(
        f"The workbook is damaged ({type(error).__name__}); open and save it anew.", fields={"file": "bad-value"}
    )


def _check_parts(source: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _unreadable(error) from None
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise TooLarge(f"The workbook has more than {PARTS} parts or {UNPACKED // 10**6} MB of XML; split it.")
    for part in parts:
        if part.file_size > 10_000_000 and part.file_size > TIGHTEST * max(1, part.compress_size):
            raise TooLarge("The workbook is packed tighter than any table is; it is refused.")


def _bounded(row: list[str]) -> list[str]:
    if len(row) > COLUMNS and any(row[COLUMNS:]):
        raise TooLarge(f"The table has more than {COLUMNS} columns; leave those that are needed.")
    for cell in row:
        if len(cell) > CELL:
            raise TooLarge(f"A cell has {len(cell)} characters, {CELL} are allowed: {cell[:30]!r}…")
    return row[:COLUMNS]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value).strip()
