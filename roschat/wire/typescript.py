"""The declarations as TypeScript: `roschat/web/shared/protocol.ts`, which every front end of ours imports.

A field with a default is optional, because a default is left out on the wire; its comment names the default. An encoded
value is typed by its `Shape`. Commands are those that a person may send.
"""

import enum
import json
import types
import typing
from collections.abc import Iterable
from typing import Any

import msgspec

from roschat.types import Role
from roschat.wire import describe
from roschat.wire.declare import Declaration

HEAD = """\
// The client protocol of roschat. Written by scripts/generate from the declarations in api.py files; do not edit.
//
// Fields marked `?` are left out when they have their default, which the comment names; they are never null.
"""

FAILURE = """\
/** The ack of a command that was refused: a stable code, and one English sentence with the cause and the fix. */
export interface Failure {
  error: string;
  text?: string;
}
"""

_PLAIN = {int: "number", float: "number", str: "string", bool: "boolean", bytes: "string", Any: "unknown"}


def protocol() -> str:
    """The whole file."""
    commands = describe.commands_of([Role.PERSON])
    events = describe.client_events()
    roots = [kind for one in commands for kind in (one.type, describe.reply_of(one))]
    roots += [one.type for one in events]
    values = describe.reached([*roots, *describe.bodies()])
    chunks = [HEAD, *(named(kind) for kind in values)]
    chunks.append(_union("Body", describe.bodies(), 'What `data` of a message holds when `dataType` is not "text".'))
    chunks.append(FAILURE)
    chunks.append(
        interface(
            "Commands",
            "Commands of a person: emit the name with `request`; the ack is `reply` or a `Failure`.",
            map(_command, commands),
        )
    )
    chunks.append(
        interface(
            "Events",
            "Events that the server sends to persons and bots.",
            (f"{json.dumps(one.name)}: {one.type.__name__};" for one in events),
        )
    )
    return "\n".join(chunks)


def _command(one: Declaration) -> str:
    return f"{json.dumps(one.name)}: {{ request: {one.type.__name__}; reply: {reference(describe.reply_of(one))} }};"


def reference(kind: Any) -> str:
    """A type as it is written in a field."""
    if (shape := describe.shape_of(kind)) is not None:
        return reference(shape)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind is msgspec.Raw:
        return "unknown"
    if kind is types.NoneType:
        return "null"
    inside = typing.get_args(kind)
    match typing.get_origin(kind):
        case None:
            return str(kind.__name__)
        case typing.Annotated:
            return reference(inside[0])
        case typing.Literal:
            return " | ".join(json.dumps(value) for value in inside)
        case types.UnionType | typing.Union:
            return " | ".join(reference(part) for part in inside)
        case origin if origin is dict:
            return f"Record<{reference(inside[0])}, {reference(inside[1])}>"
        case origin if origin is tuple and inside[-1] is not Ellipsis:
            return f"[{', '.join(reference(part) for part in inside)}]"
        case _:
            element = reference(inside[0])
            return f"({element})[]" if " | " in element else f"{element}[]"


def named(kind: Any) -> str:
    """The declaration of a struct, an enumeration or a NewType."""
    if isinstance(kind, typing.NewType):
        text, written = describe.named_meaning(kind), reference(kind.__supertype__)
        return _comment(text) + f"export type {kind.__name__} = {written};\n"
    text = describe.meaning(kind)
    if issubclass(kind, enum.Enum):
        values = " | ".join(json.dumps(member.value) for member in kind)
        return _comment(text) + f"export type {kind.__name__} = {values};\n"
    if (same := _same_as(kind)) is not None:
        return _comment(text) + f"export type {kind.__name__} = {same.__name__};\n"
    lines = [line for field in describe.fields(kind) for line in _field(field)]
    if (tag := describe.tag(kind)) is not None:
        lines.insert(0, f"{tag[0]}: {json.dumps(tag[1])};")
    if not lines:
        return _comment(text) + f"export type {kind.__name__} = Record<string, never>;\n"
    return interface(kind.__name__, text, lines)


def _same_as(cls: type) -> type | None:
    """The struct that `cls` repeats under another name (MessageEvent is a MessageView), or None."""
    for base in cls.__bases__:
        own = getattr(base, "__struct_fields__", ())
        if own and own == getattr(cls, "__struct_fields__", ()):
            return base
    return None


def _field(field: describe.Field) -> list[str]:
    if field.needed:
        return [*_lines(field.meaning), f"{field.name}: {reference(field.type)};"]
    note = "" if field.default is None else f"Default: {msgspec.json.encode(field.default).decode()}."
    lines = _lines(" ".join(part for part in (field.meaning, note) if part))
    return [*lines, f"{field.name}?: {reference(_present(field.type))};"]


def _present(kind: Any) -> Any:
    """A type without None, which is never sent: the field is absent instead."""
    if typing.get_origin(kind) not in (types.UnionType, typing.Union):
        return kind
    return typing.Union[tuple(part for part in typing.get_args(kind) if part is not types.NoneType)]  # noqa: UP007


def _union(name: str, members: Iterable[type], text: str) -> str:
    return _comment(text) + f"export type {name} =\n" + "\n".join(f"  | {one.__name__}" for one in members) + ";\n"


def interface(name: str, text: str, lines: Iterable[str]) -> str:
    """An exported interface with its comment."""
    body = "".join(f"  {line}\n" for line in lines)
    return _comment(text) + f"export interface {name} {{\n{body}}}\n"


def _comment(text: str) -> str:
    return "".join(f"{line}\n" for line in _lines(text))


def _lines(text: str) -> list[str]:
    """A text as the lines of a comment."""
    if not text:
        return []
    if "\n" not in text:
        return [f"/** {text} */"]
    return ["/**", *(f" * {line}".rstrip() for line in text.splitlines()), " */"]
