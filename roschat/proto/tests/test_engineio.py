"""Packets and payloads of Engine.IO 3 and 4."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.proto import engineio
from roschat.proto.engineio import Malformed, handshake, join_payload, split_payload

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1e"), min_size=1), min_size=1)


def packets(texts: list[str]) -> list[bytes]:
    return [b"4" + text.encode() for text in texts]


def test_handshake_of_both_revisions() -> None:
    shared = {"upgrades": ("websocket",), "ping_interval": 5, "ping_timeout": 12, "max_payload": 10}
    old = handshake(3, "abc", **shared)  # type: ignore[arg-type]
    assert old[:1] == engineio.OPEN
    assert json.loads(old[1:]) == {"sid": "abc", "upgrades": ["websocket"], "pingInterval": 5000, "pingTimeout": 12000}
    assert json.loads(handshake(4, "abc", **shared)[1:])["maxPayload"] == 10  # type: ignore[arg-type]


@given(TEXTS)
def test_revision_4_splits_what_it_joined(texts: list[str]) -> None:
    assert split_payload(4, join_payload(4, packets(texts))) == packets(texts)


@given(TEXTS)
def test_revision_3_counts_utf16_units_of_what_clients_send(texts: list[str]) -> None:
    body = "".join(f"{len(text.encode('utf-16-le')) // 2}:{text}" for text in texts).encode()
    assert split_payload(3, body) == [text.encode() for text in texts]


@given(TEXTS)
def test_revision_3_answers_count_the_same_in_units_and_code_points(texts: list[str]) -> None:
    messages = [b"42" + json.dumps(["e", text], ensure_ascii=False).encode() for text in texts]
    body = join_payload(3, messages)
    text = body.decode()
    assert len(text) == len(text.encode("utf-16-le")) // 2
    assert [json.loads(packet[2:]) for packet in split_payload(3, body)] == [["e", text] for text in texts]


@given(TEXTS)
def test_revision_3_in_bytes(texts: list[str]) -> None:
    body = b""
    for text in texts:
        data = text.encode()
        body += b"\0" + bytes(int(digit) for digit in str(len(data))) + b"\xff" + data
    assert split_payload(3, body) == [text.encode() for text in texts]


def test_binary_packets_are_told_apart() -> None:
    assert split_payload(3, b"\x01\x03\xff\x04ab") == [b"b\x04ab"]
    assert split_payload(3, b"4:b4QQ") == [b"b4QQ"]
    assert split_payload(4, b"4hi\x1ebQUI=") == [b"4hi", b"bQUI="]


@pytest.mark.parametrize(
    ("version", "body"),
    [
        (4, b""),
        (4, b"4a\x1e"),
        (4, b"4\xff"),
        (3, b"x"),
        (3, b":4"),
        (3, b"5:4ab"),
        (3, b"0:"),
        (3, b"99999999999999:4"),
        (3, "1:\U0001f600".encode()),
        (3, b"2:\xff\xfe"),
        (3, b"\0\xff4"),
        (3, b"\0\x0b\xff4"),
        (3, b"\0\x09\xff4"),
        (3, b"\0\x01"),
        (3, b"\0\x01\xff4\x02"),
    ],
)
def test_nonsense_is_malformed(version: int, body: bytes) -> None:
    with pytest.raises(Malformed):
        split_payload(version, body)


@given(st.binary(), st.sampled_from(engineio.VERSIONS))
def test_any_bytes_split_or_are_malformed(body: bytes, version: int) -> None:
    try:
        found = split_payload(version, body)
    except Malformed:
        return
    assert all(found)
