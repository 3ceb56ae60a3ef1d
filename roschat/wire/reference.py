"""The declarations as a page to read: `docs/protocol.md`, for those who write bots and clients."""

import enum
import re
import typing
from collections.abc import Iterable
from typing import Any

import msgspec

from roschat.types import Role
from roschat.wire import describe, typescript
from roschat.wire.declare import Declaration, declared

HEAD = """\
# Client protocol

<!-- Written by scripts/generate from the declarations in api.py files; do not edit. -->

Clients and bots speak Socket.IO (Engine.IO 3 or 4, WebSocket or long polling). A **command** is an event sent to the
server with one JSON argument and an acknowledgement; the acknowledgement gets the reply. An **event** comes from the
server with one JSON argument.

* A field that has its default value is left out, so an optional field is absent and never null.
* Numbers may be sent as strings. Times are Unix time in whole seconds.
* A refused command is answered `{"error": code, "text": sentence}`. Besides the codes a command names:
  `not-authorized` (sign in first), `access-denied` (not allowed to this caller), `bad-request` (a value breaks a rule),
  `not-found` (there is no such thing, or the caller may not know of it), `too-large`, `too-many-requests` (try later),
  `unavailable` (something is away; nothing was changed, try again), `unknown` (a defect of the server).
"""

_SECTIONS = (
    ("Commands of people", (Role.PERSON,)),
    ("Commands of bots", (Role.BOT,)),
    ("Commands of developers", (Role.DEVELOPER,)),
)
_CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


def protocol() -> str:
    """The whole page."""
    chunks = [HEAD]
    told: set[str] = set()
    roots: list[Any] = list(describe.bodies())
    for title, roles in _SECTIONS:
        commands = [one for one in describe.commands_of(roles) if one.name not in told]
        told |= {one.name for one in commands}
        roots += [kind for one in commands for kind in (one.type, describe.reply_of(one))]
        chunks += _section(title, map(_command, commands))
    events = describe.client_events()
    roots += [one.type for one in events]
    chunks += _section("Events", map(_event, events))
    shown = {one.type for one in (*events, *describe.commands_of(Role))}
    values = [kind for kind in describe.reached(roots) if kind not in shown]
    chunks += _section("Values", map(_value, values))
    return "\n".join(chunks)


def _section(title: str, parts: Iterable[str]) -> list[str]:
    inside = list(parts)
    return [f"## {title}\n", *inside] if inside else []


def _command(one: Declaration) -> str:
    callers = ", ".join(sorted(role.value for role in one.access if role is not Role.SYSTEM))
    who = "anyone, signed in or not" if one.access == frozenset(Role) else callers
    lines = [f"### {one.name}\n", describe.meaning(one.type) + "\n", f"*Who:* {who}."]
    if one.bare:
        lines[-1] += f" The argument may also be the value of `{one.bare}` alone."
    lines[-1] += f" *Reply:* {_type(describe.reply_of(one))}."
    if codes := sorted(code for code in set(_CODE.findall(describe.meaning(one.type))) if declared(code) is None):
        lines[-1] += f" *Errors of its own:* {', '.join(f'`{code}`' for code in codes)}."
    return "\n".join([*lines, "", *_table(one.type)])


def _event(one: Declaration) -> str:
    return "\n".join([f"### {one.name}\n", describe.meaning(one.type) + "\n", *_table(one.type)])


def _value(kind: Any) -> str:
    title = f"### {kind.__name__}\n"
    if isinstance(kind, typing.NewType):
        return "\n".join([title, f"{_type(kind.__supertype__)}. {describe.named_meaning(kind)}\n"])
    lines = [title, describe.meaning(kind) + "\n"]
    if issubclass(kind, enum.Enum):
        return "\n".join([*lines, "One of " + ", ".join(f'`"{member.value}"`' for member in kind) + ".\n"])
    return "\n".join([*lines, *_table(kind)])


def _table(cls: type[msgspec.Struct]) -> list[str]:
    rows = [
        f"| `{field.name}` | {_type(field.type)} | {_need(field)} | {field.meaning.replace('|', chr(92) + '|')} |"
        for field in describe.fields(cls)
    ]
    if (tag := describe.tag(cls)) is not None:
        rows.insert(0, f'| `{tag[0]}` | `"{tag[1]}"` | needed | |')
    if not rows:
        return []
    rows = [re.sub(r" +\|$", " |", row) for row in rows]
    return ["| field | type | default | meaning |", "|---|---|---|---|", *rows, ""]


def _need(field: describe.Field) -> str:
    if field.needed:
        return "needed"
    return "absent" if field.default is None else f"`{msgspec.json.encode(field.default).decode()}`"


def _type(kind: Any) -> str:
    """A type as in TypeScript, its own names linked to where they are told."""
    written = typescript.reference(kind).replace(" | null", "").replace("|", "or")
    return re.sub(r"\b([A-Z]\w+)\b", lambda found: _link(found[1]), written).replace("[]", "\\[]")


def _link(name: str) -> str:
    return name if name == "Record" else f"[{name}](#{name.lower()})"
