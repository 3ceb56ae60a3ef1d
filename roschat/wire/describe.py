"""What the declarations say about themselves, for the generators: fields, meanings, and every struct they reach.

Meanings are the strings written under classes and fields in the sources; Python drops the latter, so they are read with
`ast`.
"""

import ast
import enum
import functools
import importlib
import inspect
import textwrap
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import roschat
from roschat.types import Role
from roschat.wire import conversation
from roschat.wire.declare import Declaration, Shape, declarations
from roschat.wire.message import ClientEvent, Command, Grant

ABSENT = msgspec.NODEFAULT
"""The default of a field that must be given."""


@dataclass(frozen=True)
class Field:
    """One field as it stands on the wire. `default` is ABSENT for a field that must be given."""

    name: str
    type: Any
    default: Any
    meaning: str

    @property
    def needed(self) -> bool:
        """Whether the field is always there."""
        return self.default is ABSENT


def import_declarations() -> None:
    """Import every `modules/**/api.py`, so that the register is complete."""
    root = Path(roschat.__file__).parent
    for path in sorted(root.glob("modules/**/api.py")):
        importlib.import_module(".".join(("roschat", *path.relative_to(root).with_suffix("").parts)))


def commands_of(roles: Iterable[Role]) -> list[Declaration]:
    """Commands that callers in any of these roles may send, by name."""
    wanted = frozenset(roles)
    return [one for one in _ours() if issubclass(one.type, Command) and one.access & wanted]


def client_events() -> list[Declaration]:
    """Events that reach sockets, by name."""
    return [one for one in _ours() if issubclass(one.type, ClientEvent)]


def _ours() -> list[Declaration]:
    """What the program declares; tests declare messages of their own in the same register."""
    return [one for one in declarations() if one.type.__module__.startswith(("roschat.wire.", "roschat.modules."))]


def reply_of(command: Declaration) -> Any:
    """What a client gets back: the inside of a `Grant`, else the reply itself."""
    if typing.get_origin(command.reply) is Grant:
        return typing.get_args(command.reply)[0]
    return command.reply


def bodies() -> list[type[conversation.Body]]:
    """The bodies that `data` of a message may hold: the leaves below `Body`."""
    found: list[type[conversation.Body]] = []
    bases = [conversation.Body]
    while bases:
        for cls in bases.pop(0).__subclasses__():
            (bases if cls.__subclasses__() else found).append(cls)
    return found


def meaning(cls: type) -> str:
    """The text under a class's name, unwrapped of indentation."""
    return inspect.cleandoc(cls.__doc__ or "")


def fields(cls: type[msgspec.Struct]) -> list[Field]:
    """The fields of a struct, those that must be given first."""
    found = [
        Field(one.encode_name, one.type, _default(one), _field_meaning(cls, one.name))
        for one in msgspec.structs.fields(cls)
    ]
    return sorted(found, key=lambda one: not one.needed)


def tag(cls: type[msgspec.Struct]) -> tuple[str, str] | None:
    """The name and value of the field that tells a struct of a union apart, or None."""
    config = cls.__struct_config__
    return (str(config.tag_field), str(config.tag)) if config.tag_field and config.tag is not None else None


def parts(kind: Any) -> tuple[Any, ...]:
    """The types directly inside a type: arguments, the supertype of a NewType, the shape of an encoded value."""
    if (shape := shape_of(kind)) is not None:
        return (shape,)
    if typing.get_origin(kind) is typing.Annotated:
        return (typing.get_args(kind)[0],)
    if typing.get_origin(kind) is typing.Literal:
        return ()
    return tuple(part for part in typing.get_args(kind) if part not in (Ellipsis, types.NoneType))


def shape_of(kind: Any) -> Any:
    """What the annotation of an encoded value says that it holds, or None."""
    if typing.get_origin(kind) is not typing.Annotated:
        return None
    return next((note.type for note in typing.get_args(kind)[1:] if isinstance(note, Shape)), None)


def reached(roots: Iterable[Any]) -> list[Any]:
    """Every struct, enumeration and NewType that the types `roots` are made of, in the order of the sources.

    Raises ValueError when two different ones have the same name.
    """
    found: dict[str, Any] = {}
    for kind in _walk(roots, set()):
        name = kind.__name__
        if found.setdefault(name, kind) is not kind:
            there = found[name].__module__
            raise ValueError(f"{name} is declared in {there} and in {kind.__module__}: rename one of them")
    return sorted(found.values(), key=lambda kind: ("modules" in kind.__module__, kind.__module__, _line(kind)))


def _walk(kinds: Iterable[Any], seen: set[Any]) -> Iterator[Any]:
    for kind in kinds:
        struct = inspect.isclass(kind) and issubclass(kind, msgspec.Struct)
        if not struct and not isinstance(kind, (typing.NewType, enum.EnumType)):
            yield from _walk(parts(kind), seen)
        elif kind not in seen:
            seen.add(kind)
            yield kind
            if struct:
                yield from _walk((field.type for field in fields(kind)), seen)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _field_meaning(cls: type, name: str) -> str:
    for base in cls.__mro__:
        if base.__module__.startswith("roschat."):
            text = _source(base.__module__).meanings.get((base.__qualname__, name))
            if text is not None:
                return text
    return ""


def _line(kind: Any) -> int:
    return _source(kind.__module__).lines.get(kind.__qualname__, 0)


def named_meaning(kind: Any) -> str:
    """The text under a NewType in its source."""
    return _source(kind.__module__).meanings.get(("", kind.__name__), "")


@dataclass(frozen=True)
class _Source:
    meanings: dict[tuple[str, str], str]
    lines: dict[str, int]


@functools.cache
def _source(module: str) -> _Source:
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    source = _Source({}, {})
    _read("", tree.body, source)
    return source


def _read(owner: str, body: list[ast.stmt], source: _Source) -> None:
    for at, node in enumerate(body):
        match node:
            case ast.ClassDef():
                source.lines[node.name] = node.lineno
                _read(node.name, node.body, source)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                source.lines.setdefault(name, node.lineno)
                match body[at + 1 : at + 2]:
                    case [ast.Expr(value=ast.Constant(value=str() as text))]:
                        source.meanings[owner, name] = " ".join(textwrap.dedent(text).split())
