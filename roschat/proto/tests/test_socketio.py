"""Packets of Socket.IO."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.proto import socketio
from roschat.proto.engineio import Malformed
from roschat.proto.socketio import Packet, cut_event, first_argument, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("message", "packet"),
    [
        (b"0", Packet(socketio.CONNECT, "/", b"", b"")),
        (b'0{"token":"1"}', Packet(socketio.CONNECT, "/", b"", b'{"token":"1"}')),
        (b"0/admin,{}", Packet(socketio.CONNECT, "/admin", b"", b"{}")),
        (b"0/admin?a=1", Packet(socketio.CONNECT, "/admin", b"", b"")),
        (b'2["a"]', Packet(socketio.EVENT, "/", b"", b'["a"]')),
        (b'217["a",1]', Packet(socketio.EVENT, "/", b"17", b'["a",1]')),
        (b'2/x,5["a"]', Packet(socketio.EVENT, "/x", b"5", b'["a"]')),
        (b'51-7["a",{"_placeholder":true,"num":0}]', Packet(5, "/", b"7", b'["a",{"_placeholder":true,"num":0}]')),
    ],
)
def test_heads_are_parsed(message: bytes, packet: Packet) -> None:
    assert parse(message) == packet


@pytest.mark.parametrize("message", [b"", b"7", b"x", b"\xff"])
def test_no_head(message: bytes) -> None:
    with pytest.raises(Malformed):
        parse(message)


@given(st.text(st.characters(exclude_categories=["Cs"])), JSON, st.booleans())
def test_an_event_is_cut_into_name_and_argument(name: str, value: object, spaces: bool) -> None:
    separators = (", ", ": ") if spaces else (",", ":")
    data = json.dumps([name, value], separators=separators, ensure_ascii=spaces).encode()
    cut, argument = cut_event(data)
    assert cut.decode() == name
    assert json.loads(argument) == value


def test_an_event_without_argument_or_with_several() -> None:
    assert cut_event(b'["a"]') == (b"a", b"")
    assert cut_event(b'[ "a" ]') == (b"a", b"")
    assert first_argument(b'["a",{"b":[1,2]},3]') == (b"a", b'{"b":[1,2]}')


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'["a"', b"[1]", b'["a\\', b'["a" 1]', b"[\xff]", b'"a"', b'["\\q"]']
)
def test_nonsense_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        cut_event(data)


@given(st.binary())
def test_any_bytes_are_cut_or_malformed(data: bytes) -> None:
    for read in (parse, cut_event, first_argument):
        try:
            read(data)
        except Malformed:
            continue


def test_messages_to_clients() -> None:
    assert socketio.event_message("a", b"{}") == b'42["a",{}]'
    assert socketio.ack_message(b"3", b"[]") == b"433[[]]"
    assert socketio.connected_message(3, "s") == b"40"
    assert socketio.connected_message(4, "s") == b'40{"sid":"s"}'
    assert socketio.refused_message(3, "/x") == b'44/x,"Invalid namespace"'
    assert socketio.refused_message(4, "/x") == b'44/x,{"message":"Invalid namespace"}'
