"""What a mass change writes into the journal of changes: one entry per batch, every contact with what became of it."""

from collections.abc import Sequence

from roschat.kernel import audit
from roschat.kernel.db import Transaction
from roschat.modules.server.roster.people import Person, differences
from roschat.modules.server.roster.writing import Change
from roschat.wire.message import Caller


async def record(tx: Transaction, caller: Caller, action: str, plan: int, changes: Sequence[Change]) -> None:
    """One entry for a batch of a plan; nothing for an empty one."""
    if not changes:
        return
    before: dict[str, dict[str, str]] = {}
    after: dict[str, dict[str, str]] = {}
    for change in changes:
        old = change.before or Person(change.after.cid)
        told = list(differences(old, change.after))
        cid = str(change.after.cid)
        before[cid] = {_key(one.what, one.name): one.before for one in told if one.before}
        after[cid] = {_key(one.what, one.name): one.after for one in told if one.after}
        if change.hash:
            after[cid]["password"] = audit.HIDDEN
    cids = sorted(change.after.cid for change in changes)
    subject = f"mass change {plan}: {len(cids)} contacts, {cids[0]}…{cids[-1]}"
    await audit.record(tx, caller, action, subject, before, after)


def _key(what: str, name: str) -> str:
    return f"{what} {name}".strip()
