"""Templates and the forms of names."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.modules.server.directory.api import CardField
from roschat.modules.server.roster.names import full_name, latin, latin_name, short_name
from roschat.modules.server.roster.templates import LONGEST, BadTemplate, Row, literal, parse
from roschat.types import ContactId

IVANOV = Row(
    2,
    ContactId(1044),
    [
        CardField("surname", "Иванов"),
        CardField("name", "Иван"),
        CardField("patronymic", "Иванович"),
        CardField("number", "5001"),
        CardField("number", "5002"),
        CardField("custom", "77", "Табель"),
    ],
    "vanya",
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$INC", "3"),
        ("$INC()", "3"),
        ("$INC(5000)", "5002"),
        ("$INC(5000,1)", "5002"),
        ("$INC( 5000 , 10 )", "5020"),
        ("$INC(,5)", "11"),
        ("$INC(1,-1)", "-1"),
        ("$INC(0008)", "0010"),
        ("$INC(001,-2)", "-003"),
        ("n$INC(1)-$INC(10,5)", "n3-20"),
        ("$CID", "1044"),
        ("$CID_$CID5", "1044_10445"),
        ("$CONTACT('surname')", "Иванов"),
        ('$CONTACT( "number" )', "5001"),
        ("$CONTACT(‘name’)", "Иван"),
        ("$CONTACT('login')", "vanya"),
        ("$CONTACT('custom:табель')", "77"),
        ("$CONTACT('custom: ТАБЕЛЬ')", "77"),
        ("$CONTACT('email')", ""),
        ("$FIO_1", "Иванов Иван Иванович"),
        ("$FIO_2", "Иванов И.И."),
        ("$FIO_3@ros.chat", "ivanov.i.i@ros.chat"),
        ("$$INC costs 5$$", "$INC costs 5$"),
        ("$$$INC", "$3"),
        ("", ""),
    ],
)
def test_what_stands_for_what(template: str, text: str) -> None:
    assert parse(template).fill(IVANOV) == text


@pytest.mark.parametrize(
    ("template", "macro", "position"),
    [
        ("a$", "$", 2),
        ("5 $ and more", "$", 3),
        ("$inc", "$inc", 1),
        ("x$FIO_4", "$FIO_4", 2),
        ("$FIO", "$FIO", 1),
        ("$CIDR", "$CIDR", 1),
        ("$ФИО", "$ФИО", 1),
        ("ab$INC(a)", "$INC(a)", 3),
        ("$INC(1;2)", "$INC(1;2)", 1),
        ("$INC(1,2,3)", "$INC(1,2,3)", 1),
        ("$INC(1.5)", "$INC(1.5)", 1),
        ("$INC(٣)", "$INC(٣)", 1),
        ("$INC(1234567890123456)", "$INC(1234567890123456)", 1),
        ("$INC(", "$INC(", 1),
        ("$CONTACT", "$CONTACT", 1),
        ("$CONTACT(surname)", "$CONTACT(surname)", 1),
        ("$CONTACT('')", "$CONTACT('')", 1),
        ("$CONTACT('custom:')", "$CONTACT('custom:')", 1),
        ("-$CONTACT('nickname')", "$CONTACT('nickname')", 2),
        ("$CONTACT('name\")", "$CONTACT('name\")", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_place(template: str, macro: str, position: int) -> None:
    with pytest.raises(BadTemplate) as refused:
        parse(template)
    assert (refused.value.macro, refused.value.position) == (macro, position)
    assert repr(macro) in refused.value.text
    assert f"character {position} " in refused.value.text


def test_a_template_has_an_end() -> None:
    parse("x" * LONGEST)
    with pytest.raises(BadTemplate):
        parse("x" * (LONGEST + 1))


def test_what_a_template_depends_on() -> None:
    assert parse("$FIO_3").asks_the_card
    assert parse("$CONTACT('number')").asks_the_card
    assert not parse("$INC$CID").asks_the_card
    assert parse("a$INC").running
    assert not parse("a").running


@given(st.text(max_size=400))
def test_any_text_can_be_written_as_a_template(text: str) -> None:
    assert parse(literal(text)).fill(IVANOV) == text


@given(st.text(alphabet="$INCONTAD_F('surname),12 -x", max_size=60))
def test_a_text_is_a_template_or_says_where_it_is_not(text: str) -> None:
    try:
        parse(text).fill(IVANOV)
        wrong = None
    except BadTemplate as error:
        wrong = error
    if wrong is not None:
        assert text[wrong.position - 1 :].startswith(wrong.macro)
        assert wrong.macro.startswith("$")


@given(st.integers(-(10**12), 10**12), st.integers(-(10**6), 10**6), st.integers(0, 50_000))
def test_a_number_runs(start: int, step: int, place: int) -> None:
    row = Row(place, ContactId(1))
    assert parse(f"$INC({start},{step})").fill(row) == str(start + step * place)


@pytest.mark.parametrize(
    ("person", "full", "short", "login"),
    [
        (("Иванов", "Иван", "Иванович"), "Иванов Иван Иванович", "Иванов И.И.", "ivanov.i.i"),
        (("Салтыков-Щедрин", "Юрий", ""), "Салтыков-Щедрин Юрий", "Салтыков-Щедрин Ю.", "saltykov-shchedrin.yu"),
        (("Объездчиков", "Ёлка", "Яковлевна"), "Объездчиков Ёлка Яковлевна", "Объездчиков Ё.Я.", "obezdchikov.yo.ya"),
        (("Петрова", "", ""), "Петрова", "Петрова", "petrova"),
        (("", "Анна", ""), "Анна", "А.", "a"),
        (("де  ла Крус", " Хуан ", ""), "де ла Крус Хуан", "де ла Крус Х.", "de-la-krus.kh"),
        (("O'Neill", "Zoë", ""), "O'Neill Zoë", "O'Neill Z.", "oneill.z"),
        (("Müller–Groß", "Łukasz", ""), "Müller–Groß Łukasz", "Müller–Groß Ł.", "muller-gross.l"),
        (("Йод", "Ия", ""), "Йод Ия", "Йод И.", "yod.i"),
        (("Ьь", "«Ъы»", ""), "Ьь «Ъы»", "Ьь Ъ.", "y"),
        (("李", "小龍", ""), "李 小龍", "李 小.", ""),
        (("", "", ""), "", "", ""),
    ],
)
def test_names(person: tuple[str, str, str], full: str, short: str, login: str) -> None:
    assert full_name(*person) == full
    assert short_name(*person) == short
    # Letters may come with their marks apart, as some programs write them.
    apart = [unicodedata.normalize("NFD", part) for part in person]
    assert unicodedata.normalize("NFC", short_name(*apart)) == short
    assert latin_name(*person) == login
    assert latin_name(*apart) == latin_name(*person)


def test_every_russian_letter_has_its_latin_form() -> None:
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    told = " ".join(latin(letter) or "_" for letter in letters)
    assert told == ("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya")
    assert latin(letters.upper()) == latin(letters)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_the_latin_name_is_good_in_a_login(surname: str, name: str, patronymic: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+([-.][a-z0-9]+)*)?", latin_name(surname, name, patronymic))
