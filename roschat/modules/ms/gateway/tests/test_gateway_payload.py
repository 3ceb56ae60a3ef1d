"""How a request becomes a command: names, lists, numbers, what no command can hold."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import Invalid, TooMany
from roschat.modules.ms.gateway.pace import Pace
from roschat.modules.ms.gateway.payload import command, of_body, of_query
from roschat.wire import declare, rest
from roschat.wire.message import Command, Empty, Message


class Inner(Message, frozen=True):
    """In a list."""

    some_value: int = 0


@declare.command("test-payload", access=declare.CONSOLE)
class Asked(Command[Empty], frozen=True):
    """Of every kind."""

    id: int
    text: str = ""
    many: list[int] = []
    inner: list[Inner] = []
    flag: bool = False


WAY = rest.Rest("GET", "/things/{id}", "things", declare.declaration_of(Asked))


def test_path_and_query_make_a_command() -> None:
    given_ = of_query(WAY, "text=%D1%84&many=1&many=2&flag=true&inner=%7B%22someValue%22%3A3%7D")
    made = command(WAY, {"id": "7"}, given_)
    assert made == Asked(7, "ф", [1, 2], [Inner(3)], True)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("txt=1", "did you mean 'text'"),
        ("text=1&text=2", "given twice"),
        ("id=8", "stands in the path"),
        ("many=x", "Expected `int`"),
        ("text=%00", "NUL"),
        ("text=%ff", "UTF-8"),
        ("many=99999999999999999999", "64 bits"),
        ("inner=%7B%22someValu%22%3A3%7D", "did you mean 'someValue'"),
        ("&".join("many=1" for _ in range(2001)), "2000"),
    ],
)
def test_what_is_refused(query: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        command(WAY, {"id": "7"}, of_query(WAY, query))
    assert told in refused.value.text


@pytest.mark.parametrize(
    "body",
    [
        {"id": 7, "inner": [{"someValue": 10**20}]},
        {"id": 7, "inner": [{"some_value": 1}]},
        {"id": 7, "text": "\0"},
        {"id": 7, "text": "\ud800"},
        {"id": "99999999999999999999"},
        {"id": None},
        {},
    ],
)
def test_bodies_that_are_refused(body: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        command(WAY, {}, body)


def test_a_body_is_an_object_or_nothing() -> None:
    assert of_body(b" ") == {}
    with pytest.raises(Invalid, match="JSON object"):
        of_body(b"[]")


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["id", "text", "many", "inner", "flag", "x"]), json))
def test_any_body_is_a_command_or_invalid(body: dict[str, object]) -> None:
    try:
        made = command(WAY, {}, body)
    except Invalid:
        return
    assert isinstance(made, Asked)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Asked) == made


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_query_is_fields_or_invalid(query: str) -> None:
    try:
        command(WAY, {"id": "1"}, of_query(WAY, query))
    except (Invalid, msgspec.DecodeError):
        return


def test_who_asks_too_often_waits_and_others_do_not() -> None:
    clock = ManualClock()
    pace = Pace(clock, lambda: 60)
    for _ in range(60):
        pace.step("one")
    with pytest.raises(TooMany):
        pace.step("one")
    pace.step("other")
    clock.advance(1)
    pace.step("one")
    with pytest.raises(TooMany):
        pace.step("one")
