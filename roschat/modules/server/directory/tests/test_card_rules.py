"""What may stand on a card."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.errors import Invalid
from roschat.modules.server.directory import rules
from roschat.modules.server.directory.api import CARD_FIELDS, CardField
from roschat.modules.server.directory.rules import Card, checked_bot, checked_person

any_field = st.builds(
    CardField,
    type=st.sampled_from([*CARD_FIELDS, "number", "email", "custom", "unheard-of"]),
    value=st.one_of(st.text(max_size=20), st.sampled_from(["9:00", "101", "1984-05-17", "7", "a@b.ru", "+7 495 1"])),
    name=st.text(max_size=5),
)


def person(*fields: tuple[str, str] | tuple[str, str, str]) -> Card:
    return checked_person([CardField("surname", "Орлова"), *(CardField(*field) for field in fields)], "", "")


@given(st.lists(any_field, max_size=8))
def test_a_card_is_refused_or_checking_it_again_changes_nothing(fields: list[CardField]) -> None:
    try:
        card = checked_person([CardField("surname", "Орлова"), *fields], "", "")
    except Invalid:
        return
    assert checked_person(card.fields, "", "") == card
    places = [rules.ORDER[field.type] for field in card.fields]
    assert places == sorted(places)
    assert all(field.value and field.value == field.value.strip() for field in card.fields)


@given(st.text(max_size=30))
def test_any_text_is_a_good_email_or_invalid(text: str) -> None:
    try:
        assert rules.checked_email(text) == text
    except Invalid:
        return
    assert text.isascii()
    assert text.count("@") == 1
    assert "." in text.partition("@")[2]


@pytest.mark.parametrize("email", ["t@infotek.ru", "7000@ros.chat", "a.b+c@sub.example.org", "x_y-z@a-b.ru"])
def test_good_emails(email: str) -> None:
    assert rules.checked_email(email) == email


FORBIDDEN = ' "(),:;<>[\\]“”–ё№»Ы'
"""The characters of console-facts §3 (e-mail)."""


@pytest.mark.parametrize(
    "email",
    [
        "test.infotek.ru",
        "test@infotekru",
        ".test@infotek.ru",
        "test@infotek.ru.",
        "test.@infotek.ru",
        "te..st@infotek.ru",
        "test@.infotek.ru",
        "test@infotek..ru",
        "test@-infotek.ru",
        "a@b@infotek.ru",
        "@infotek.ru",
        "test@",
        *(f"te{c}st@infotek.ru" for c in FORBIDDEN),
        *(f"test@info{c}tek.ru" for c in FORBIDDEN),
    ],
)
def test_bad_emails(email: str) -> None:
    with pytest.raises(Invalid):
        rules.checked_email(email)


@pytest.mark.parametrize(
    ("given_number", "kept"), [("7000", "7000"), ("+7 (495) 123-45-67", "+74951234567"), ("*21#", "*21#"), ("0", "0")]
)
def test_numbers_are_kept_as_dialled(given_number: str, kept: str) -> None:
    assert rules.checked_number(given_number) == kept


@pytest.mark.parametrize("number", ["", "-", "+", "12a", "1+2", "+7*", "٣٤", "1" * 21, "семь"])
def test_bad_numbers(number: str) -> None:
    with pytest.raises(Invalid):
        rules.checked_number(number)


@given(st.dates(min_value=rules.EARLIEST_BIRTHDAY))
def test_every_date_is_a_birthday(day: date) -> None:
    assert rules.checked_birthday(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize("day", ["17.05.1984", "1984-5-17", "1984-02-30", "19840517", "1984-W20-4", "1899-12-31", "?"])
def test_bad_birthdays(day: str) -> None:
    with pytest.raises(Invalid):
        person(("birthday", day))


@given(st.integers(0, 23), st.integers(0, 59))
def test_times_of_day(hour: int, minute: int) -> None:
    assert rules.checked_time(f"{hour}:{minute:02}") == f"{hour:02}:{minute:02}"


@pytest.mark.parametrize("time", ["24:00", "9", "9:60", "9:5", "-1:00", "09:00:00", "٩:٠٠"])
def test_bad_times(time: str) -> None:
    with pytest.raises(Invalid):
        person(("workdayStart", time))


def test_working_hours_have_the_defaults_of_the_manual() -> None:
    assert (person().first("workdayStart"), person().first("workdayEnd")) == ("09:00", "18:00")
    assert person(("workdayEnd", "20:30")).first("workdayEnd") == "20:30"
    with pytest.raises(Invalid):
        person(("workdayEnd", "9:00"))


@pytest.mark.parametrize("cid", ["-1", "0", "x", "1.5", "9" * 30, "²"])
def test_bad_managers(cid: str) -> None:
    with pytest.raises(Invalid):
        person(("manager", cid))


def test_several_numbers_keep_their_order_and_none_is_twice() -> None:
    assert person(("number", "102"), ("number", "101")).numbers == ["102", "101"]
    with pytest.raises(Invalid):
        person(("number", "10-1"), ("number", "101"))


def test_own_fields_have_names_of_their_own() -> None:
    card = person(("custom", "Волга", "Машина"), ("custom", "12", "Этаж"))
    assert [field.name for field in card.fields if field.type == "custom"] == ["Машина", "Этаж"]
    with pytest.raises(Invalid):
        person(("custom", "Волга"))
    with pytest.raises(Invalid):
        person(("custom", "1", "Этаж"), ("custom", "2", "этаж"))


def test_other_fields_stand_once() -> None:
    with pytest.raises(Invalid):
        person(("position", "a"), ("position", "b"))


def test_empty_fields_fall_away_but_not_the_surname() -> None:
    assert person(("room", "  ")).first("room") == ""
    with pytest.raises(Invalid):
        checked_person([CardField("surname", " ")], "", "")


@pytest.mark.parametrize("name", ["", "эхо", "1echo", "echo bot", "e" * 65])
def test_a_bot_has_a_latin_name(name: str) -> None:
    with pytest.raises(Invalid):
        checked_bot([CardField("name", name)], "Эхо", "", [], "")


def test_bot_commands() -> None:
    commands = ["/start - Начать", "  ", "/help"]
    assert checked_bot([CardField("name", "echo")], "Эхо", "", commands, "").commands == ("/start - Начать", "/help")
    with pytest.raises(Invalid):
        checked_bot([CardField("name", "echo")], "Эхо", "", ["start"], "")
    with pytest.raises(Invalid):
        checked_bot([CardField("name", "echo")], "", "", [], "")
