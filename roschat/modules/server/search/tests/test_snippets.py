import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.modules.server.search.folding import composed, folded, words
from roschat.modules.server.search.letters import latin, other_layout
from roschat.modules.server.search.snippets import LENGTH, snippet


def marked(text: str, sought: list[str], forms: set[str]) -> tuple[str, list[str]]:
    shown, marks = snippet(text, sought, forms)
    units = shown.encode("utf-16-le")
    return shown, [units[2 * m.offset : 2 * (m.offset + m.length)].decode("utf-16-le") for m in marks]


def test_forms_are_marked_whole_and_parts_where_they_are() -> None:
    shown, found = marked("Два Документа, документооборот", ["документ"], {"документа"})
    assert shown == "Два Документа, документооборот"
    assert found == ["Документа", "документ"]


def test_offsets_count_utf16_units() -> None:
    assert marked("😀😀 план 😀 планы", ["план"], set())[1] == ["план", "план"]
    shown, marks = snippet("😀 план", ["план"], set())
    assert (shown, marks[0].offset, marks[0].length) == ("😀 план", 3, 4)


def test_parts_that_overlap_are_one_mark() -> None:
    assert marked("документ", ["докум", "умент"], set())[1] == ["документ"]


def test_a_long_text_is_cut_around_the_match() -> None:
    shown, found = marked("слово " * 200 + "цель " + "слово " * 200, ["цель"], set())
    assert shown.startswith("…слово")
    assert shown.endswith("слово…")
    assert len(shown) <= LENGTH + 2
    assert found == ["цель"]


def test_a_text_without_match_shows_its_beginning() -> None:
    assert snippet("просто текст", ["x"], set()) == ("просто текст", [])


def test_lines_are_shown_as_one() -> None:
    assert snippet("раз\nдва", ["два"], set())[0] == "раз два"


@given(st.text(max_size=600), st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_marks_lie_inside_and_hold_what_was_sought(text: str, sought: list[str]) -> None:
    parts = [word for part in sought for word in words(part)]
    shown, found = marked(composed(text).encode("utf-8", "ignore").decode(), parts, set())
    for stretch in found:
        assert any(part in folded(stretch) for part in parts)
    assert len(shown) <= LENGTH + 2


@given(st.text())
def test_folding_keeps_places(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text) or any(len(c.lower()) > 1 for c in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ёлка, ёж!", ["елка", "еж"]),
        ("и\u0306од", ["йод"]),
        ("a_b 100% a", ["a", "b", "100"]),
        ("*** \0", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("russian", "foreign"),
    [
        ("сергей", "sergey"),
        ("сергей", "sergei"),
        ("александр", "aleksandr"),
        ("александр", "alexander"[:5]),
        ("щукин", "shchukin"),
        ("хабаров", "khabarov"),
        ("юлия", "yuliya"),
        ("юлия", "julia"),
        ("филиппов", "filippov"),
        ("вячеслав", "vyacheslav"),
    ],
)
def test_names_in_latin_letters(russian: str, foreign: str) -> None:
    assert latin(foreign) in latin(russian)


def test_the_other_keyboard_layout() -> None:
    assert other_layout("bdfyjd") == "иванов"
    assert other_layout("Ызутсук") == "spencer"
    assert other_layout(",jhbcjd") == "борисов"
