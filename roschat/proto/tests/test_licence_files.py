"""Licence files and activation keys: what was signed comes back, whatever was changed does not."""

import base64

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roschat.proto import licence as files
from roschat.proto.licence import Activation, Licence, LicenceRefused

PRIVATE = files.new_key()
PUBLIC = files.public_key(PRIVATE)
INSTALLATION = files.installation_number(b"a secret")
LICENCE = Licence(
    number="7",
    customer="Ромашка\n-----END ROSCHAT LICENCE-----",
    issued="2026-01-02",
    until="2027-01-01",
    installation=INSTALLATION,
    people=500,
    computers=200,
    sip_phones=1000,
    e1_boards=["116895", "10800004"],
    fax=True,
)


def test_what_was_signed_comes_back() -> None:
    text = files.sign(LICENCE, PRIVATE)
    assert files.read(text, [files.public_key(files.new_key()), PUBLIC]) == LICENCE
    assert files.inspect(text) == (LICENCE, files.fingerprint(PUBLIC))
    # Mail programs change line ends and put text around.
    assert files.read("Good day!\r\n\r\n" + text.replace("\n", "\r\n") + "\r\nBye", [PUBLIC]) == LICENCE


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(LicenceRefused, match="does not trust"):
        files.read(files.sign(LICENCE, files.new_key()), [PUBLIC])
    with pytest.raises(LicenceRefused, match="does not trust"):
        files.read(files.sign(LICENCE, PRIVATE), [])


def test_a_changed_payload_is_refused() -> None:
    text = files.sign(LICENCE, PRIVATE)
    more = base64.b64encode(files.canonical(msgspec.structs.replace(LICENCE, people=9000))).decode()
    head, _, rest = text.partition("\n\n")
    signature = rest[rest.index("-----SIGNATURE") :]
    with pytest.raises(LicenceRefused, match="was changed"):
        files.read(f"{head}\n\n{more}\n{signature}", [PUBLIC])


def test_the_lines_for_people_count_for_nothing() -> None:
    text = files.sign(LICENCE, PRIVATE).replace("Number: 7", "Number: 8")
    assert files.read(text, [PUBLIC]).number == "7"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_character_is_refused_or_harmless(place: int, change: int) -> None:
    text = files.sign(LICENCE, PRIVATE)
    place %= len(text)
    changed = text[:place] + chr(ord(text[place]) ^ change) + text[place + 1 :]
    try:
        found = files.read(changed, [PUBLIC])
    except LicenceRefused:
        return
    assert found == LICENCE


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_nonsense_is_refused(text: str) -> None:
    for reading in (files.inspect, files.read_activation):
        with pytest.raises(LicenceRefused):
            reading(text)
    with pytest.raises(LicenceRefused):
        files.inspect(f"-----BEGIN ROSCHAT LICENCE-----\n\n{text}\n-----END ROSCHAT LICENCE-----")


@pytest.mark.parametrize(
    "changes",
    [
        {"people": -1},
        {"people": 10**8},
        {"until": "soon"},
        {"issued": ""},
        {"number": ""},
        {"installation": "ABC"},
        {"customer": "x" * 301},
    ],
)
def test_values_no_licence_has(changes: dict[str, object]) -> None:
    with pytest.raises(LicenceRefused):
        files.sign(msgspec.structs.replace(LICENCE, **changes), PRIVATE)


def test_a_licence_of_a_newer_program_says_so() -> None:
    payload = files.canonical(LICENCE)[:-1] + b',"video":true}'
    text = files.sign(LICENCE, PRIVATE)
    head, _, rest = text.partition("\n\n")
    changed = f"{head}\n\n{base64.b64encode(payload).decode()}\n{rest[rest.index('-----SIGNATURE') :]}"
    with pytest.raises(LicenceRefused, match="newer program"):
        files.inspect(changed)


def test_keys() -> None:
    assert files.read_keys(f"# remark\n\n{PUBLIC}  # ours\n") == [PUBLIC]
    for bad in ("ed25519:AAAA", "rsa:AAAA", "ed25519:ä", PRIVATE):
        with pytest.raises(LicenceRefused):
            files.read_keys(bad)
    with pytest.raises(LicenceRefused):
        files.sign(LICENCE, PUBLIC)


def test_activation_keys() -> None:
    asking = Activation(INSTALLATION, "1.2", "2026-05-06", 17)
    text = files.activation_key(asking)
    assert INSTALLATION in text
    assert files.read_activation("Hello\n" + text) == asking
    assert files.read_activation(f" {INSTALLATION.lower()} ").installation == INSTALLATION
    damaged = text.replace(text.splitlines()[3][10], "A" if text.splitlines()[3][10] != "A" else "B")
    with pytest.raises(LicenceRefused):
        files.read_activation(damaged)


def test_the_number_of_an_installation_is_its_secret_s() -> None:
    assert files.installation_number(b"a secret") == INSTALLATION
    assert files.installation_number(b"another") != INSTALLATION
    assert len(INSTALLATION) == 23
