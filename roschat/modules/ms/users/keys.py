"""Keys that programs use the API with: `Authorization: Bearer rk_…`. Only the SHA-256 of a key is kept."""

import secrets

from msgspec import structs

from roschat.kernel import audit
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import NotFound
from roschat.kernel.formats import refuse
from roschat.modules.ms.users import store
from roschat.modules.ms.users.api import AddApiKey, ApiKey, ConsoleRole, NewApiKey, Scope
from roschat.modules.ms.users.rules import token_hash
from roschat.modules.ms.users.sign_in import KEY_START
from roschat.types import Role, Seconds
from roschat.wire import rest
from roschat.wire.message import Caller

NAME_LONGEST = 100
SHOWN = 10
"""Characters of a key that are kept to recognise it by."""
FAR = 4_102_444_800
"""The year 2100; a later end is a mistake."""
PERSONAL = frozenset({"session", "account"})
"""Ways that need a user."""


class Keys:
    """See the module docstring."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def listed(self) -> list[ApiKey]:
        """All keys, the newest first."""
        async with self._db.reading() as tx:
            return await store.keys(tx)

    async def add(self, command: AddApiKey, caller: Caller) -> NewApiKey:
        """See the command. Raises Invalid with `fields`."""
        name, now = command.name.strip(), self._clock.seconds()
        known = {scope.name for scope in scopes()}
        refuse({
            "name": "empty" if not name else "too-long" if len(name) > NAME_LONGEST else "",
            "scopes": "unknown" if set(command.scopes) - known else "",
            "expires": "bad-value" if command.expires and not now < command.expires < FAR else "",
        })  # fmt: skip
        token = KEY_START + secrets.token_urlsafe(32)
        key = ApiKey(
            0, name, command.role, sorted(set(command.scopes)), command.read_only, token[:SHOWN], now,
            caller.name or caller.role.value, command.expires, Seconds(0),
        )  # fmt: skip
        async with self._db.transaction() as tx:
            number = await store.add_key(tx, key, token_hash(token))
            await audit.record(tx, caller, "api-key-add", name, None, structs.replace(key, id=number))
        return NewApiKey(number, token)

    async def delete(self, number: int, caller: Caller) -> None:
        """Delete a key. Raises NotFound."""
        async with self._db.transaction() as tx:
            name = await store.delete_key(tx, number)
            if name is None:
                raise NotFound(f"There is no API key {number}.")
            await audit.record(tx, caller, "api-key-delete", name)


def scopes() -> list[Scope]:
    """The tags of all ways, with the console roles that reach any of each."""
    found: dict[str, set[Role]] = {}
    for way in rest.ways():
        found.setdefault(way.tag, set()).update(way.declaration.access)
    for stream in rest.streams():
        found.setdefault(stream.tag, set()).update(stream.access)
    return [
        Scope(tag, [role for role in ConsoleRole if Role(role) in roles])
        for tag, roles in sorted(found.items())
        if tag not in PERSONAL and any(Role(role) in roles for role in ConsoleRole)
    ]
