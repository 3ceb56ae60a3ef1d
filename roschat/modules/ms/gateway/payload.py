"""A request over HTTP as the payload of a command: path, query and body put together and looked at.

Names are checked against the declaration, nested ones too, so that a misspelt field is refused instead of ignored; and
values that no command can store (numbers beyond 64 bits, NUL characters, halves of characters) do not travel further.
"""

import math
import types
import typing
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct, structs

from roschat.kernel.errors import Invalid
from roschat.kernel.options import did_you_mean
from roschat.wire.rest import Rest

LARGEST = 2**63 - 1
FIELDS_AT_MOST = 2000
"""Keys of a query."""


def of_query(way: Rest, query: str) -> dict[str, Any]:
    """The fields in a query: a list field takes every value of its key, any other field one; a struct is JSON."""
    kinds = fields(way.declaration.type)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=FIELDS_AT_MOST, errors="strict")
    except ValueError:
        raise Invalid(f"The query is not well-formed UTF-8, or has more than {FIELDS_AT_MOST} fields.") from None
    found: dict[str, Any] = {}
    for key, text in pairs:
        value = _structured(kinds.get(key), text)
        if is_list(kinds.get(key)):
            found.setdefault(key, []).append(value)
        elif key in found:
            raise Invalid(f"The field {key!r} is given twice; it takes one value.")
        else:
            found[key] = value
    return found


def _structured(kind: Any, text: str) -> Any:
    """A struct in a query is written as JSON; anything else is its text."""
    if text[:1] == "{" and struct_in(item(kind) or kind) is not None:
        return msgspec.json.decode(text)
    return text


def of_body(content: bytes) -> dict[str, Any]:
    """The fields in a JSON body; an empty one has none."""
    if not content.strip():
        return {}
    found = msgspec.json.decode(content)
    if not isinstance(found, dict):
        raise Invalid("The body must be a JSON object.")
    return found


def command(way: Rest, params: Mapping[str, str], given: Mapping[str, Any]) -> Any:
    """The command, from the named parts of the path and the other fields. Raises Invalid."""
    for name in params.keys() & given.keys():
        raise Invalid(f"The field {name!r} stands in the path already; leave it out elsewhere.")
    payload = {**given, **params}
    declaration = way.declaration
    check_names(declaration.type, payload, "")
    check_values(payload)
    try:
        made = declaration.decoder.decode(msgspec.json.encode(payload))
    except msgspec.ValidationError as error:
        raise Invalid(f"The request does not have the form it should: {error}.") from None
    # Numbers may have come as text.
    check_values(made)
    return made


def check_names(kind: Any, value: Any, where: str) -> None:
    """Raise Invalid for a field that a struct in `kind` does not have."""
    if isinstance(value, dict):
        inner = struct_in(kind)
        if inner is not None:
            known = fields(inner)
            for name, held in value.items():
                if name not in known:
                    raise Invalid(f"There is no field {where + name!r}{did_you_mean(name, known)}")
                check_names(known[name], held, f"{where}{name}.")
    elif isinstance(value, list):
        of = item(kind)
        for index, held in enumerate(value):
            check_names(of, held, f"{where}{index}.")


def check_values(value: Any) -> None:
    """Raise Invalid for a value that cannot be kept."""
    match value:
        case bool() | None:
            return
        case float():
            if not math.isfinite(value):
                raise Invalid("A number is infinite, or none.")
        case int():
            if not -LARGEST <= value <= LARGEST:
                raise Invalid("A number is beyond 64 bits.")
        case str():
            if "\0" in value or not encodable(value):
                raise Invalid("A text holds a NUL character or half of a character.")
        case dict():
            for key, held in value.items():
                check_values(key)
                check_values(held)
        case list():
            for held in value:
                check_values(held)
        case Struct():
            for name in value.__struct_fields__:
                check_values(getattr(value, name))


def encodable(text: str) -> bool:
    """Whether a text is whole characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def fields(kind: type[Struct]) -> dict[str, Any]:
    """The types of a struct's fields by their names on the wire."""
    hints = typing.get_type_hints(kind)
    return {one.encode_name: hints[one.name] for one in structs.fields(kind)}


def is_list(kind: Any) -> bool:
    """Whether a field takes several values."""
    return any(typing.get_origin(part) in (list, tuple, set, frozenset) for part in _members(kind))


def item(kind: Any) -> Any:
    """The type of what is in a list; None when `kind` is no list."""
    for part in _members(kind):
        if typing.get_origin(part) in (list, tuple, set, frozenset):
            return typing.get_args(part)[0]
    return None


def struct_in(kind: Any) -> type[Struct] | None:
    """The one struct that an object of this type is; None for mappings, unions of structs and raw values."""
    found = [part for part in _members(kind) if isinstance(part, type) and issubclass(part, Struct)]
    return found[0] if len(found) == 1 else None


def _members(kind: Any) -> Iterable[Any]:
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        for part in typing.get_args(kind):
            yield from _members(part)
    else:
        yield kind
