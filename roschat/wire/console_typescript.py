"""The ways of `wire/rest.py` as TypeScript: `web/console/src/api/generated.ts`, which types every call of the console.

Every way is a key `METHOD /path` with what is asked and what comes back. The key itself says which fields stand in the
path; nothing else is needed at run time, so the file is types alone.
"""

import json
from collections.abc import Iterable

from roschat.wire import describe, rest, typescript
from roschat.wire.rest import Rest, Stream

HEAD = """\
// The HTTP API of the console. Written by scripts/generate from the declarations in api.py files; do not edit.
//
// Fields marked `?` are left out when they have their default, which the comment names; they are never null.
"""


def ways() -> str:
    """The whole file."""
    known = list(rest.ways())
    roots = [kind for way in known for kind in (way.declaration.type, describe.reply_of(way.declaration))]
    chunks = [HEAD, *(typescript.named(kind) for kind in describe.reached(roots))]
    meaning = "Ways to commands under /api/v1: path fields in braces, the others in the query or the JSON body."
    chunks.append(typescript.interface("Ways", meaning, (line for way in known for line in _way(way))))
    chunks.append(_streams(rest.streams()))
    return "\n".join(chunks)


def _way(way: Rest) -> list[str]:
    request, reply = way.declaration.type.__name__, typescript.reference(describe.reply_of(way.declaration))
    summary = describe.meaning(way.declaration.type).split("\n")[0]
    return [f"/** {summary} */", f"{_key(way)}: {{ request: {request}; reply: {reply} }};"]


def _streams(streams: Iterable[Stream]) -> str:
    lines = [f"  | {_key(way)}" for way in streams] or ["  never"]
    return "/** Ways that are no commands: what they take or give is streamed. */\nexport type Streams =\n" + (
        "\n".join(lines) + ";\n"
    )


def _key(way: Rest | Stream) -> str:
    return json.dumps(f"{way.method} {way.path}")
