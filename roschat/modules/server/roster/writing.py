"""A batch of contacts written in one transaction: cards, numbers, accounts, services, and the news of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from roschat.kernel.clock import Clock
from roschat.kernel.db import Transaction
from roschat.modules.server.accounts import store as accounts
from roschat.modules.server.accounts.api import DevicesEnded
from roschat.modules.server.accounts.rules import login_key
from roschat.modules.server.contacts.api import AccountChanged, ContactServicesChanged
from roschat.modules.server.directory.api import ContactChanged, ContactView
from roschat.modules.server.roster.people import Person
from roschat.modules.server.roster.services import ServiceRules
from roschat.modules.server.roster.staff import store
from roschat.modules.server.roster.staff.store import NewAccount
from roschat.types import ContactId, DeviceId
from roschat.wire.session import SessionsEnded

Told = Callable[[Sequence[ContactView]], Awaitable[None]]
"""What the directory does with cards that were written: it takes them in and tells the people online."""


@dataclass(frozen=True)
class Change:
    """One contact: as it is (None: not there yet), as it shall be, and the hash of a new password."""

    before: Person | None
    after: Person
    hash: str = ""

    @property
    def gets_account(self) -> bool:
        """Whether it has no account yet and gets one."""
        return bool(self.after.login) and not (self.before and self.before.login)


async def write(tx: Transaction, changes: Sequence[Change], clock: Clock, reason: str) -> list[ContactView]:
    """Write the changes; `reason` is told to sockets that are closed. UniqueViolation when something is taken.

    Answers the cards that have a new revision, in the order of revisions; give them to `Told` after the commit.
    """
    now = clock.now()
    added = [change.after for change in changes if change.before is None]
    cards = [change.after for change in changes if change.before and _card_differs(change.before, change.after)]
    views = await store.add_cards(tx, added, now) if added else []
    views += await store.change_cards(tx, cards, now) if cards else []
    if numbered := [
        change.after
        for change in changes
        if (change.before.values("number") if change.before else []) != change.after.values("number")
    ]:
        await store.put_numbers(tx, numbered)
    await _write_accounts(tx, changes, now, reason)
    await _write_services(tx, changes)
    for view in views:
        tx.emit(ContactChanged(view))
    return views


async def _write_accounts(tx: Transaction, changes: Sequence[Change], now: float, reason: str) -> None:
    lost = [c.after.cid for c in changes if c.before and c.before.login and not c.after.login]
    if lost:
        await store.delete_accounts(tx, lost)
    put = [
        NewAccount(c.after.cid, c.after.login, login_key(c.after.login), c.hash)
        for c in changes
        if c.after.login and (c.hash or c.gets_account or (c.before and c.before.login != c.after.login))
    ]
    if put:
        await store.put_accounts(tx, put, now)
    for cid in (*lost, *(one.cid for one in put)):
        tx.emit(AccountChanged(cid))
    signed_out = [c.after.cid for c in changes if c.hash and c.before and c.before.login]
    for cid in (*lost, *signed_out):
        await _sign_out(tx, cid, now, reason)


async def _sign_out(tx: Transaction, cid: ContactId, now: float, reason: str) -> None:
    ended = await accounts.end_other_devices(tx, cid, DeviceId(""), now)
    if ended:
        tx.emit(DevicesEnded(cid, tuple(ended)))
    tx.emit(SessionsEnded(cid, reason=reason))


async def _write_services(tx: Transaction, changes: Sequence[Change]) -> None:
    served = [c.after for c in changes if (dict(c.before.services) if c.before else {}) != dict(c.after.services)]
    if not served:
        return
    granted = [one for person in served for one in ServiceRules.granted(person)]
    await store.put_services(tx, [person.cid for person in served], granted)
    for person in served:
        tx.emit(ContactServicesChanged(person.cid, tuple(sorted(person.services))))


def _card_differs(before: Person, after: Person) -> bool:
    return (before.fields, before.active, before.removed) != (after.fields, after.active, after.removed)
