"""What bots, commands and keyboards may be."""

import pytest

from roschat.kernel.errors import Invalid
from roschat.modules.bots import rules
from roschat.wire.conversation import Button


@pytest.mark.parametrize("name", ["echo", "E2", "news_bot", "a.b-c", " echo "])
def test_names_that_are_taken(name: str) -> None:
    assert rules.check_name(name) == name.strip()


@pytest.mark.parametrize("name", ["", "e", "1echo", "эхо", "a b", "a" * 65, "echo\n\n1"])
def test_names_that_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="Latin"):
        rules.check_name(name)


def test_titles_and_texts_have_limits() -> None:
    assert rules.check_title(" Эхо ") == "Эхо"
    for title in ("", "  ", "x" * 101):
        with pytest.raises(Invalid, match="title"):
            rules.check_title(title)
    assert rules.check_text("greeting", " x\ny ") == "x\ny"
    with pytest.raises(Invalid, match="greeting has 2001"):
        rules.check_text("greeting", "x" * 2001)


def test_commands_are_lines() -> None:
    assert rules.check_commands([" /start - Начать ", "", "/стоп"]) == ["/start - Начать", "/стоп"]
    for line in ("start", "/", "/start начать", "/a -", "/" + "a" * 65):
        with pytest.raises(Invalid, match="must look like"):
            rules.check_commands([line])
    with pytest.raises(Invalid, match="101 commands"):
        rules.check_commands(["/a"] * 101)


@pytest.mark.parametrize(
    "rows",
    [
        [[Button("")]],
        [[Button("x" * 201)]],
        [[Button("x", "y" * 1025)]],
        [[Button("x", link="javascript:alert(1)")]],
        [[Button("x", link="file:///etc/passwd")]],
        [[Button("x")]] * 51,
        [[Button("x")] * 101],
    ],
)
def test_keyboards_that_are_refused(rows: list[list[Button]]) -> None:
    with pytest.raises(Invalid):
        rules.check_keyboard(rows)


def test_a_button_is_pressed_only_where_it_is() -> None:
    rows = [[Button("a", "1"), Button("b", link="https://example.org/")], [Button("c")]]
    assert rules.check_keyboard(rows) == rows
    assert rules.has_button(rows, "1")
    assert rules.has_button(rows, "")
    assert not rules.has_button(rows, "2")
    assert not rules.has_button([[Button("b", link="https://example.org/")]], "")
    with pytest.raises(Invalid, match="dance"):
        rules.check_action("dance")
