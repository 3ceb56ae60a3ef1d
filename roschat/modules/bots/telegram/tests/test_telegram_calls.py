"""Reading calls: parameters by type, keyboards, forms in pieces of any size, ids of presses."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.clock import ManualClock
from roschat.kernel.http import Request
from roschat.modules.bots.telegram import buttons, form
from roschat.modules.bots.telegram.params import Params, Peer
from roschat.modules.bots.telegram.queries import LIFE, Queries
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.server.files.api import FileInfo
from roschat.types import ContactId, FileName, PeerKind
from roschat.wire.conversation import Button

FORM = (
    b'--B\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n7\r\n'
    b'--B\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    b"\x89PNG\r\n--no\r\n--B\r\n"
    b'Content-Disposition: form-data; name="caption"\r\n\r\n\xd1\x8f\r\n--B--\r\n'
)


async def read(content_type: str, body: bytes, cuts: list[int] | None = None, query: str = "") -> tuple[Any, Any]:
    kept: dict[str, bytes] = {}

    async def keep(name: str, chunks: AsyncIterator[bytes]) -> FileInfo:
        kept[name] = b"".join([chunk async for chunk in chunks])
        return FileInfo(FileName("f"), name, len(kept[name]), "x/y", ContactId(1))

    async def pieces() -> AsyncIterator[bytes]:
        last = 0
        for cut in sorted(set(cuts or [])):
            if last < cut < len(body):
                yield body[last:cut]
                last = cut
        yield body[last:]

    headers = {"content-type": content_type} if content_type else {}
    call = await form.read(Request("POST", "/", query=query, headers=headers, source=pieces()), keep)
    return call.params, kept


@given(st.lists(st.integers(1, len(FORM) - 1)))
async def test_a_form_is_the_same_however_it_is_cut(cuts: list[int]) -> None:
    params, kept = await read("multipart/form-data; boundary=B", FORM, cuts)
    assert params == {"chat_id": "7", "caption": "я"}
    assert kept == {"a.png": b"\x89PNG\r\n--no"}


async def test_bodies_of_every_kind() -> None:
    assert (await read("application/json; charset=utf-8", b'{"a": 1, "b": null}', query="a=2&c=3"))[0] == {
        "a": 1,
        "c": "3",
    }
    assert (await read("application/x-www-form-urlencoded", b"a=%D1%8F&b="))[0] == {"a": "я", "b": ""}
    assert (await read("", b""))[0] == {}
    assert (await read("application/json", b""))[0] == {}


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b"[]", 400),
        ("text/plain", b"x", 400),
        ("multipart/form-data", FORM, 400),
        ("multipart/form-data; boundary=B", FORM[:-20], 400),
        ("multipart/form-data; boundary=C", FORM, 400),
        ("application/x-www-form-urlencoded", b"\xff=1", 400),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * form.MAX_FIELDS, 413),
    ],
)
async def test_bodies_that_do_not_fit(content_type: str, body: bytes, status: int) -> None:
    with pytest.raises(Refused) as caught:
        await read(content_type, body)
    assert caught.value.status == status


def test_parameters_by_type() -> None:
    params = Params({"n": "12", "f": "1.5", "t": 5, "yes": "True", "no": 0, "list": '["a"]', "map": {"a": 1}, "e": ""})
    assert (params.number("n"), params.fraction("f"), params.text("t")) == (12, 1.5, "5")
    assert (params.flag("yes"), params.flag("no"), params.flag("absent", True)) == (True, False, True)
    assert (params.strings("list"), params.mapping("map"), params.items("absent")) == (["a"], {"a": 1}, [])
    assert "e" not in params
    for wrong in (
        lambda: params.number("yes"),
        lambda: params.text("absent"),
        lambda: params.text("map"),
        lambda: params.items("map"),
        lambda: params.mapping("list"),
        lambda: Params({"x": "nan"}).fraction("x"),
        lambda: Params({"x": "1" * 400}).number("x"),
        lambda: Params({"x": "{"}).value("x"),
    ):
        with pytest.raises(Refused):
            wrong()


def test_a_conversation_by_its_number() -> None:
    assert Params({"chat_id": "7"}).chat() == Peer(PeerKind.USER, 7)
    assert Params({"chat_id": -7}).chat() == Peer(PeerKind.GROUP, 7)
    assert Peer(PeerKind.GROUP, 7).chat_id == -7
    for wrong in ("0", "@name", "9" * 30):
        with pytest.raises(Refused, match="chat not found"):
            Params({"chat_id": wrong}).chat()


def test_keyboards() -> None:
    found = buttons.parse(
        {"inline_keyboard": [[{"text": "a", "callback_data": "1"}], [{"text": "b", "url": "https://x"}]]}
    )
    assert found.inline == [[Button("a", "1")], [Button("b", link="https://x")]]
    assert buttons.parse({"keyboard": [["a", {"text": "b"}]]}).chat == [[Button("a", "a"), Button("b", "b")]]
    assert buttons.parse({"remove_keyboard": True}).chat == []
    assert buttons.parse({"force_reply": True}) == buttons.parse(None) == buttons.Markup()
    broken: list[dict[str, Any]] = [
        {"inline_keyboard": [[{"text": "a"}]]},
        {"inline_keyboard": [[{"text": "a", "callback_data": "я" * 33}]]},
        {"inline_keyboard": [[{"text": "a", "url": "javascript:x"}]]},
        {"inline_keyboard": [[{"text": "a", "callback_data": "1"}] * 9]},
        {"inline_keyboard": "x"},
        {"keyboard": [[{"text": "a", "request_contact": True}]]},
        {"keyboard": [[{}]]},
        {"x": 1},
    ]
    for wrong in broken:
        with pytest.raises(Refused):
            buttons.parse(wrong)


def test_a_press_is_proved_and_grows_old() -> None:
    clock = ManualClock()
    queries = Queries(b"secret", clock)
    query = queries.issue(ContactId(1), ContactId(7))
    assert queries.person(ContactId(1), query) == 7
    for bot, forged in ((2, query), (1, query.replace("7-", "8-", 1)), (1, ""), (1, "я-1-2")):
        with pytest.raises(Refused, match="query is too old"):
            queries.person(ContactId(bot), forged)
    clock.advance(LIFE + 1)
    with pytest.raises(Refused, match="query is too old"):
        queries.person(ContactId(1), query)
