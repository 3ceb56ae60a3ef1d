"""Rules of console users: logins, names, passwords, codes, near addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.formats import REASONS
from roschat.modules.ms.users.rules import (
    bare,
    code_hash,
    is_near,
    login_reason,
    mailed_code,
    name_reason,
    password_reason,
    recovery_codes,
)


@pytest.mark.parametrize("login", ["a", "Ivan.Petrov", "x_1-2@example", "0" * 64])
def test_logins(login: str) -> None:
    assert login_reason(login) == ""


@pytest.mark.parametrize(
    ("login", "why"),
    [("", "empty"), ("a" * 65, "too-long"), ("иван", "bad-value"), ("a b", "bad-value"), ("a\n", "bad-value")],
)
def test_no_logins(login: str, why: str) -> None:
    assert login_reason(login) == why


@pytest.mark.parametrize("name", ["Иванов", "Ivanov", "Петров-Водкин", "д’Артаньян", "O'Neil", "Сидоров мл.", "Ёж 2"])
def test_names(name: str) -> None:
    assert name_reason(name, needed=True) == ""


@pytest.mark.parametrize("name", ["-Иванов", "<b>", "Иван;", "a@b", "a\tb", "😀"])
def test_no_names(name: str) -> None:
    assert name_reason(name) == "bad-value"


def test_a_surname_is_needed_and_a_name_is_not() -> None:
    assert name_reason("", needed=True) == "empty"
    assert name_reason("") == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "empty"),
        ("123456", "too-short"),
        ("123456789", "too-short"),
        ("x" * 257, "too-long"),
        ("ivan.petrov", "too-easy"),
        ("VORTEP.NAVI", "too-easy"),
        ("qwertyuiop", "too-easy"),
        ("password2024!", "too-easy"),
        ("9876543210", "too-easy"),
        ("ababababab", "too-easy"),
        ("correct horse", ""),
        ("пять зелёных лошадей", ""),
    ],
)
def test_passwords(password: str, why: str) -> None:
    assert password_reason(password, "Ivan.Petrov") == why
    assert not why or why in REASONS


@given(st.text(max_size=300), st.text(max_size=80))
def test_every_text_has_a_known_reason(text: str, login: str) -> None:
    for why in (login_reason(text), name_reason(text), password_reason(text, login)):
        assert not why or why in REASONS


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.200.3.4", True),
        ("172.16.0.1", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("::ffff:192.168.1.1", True),
        ("::ffff:8.8.8.8", False),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("2001:db8::1", False),
        ("8.8.8.8", False),
        ("192.0.2.1", False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_near_addresses(address: str, near: bool) -> None:
    assert is_near(address) is near


def test_recovery_codes_differ_and_are_compared_as_people_write_them() -> None:
    codes = recovery_codes()
    assert len(set(codes)) == 10
    assert code_hash(1, codes[0]) == code_hash(1, f" {codes[0].upper().replace('-', ' ')} ")
    assert code_hash(1, codes[0]) != code_hash(2, codes[0])
    assert bare("ab-CD 12") == "abcd12"
    assert len(mailed_code()) == 6
