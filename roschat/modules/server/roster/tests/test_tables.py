"""Tables in and out: what they are detected as, what is refused, what stands in them."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import Invalid, NotFound, TooLarge
from roschat.modules.server.roster import reading
from roschat.modules.server.roster.columns import described
from roschat.modules.server.roster.tables import as_csv, as_xlsx, safe
from roschat.modules.server.roster.uploads import Uploads

TEXT = "Фамилия;Имя;Номер\nОрлова;Анна;101\n\n«Серов»;Пётр;102;;\n"


async def chunks(data: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "imports", ManualClock())


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (TEXT.encode(), "utf-8", ";"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig", ";"),
        (TEXT.encode("windows-1251"), "windows-1251", ";"),
        (TEXT.encode("utf-16"), "utf-16", ";"),
        (TEXT.replace(";", ",").encode(), "utf-8", ","),
        (TEXT.replace(";", "\t").encode("windows-1251"), "windows-1251", "\t"),
        (("sep=|\r\n" + TEXT.replace(";", "|")).encode(), "utf-8", "|"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8", ";"),
        ("Фамилия\nОрлова\nСеров\n".encode(), "utf-8", ";"),
    ],
)
async def test_csv_of_any_kind(uploads: Uploads, data: bytes, encoding: str, delimiter: str) -> None:
    file = await uploads.take("C:\\staff.csv", chunks(data))
    assert (file.format, file.encoding, file.delimiter, file.header, file.rows) == ("csv", encoding, delimiter, True, 2)
    rows = [row async for batch in uploads.rows(file.id, 2) for row in batch]
    assert rows[1][0] == "Орлова"
    assert file.columns[0].type == "surname"


async def test_cells_with_quotes_and_lines(uploads: Uploads) -> None:
    file = await uploads.take("a.csv", chunks(b'surname,room\n"a ""b"", c","1\n2"\n'))
    rows = [row async for batch in uploads.rows(file.id, 10) for row in batch]
    assert rows == [["surname", "room"], ['a "b", c', "1\n2"]]


async def test_a_workbook(uploads: Uploads, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ФИО", "Дата рождения", "Внутренний номер", "Табель", "С", "Активен"])
    sheet.append(["Орлова Анна Ивановна", date(1984, 5, 17), 101.0, None, time(9, 30), True])
    sheet.append([])
    sheet.append(["Серов Пётр", datetime(1990, 1, 2, 3, 4), 1.5, "=1+1", None, False])  # noqa: DTZ001
    book.save(tmp_path / "a.xlsx")
    file = await uploads.take("a.xlsx", chunks((tmp_path / "a.xlsx").read_bytes(), 4096))
    assert [(one.type, one.name) for one in file.columns] == [
        ("fullName", ""), ("birthday", ""), ("number", ""), ("custom", "Табель"), ("custom", "С"), ("active", ""),
    ]  # fmt: skip
    rows = [row async for batch in uploads.rows(file.id, 10) for row in batch]
    assert rows[1] == ["Орлова Анна Ивановна", "1984-05-17", "101", "", "09:30", "yes"]
    assert rows[2][1:3] == ["1990-01-02 03:04", "1.5"]
    assert file.columns[0].samples == ["Орлова Анна Ивановна", "Серов Пётр"]


def packed(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n;;\n",
        b"\xd0\xcf\x11\xe0old excel",
        b"a;b\n\x98\xff\xfe\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04broken",
        packed(hello=b"no workbook"),
        b"\xff\xfea",
        b'"' + b"a" * 200_000,
    ],
)
async def test_what_is_no_table(uploads: Uploads, data: bytes, tmp_path: Path) -> None:
    with pytest.raises((Invalid, TooLarge)):
        await uploads.take("x", chunks(data, 65_536))
    assert not list((tmp_path / "imports").glob("*.json"))
    assert not list((tmp_path / "imports").glob("*.raw"))


async def test_limits(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS", 3)
    with pytest.raises(TooLarge):
        await uploads.take("x", chunks(b"a;b\n" * 4))
    with pytest.raises(TooLarge):
        await uploads.take("x", chunks(b"a;" * 201 + b"b"))
    with pytest.raises(TooLarge):
        await uploads.take("x", chunks(b"a;" + b"x" * 4001, 5000))
    monkeypatch.setattr("roschat.modules.server.roster.uploads.LARGEST", 100)
    with pytest.raises(TooLarge):
        await uploads.take("x", chunks(b"x;y\n" * 40))


async def test_a_bomb_is_not_unpacked(uploads: Uploads) -> None:
    with pytest.raises(TooLarge):
        await uploads.take("x.xlsx", chunks(packed(**{"xl/worksheets/sheet1.xml": b" " * 30_000_000}), 65_536))


async def test_entities_of_xml_are_refused(uploads: Uploads, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        with pytest.raises((Invalid, TooLarge)):
            await uploads.take("x.xlsx", chunks(packed(**{**parts, name: evil}), 65_536))


async def test_uploads_are_found_by_their_id_and_forgotten(tmp_path: Path) -> None:
    clock = ManualClock(2_000_000_000_000.0)
    uploads = Uploads(tmp_path / "imports", clock)
    file = await uploads.take("x", chunks(b"name;b\n1;2\n"))
    assert uploads.known(file.id) == file
    for bad in ("../x", "0" * 32, "", file.id + "\0"):
        with pytest.raises(NotFound):
            uploads.known(bad)
    await uploads.clear()
    with pytest.raises(NotFound):
        uploads.known(file.id)


def test_headings() -> None:
    columns, header = described([["E-mail", "телефон", "Моб. телефон", "Отдел", "Разное", ""], ["a@b.ru"]], 6)
    assert header
    assert [one.type for one in columns] == ["email", "number", "custom", "department", "custom", ""]
    columns, header = described([["Орлова", "101"], ["Серов", "102"]], 2)
    assert not header
    assert columns[1].samples == ["101", "102"]


async def batches(*rows: Sequence[str]) -> AsyncIterator[Sequence[Sequence[str]]]:
    yield list(rows)


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = safe(text)
    assert cell == text or cell == "'" + text
    assert not cell.startswith(("=", "-", "@", "\t", "\r"))
    assert not cell.startswith("+") or cell[1:].isdigit()


async def test_csv_out() -> None:
    rows = (["=1+1", "+79001234567"], ["Ёлка;", "-5"])
    data = b"".join([part async for part in as_csv(["A", "Б"], batches(*rows), ";", "utf-8")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")) == [
        ["A", "Б"], ["'=1+1", "+79001234567"], ["Ёлка;", "'-5"],
    ]  # fmt: skip
    data = b"".join([part async for part in as_csv(["Б"], batches(["李"]), ",", "windows-1251")])
    assert data.decode("windows-1251").split() == ["Б", "?"]


async def test_xlsx_out() -> None:
    data = b"".join([part async for part in as_xlsx(["A"], batches(["=HYPERLINK(1)"], ["\x01a"], ["Ё"]))])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["A", "'=HYPERLINK(1)", "a", "Ё"]
