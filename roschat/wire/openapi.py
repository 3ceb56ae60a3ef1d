"""The API of the console as an OpenAPI 3.1 document, written from the declarations and from nothing else.

Every way of `wire/rest.py` is an operation: path, query and body are the fields of its command, the answer is its
reply, descriptions are the docstrings of the sources. `statuses` says which HTTP status each error code has; all of
them are told for every operation, because a caller has to expect them.
"""

import typing
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from roschat.types import Role
from roschat.wire import describe
from roschat.wire.message import Grant
from roschat.wire.rest import COOKIE, PREFIX, Rest, Stream

OPENAPI = "3.1.0"
REF = "#/components/schemas/{name}"
NOT_TOLD = frozenset({405, 416, 500})
"""Statuses that are no answer to an operation that is there: another method, a range, a defect."""
WITHOUT_BODY = ("GET", "DELETE")
LARGEST = 2**63 - 1

MEANINGS = {
    400: "A value breaks a rule; `fields` says which and why",
    401: "Nobody is signed in, or the key is none of this server",
    403: "The role or the key may not do this, or the password must be changed first",
    404: "There is no such thing",
    408: "The request did not come in time",
    413: "The body is too large",
    429: "Too many requests or wrong passwords; try again later",
    503: "A part that is needed is away; try again later",
    507: "There is no space left",
}


def document(
    ways: Iterable[Rest], streams: Iterable[Stream], statuses: Mapping[str, int], version: str
) -> dict[str, Any]:
    """The whole document in plain JSON types."""
    ways, streams = list(ways), list(streams)
    schemas = _Schemas(ways)
    paths: dict[str, dict[str, Any]] = {}
    responses = _errors(statuses)
    errors = {status: {"$ref": f"#/components/responses/{status}"} for status in responses}
    for way in ways:
        paths.setdefault(PREFIX + way.path, {})[way.method.lower()] = _operation(way, schemas, errors)
    for stream in streams:
        paths.setdefault(PREFIX + stream.path, {})[stream.method.lower()] = _streamed(stream, errors)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "RosChat management API",
            "version": version,
            "description": "All that the management console does. Sign in with POST /session, or send an API key.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in sorted({way.tag for way in ways} | {stream.tag for stream in streams})],
        "security": [{"session": []}, {"key": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {**schemas.components, "Error": _ERROR},
            "responses": responses,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by POST /session."},
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, rk_…"},
            },
        },
    }


_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "A refusal: a stable code, one sentence, and for bad values the reason of each.",
    "required": ["error"],
    "properties": {
        "error": {"type": "string"},
        "text": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


class _Schemas:
    """The JSON schemas of everything that the ways speak of; equal names are equal types (describe.reached)."""

    def __init__(self, ways: list[Rest]) -> None:
        kinds: list[Any] = []
        for way in ways:
            kinds += [one.type for one in describe.fields(way.declaration.type)]
            kinds.append(describe.reply_of(way.declaration))
        kinds = [_shown(kind) for kind in kinds]
        found, self.components = msgspec.json.schema_components(kinds, ref_template=REF)
        self._found = dict(zip(map(_key, kinds), found, strict=True))
        for kind in describe.reached(kinds):
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__name__ in self.components:
                self._explain(kind, self.components[kind.__name__])
        self.components = {name: _bounded(schema) for name, schema in sorted(self.components.items())}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type that a way speaks of."""
        return dict(_bounded(self._found[_key(_shown(kind))]))

    def fields(self, way: Rest) -> dict[str, tuple[describe.Field, dict[str, Any]]]:
        """The fields of a command with their schemas, by name."""
        kind = way.declaration.type
        secret = _secrets(kind)
        found = {}
        for one in describe.fields(kind):
            schema = self.of(one.type)
            if one.meaning:
                schema["description"] = one.meaning
            if one.name in secret:
                schema |= {"format": "password", "writeOnly": True}
            if not one.needed:
                schema["default"] = msgspec.to_builtins(one.default, enc_hook=str)
            found[one.name] = one, schema
        return found

    def _explain(self, kind: type[msgspec.Struct], schema: dict[str, Any]) -> None:
        for one in describe.fields(kind):
            if one.meaning and one.name in schema.get("properties", {}):
                schema["properties"][one.name]["description"] = one.meaning


def _operation(way: Rest, schemas: _Schemas, errors: dict[str, Any]) -> dict[str, Any]:
    declaration = way.declaration
    summary, _, more = describe.meaning(declaration.type).partition("\n\n")
    fields = schemas.fields(way)
    in_path = [part[1:-1] for part in way.path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": fields[name][1]} for name in in_path]
    rest = {name: found for name, found in fields.items() if name not in in_path}
    entering = typing.get_origin(declaration.reply) is Grant
    operation: dict[str, Any] = {
        "operationId": declaration.name,
        "tags": [way.tag],
        "summary": " ".join(summary.split()),
        "x-roles": _roles(declaration.access),
    }
    if more:
        operation["description"] = more
    if way.method in WITHOUT_BODY:
        parameters += [
            {"name": name, "in": "query", "required": field.needed, "schema": schema}
            for name, (field, schema) in rest.items()
        ]
    else:
        needed = [name for name, (field, _) in rest.items() if field.needed]
        body: dict[str, Any] = {"type": "object", "properties": {name: schema for name, (_, schema) in rest.items()}}
        if needed:
            body["required"] = needed
        body["additionalProperties"] = False
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if parameters:
        operation["parameters"] = parameters
    if entering:
        operation["security"] = []
    reply = schemas.of(describe.reply_of(declaration))
    good: dict[str, Any] = {"description": "Done", "content": {"application/json": {"schema": reply}}}
    if entering:
        good["headers"] = {"set-cookie": {"schema": {"type": "string"}, "description": f"{COOKIE}=…"}}
    operation["responses"] = {"200": good, **errors}
    return operation


def _streamed(stream: Stream, errors: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in stream.path.split("/")
        if part.startswith("{")
    ]
    operation: dict[str, Any] = {
        "operationId": f"{stream.method.lower()}{stream.path.replace('/', '-').replace('{', '').replace('}', '')}",
        "tags": [stream.tag],
        "summary": stream.summary,
        "x-roles": _roles(stream.access),
        "x-streamed": True,
    }
    if parameters:
        operation["parameters"] = parameters
    if stream.takes:
        binary = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": {stream.takes: binary}}
    content: dict[str, Any] = {stream.gives or "application/json": {"schema": {}}}
    operation["responses"] = {"200": {"description": "Done", "content": content}, **errors}
    return operation


def _errors(statuses: Mapping[str, int]) -> dict[str, Any]:
    codes: dict[int, list[str]] = {}
    for code, status in statuses.items():
        codes.setdefault(status, []).append(code)
    content = {"application/json": {"schema": {"$ref": REF.format(name="Error")}}}
    return {
        str(status): {"description": f"{MEANINGS.get(status, 'Refused')}: {', '.join(names)}", "content": content}
        for status, names in sorted(codes.items())
        if status not in NOT_TOLD
    }


def _roles(access: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in access if role is not Role.SYSTEM)


def _secrets(kind: type[msgspec.Struct]) -> set[str]:
    """The wire names of the fields that are never shown back."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {one.encode_name for one in msgspec.structs.fields(kind) if _is_secret(hints[one.name])}


def _is_secret(hint: Any) -> bool:
    notes = typing.get_args(hint)[1:] if typing.get_origin(hint) is typing.Annotated else ()
    return any(isinstance(note, msgspec.Meta) and bool((note.extra or {}).get("secret")) for note in notes)


def _shown(kind: Any) -> Any:
    """The type without our notes: of an already encoded value what it holds."""
    shape = describe.shape_of(kind)
    return kind if shape is None else shape


def _key(kind: Any) -> str:
    return repr(kind)


def _bounded(schema: Any) -> Any:
    """Numbers have 64 bits here, and texts no NUL character."""
    if isinstance(schema, list):
        return [_bounded(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    bounded = {key: _bounded(value) for key, value in schema.items()}
    if bounded.get("type") == "integer":
        bounded = {"format": "int64", "minimum": -LARGEST, "maximum": LARGEST, **bounded}
    return bounded
