"""The generated files are fresh, and the generators tell every kind of field right."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest

from roschat.types import ContactId, Role
from roschat.wire import describe, reference, typescript
from roschat.wire.conversation import MessageView, TextBody
from roschat.wire.declare import Shape
from roschat.wire.generate import GENERATED, write
from roschat.wire.message import Message

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", autouse=True)
def _declared() -> None:
    describe.import_declarations()


class Colour(StrEnum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


class Inner(Message, frozen=True):
    """Inside."""

    who_is: ContactId


class Sample(Message, frozen=True):
    """A sample."""

    plain: int
    """How many."""
    inner: Inner | None = None
    colour: Colour = Colour.RED
    raw: Annotated[msgspec.Raw, Shape(list[Inner])] = msgspec.Raw(b"[]")


@pytest.mark.parametrize("name", GENERATED)
def test_generated_file_is_fresh(name: str) -> None:
    assert (ROOT / name).read_text() == GENERATED[name](), "run scripts/generate and commit what it wrote"


def test_write_mends_what_is_stale_and_leaves_the_rest(tmp_path: Path) -> None:
    assert write(tmp_path) == list(GENERATED)
    assert write(tmp_path) == []
    (tmp_path / "docs/protocol.md").write_text("stale")
    assert write(tmp_path) == ["docs/protocol.md"]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (int, "number"),
        (bytes, "string"),
        (ContactId, "ContactId"),
        (list[ContactId], "ContactId[]"),
        (list[list[str]], "string[][]"),
        (tuple[str, int], "[string, number]"),
        (tuple[int, ...], "number[]"),
        (dict[str, Inner], "Record<string, Inner>"),
        (Inner | None, "Inner | null"),
        (list[int | str], "(number | string)[]"),
        (Literal["a", "b"], '"a" | "b"'),
        (msgspec.Raw, "unknown"),
        (Annotated[msgspec.Raw, Shape(list[Inner])], "Inner[]"),
        (Any, "unknown"),
    ],
)
def test_type_in_typescript(kind: Any, written: str) -> None:
    assert typescript.reference(kind) == written


def test_fields_come_with_wire_names_defaults_and_meanings() -> None:
    plain, inner, colour, _raw = describe.fields(Sample)
    assert (plain.name, plain.needed, plain.meaning) == ("plain", True, "How many.")
    assert (inner.needed, inner.default) == (False, None)
    assert colour.default is Colour.RED
    assert describe.fields(Inner)[0].name == "whoIs"


def test_everything_inside_is_reached_also_through_a_shape() -> None:
    assert set(describe.reached([list[Sample]])) == {Sample, Inner, Colour, ContactId}


def test_two_types_of_one_name_are_refused() -> None:
    class Inner(Message, frozen=True):
        """Another."""

    with pytest.raises(ValueError, match="Inner is declared in"):
        describe.reached([Sample, Inner])


def test_tag_stands_first_in_a_body() -> None:
    assert describe.tag(TextBody) == ("type", "text")
    assert describe.tag(MessageView) is None


def test_protocol_has_the_commands_of_persons_alone() -> None:
    written = typescript.protocol()
    assert '"send-message": { request: SendMessage; reply: Sent };' in written
    assert '"login": { request: Login; reply: LoginReply };' in written
    assert '"message-event": MessageEvent;' in written
    assert "export type MessageEvent = MessageView;" in written
    hidden = [one.name for one in describe.commands_of([Role.SYSTEM]) if Role.PERSON not in one.access]
    assert hidden
    assert not [name for name in hidden if f'"{name}": {{ request' in written]


def test_links_of_the_reference_lead_somewhere() -> None:
    written = reference.protocol()
    titles = {title.lower() for title in re.findall(r"^### (\S+)$", written, re.MULTILINE)}
    links = set(re.findall(r"\]\(#(\S+?)\)", written))
    assert links
    assert links <= titles
