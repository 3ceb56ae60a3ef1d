"""Reading the log backwards, forwards and by filters, over rotated files and several processes."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from roschat.kernel.errors import Invalid
from roschat.modules.ms.logs import reading
from roschat.modules.ms.logs.api import LogPage
from roschat.modules.ms.logs.reading import Wanted


def line(number: int, level: str = "info", module: str = "roschat.a", **more: object) -> bytes:
    time = f"2026-11-20T10:{number // 60 % 60:02}:{number % 60:02}.000Z"
    return json.dumps({"time": time, "level": level, "module": module, "text": f"n{number}", **more}).encode() + b"\n"


def write(folder: Path, lines: list[bytes], *, process: str = "main", cuts: tuple[int, ...] = ()) -> None:
    folder.mkdir(exist_ok=True)
    bounds = [0, *cuts, len(lines)]
    for at, (start, end) in enumerate(pairwise(bounds), 1):
        (folder / f"{process}-20261120T100000Z-{at:04}.jsonl").write_bytes(b"".join(lines[start:end]))


def texts(page: LogPage) -> list[str]:
    return [one.text for one in page.lines]


def everything(folder: Path, wanted: Wanted, count: int) -> list[str]:
    found: list[str] = []
    older = ""
    for _ in range(10_000):
        page = reading.page(folder, wanted, count, older)
        found += texts(page)
        older = page.older
        if not older:
            return found
    raise AssertionError("the pages do not end")


@given(
    total=st.integers(0, 60),
    cuts=st.lists(st.integers(0, 60), max_size=4),
    count=st.integers(1, 25),
    block=st.integers(20, 400),
    every=st.integers(1, 7),
)
@example(total=1, cuts=[0], count=1, block=400, every=1)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_hold_every_line_once_the_newest_first(
    tmp_path_factory: pytest.TempPathFactory, total: int, cuts: list[int], count: int, block: int, every: int
) -> None:
    folder = tmp_path_factory.mktemp("log")
    lines = [
        line(number, "error" if number % every == 0 else "info", pad="x" * (number % 50)) for number in range(total)
    ]
    write(folder, lines, cuts=tuple(sorted(cut for cut in cuts if cut <= total)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK", block)
        assert everything(folder, Wanted(), count) == [f"n{number}" for number in reversed(range(total))]
        errors = [f"n{number}" for number in reversed(range(total)) if number % every == 0]
        assert everything(folder, Wanted(level=3), count) == errors
        patch.setattr(reading, "MOST", 300)
        assert everything(folder, Wanted(level=3), count) == errors


def test_processes_are_put_together_by_time(tmp_path: Path) -> None:
    write(tmp_path, [line(number) for number in range(0, 20, 2)], process="one", cuts=(3,))
    write(tmp_path, [line(number) for number in range(1, 20, 2)], process="two-b")
    assert everything(tmp_path, Wanted(), 3) == [f"n{number}" for number in reversed(range(20))]
    assert everything(tmp_path, Wanted(process="two-b"), 4) == [f"n{number}" for number in range(19, 0, -2)]
    page = reading.page(tmp_path, Wanted(), 2)
    assert [one.process for one in page.lines] == ["two-b", "one"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(level=2), ["n3", "n1"]),
        (Wanted(module="roschat.a"), ["n4", "n0"]),
        (Wanted(request="r1"), ["n2"]),
        (Wanted(text="пароль"), ["n3"]),
        (Wanted(since=reading.stamp(1795168802.0)), ["n4", "n3", "n2"]),
        (Wanted(until="2026-11-20T10:00:01.000Z"), ["n0"]),
    ],
)
def test_filters(tmp_path: Path, wanted: Wanted, found: list[str]) -> None:
    assert reading.stamp(1795168802.0) == "2026-11-20T10:00:02.000Z"
    lines = [
        line(0), line(1, "warning", "roschat.ab"), line(2, module="twisted", request="r1"),
        line(3, "error", "roschat.b", cid="ПАРОЛЬ"), line(4, module="roschat.a.deep"),
    ]  # fmt: skip
    lines[3] = json.dumps(json.loads(lines[3]), ensure_ascii=False).encode() + b"\n"
    write(tmp_path, lines)
    assert texts(reading.page(tmp_path, wanted, 10)) == found


def test_what_comes_is_asked_from_a_place(tmp_path: Path) -> None:
    write(tmp_path, [line(0), line(1)])
    place = reading.page(tmp_path, Wanted(), 10).newer
    assert texts(reading.since(tmp_path, Wanted(), 10, place)) == []
    write(tmp_path, [line(0), line(1), line(2), line(3), line(4)], cuts=(3,))
    page = reading.since(tmp_path, Wanted(), 2, place)
    assert texts(page) == ["n3", "n2"]
    page = reading.since(tmp_path, Wanted(), 2, page.newer)
    assert texts(page) == ["n4"]
    assert texts(reading.since(tmp_path, Wanted(), 2, page.newer)) == []


def test_nonsense_and_long_lines_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLOCK", 100)
    monkeypatch.setattr(reading, "LONGEST", 1000)
    write(
        tmp_path,
        [line(0), b"Traceback, no JSON\n", b"[1]\n", b"\xff\xfe\n", line(1, pad="y" * 5000), line(2), b'{"time'],
    )
    assert everything(tmp_path, Wanted(), 2) == ["n2", "n0"]


def test_a_deleted_file_ends_the_reading_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, [line(number) for number in range(10)], cuts=(5,))
    page = reading.page(tmp_path, Wanted(), 7)
    (tmp_path / "main-20261120T100000Z-0001.jsonl").unlink()
    assert texts(reading.page(tmp_path, Wanted(), 7, page.older)) == []


@pytest.mark.parametrize("place", ["x", "a:b", "../etc/passwd:5", "a:-1", "a:99999999999999999999"])
def test_a_place_that_is_none_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(Invalid):
        reading.page(tmp_path, Wanted(), 5, place)
