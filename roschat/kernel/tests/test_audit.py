"""The journal of changes: what it keeps, what it hides, how it is searched."""

import pytest

from roschat.kernel import audit
from roschat.kernel.audit import HIDDEN, Search
from roschat.kernel.db import Database
from roschat.types import Role
from roschat.wire.message import Caller, Message, Secret

ANNA = Caller(Role.ADMIN, address="10.0.0.7", name="anna", request="r1")


class Login(Message, frozen=True):
    """A value with a secret."""

    user_name: str
    password: Secret = ""


async def test_a_change_is_kept_without_its_secrets(db: Database) -> None:
    async with db.transaction() as tx:
        await audit.record(tx, ANNA, "mail-change", "mail", Login("old"), [Login("new", "hunter2")])
        [entry] = await audit.entries(tx, Search())
    assert (entry.who, entry.role, entry.address, entry.action, entry.subject) == (
        "anna", "admin", "10.0.0.7", "mail-change", "mail",
    )  # fmt: skip
    assert entry.before == {"userName": "old", "password": ""}
    assert entry.after == [{"userName": "new", "password": HIDDEN}]


async def test_a_request_is_recorded_once(db: Database) -> None:
    async with db.transaction() as tx:
        await audit.record(tx, ANNA, "mail-change", "mail")
        await audit.record_request(tx, ANNA, "PUT /mail", "mail", None)
        other = Caller(Role.ADMIN, name="ben", request="r2")
        await audit.record_request(tx, other, "PUT /mail", "mail", {"a": 1})
        assert [entry.action for entry in await audit.entries(tx, Search())] == ["PUT /mail", "mail-change"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(who="ben"), ["role-add"]),
        (Search(action="mail"), ["mail-change"]),
        (Search(text="OPERAT"), ["role-add"]),
        (Search(until=1.0), []),
        (Search(count=1), ["role-add"]),
    ],
)
async def test_it_is_searched(db: Database, search: Search, found: list[str]) -> None:
    async with db.transaction() as tx:
        await audit.record(tx, ANNA, "mail-change", "mail")
        await audit.record(tx, Caller(Role.ADMIN, name="ben"), "role-add", "Operators")
        assert [entry.action for entry in await audit.entries(tx, search)] == found


async def test_old_entries_are_forgotten(db: Database) -> None:
    async with db.transaction() as tx:
        await audit.record(tx, ANNA, "mail-change", "mail")
        assert await audit.forget(tx, 1.0) == 0
        assert await audit.forget(tx, 4e9) == 1
