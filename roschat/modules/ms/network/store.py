"""SQL of the network monitor: what was found last."""

from roschat.kernel.db import Transaction
from roschat.modules.ms.network.api import CheckKind, NetworkCheck


async def replace(tx: Transaction, checks: list[NetworkCheck]) -> None:
    """Keep these in the place of all others."""
    await tx.run("DELETE FROM ms.network_check")
    for one in checks:
        await tx.run(
            "INSERT INTO ms.network_check (kind, name, target, state, text, text_ru, fix, checked, duration) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, to_timestamp(%s), %s) ON CONFLICT DO NOTHING",
            one.kind.value, one.name, one.target, one.state, one.text, one.text_ru, one.fix, one.checked, one.duration,
        )  # fmt: skip


async def checks(tx: Transaction) -> list[NetworkCheck]:
    """What was found last."""
    return await tx.rows(
        "SELECT kind, name, target, state, text, text_ru, fix, extract(epoch FROM checked)::float8, duration "
        "FROM ms.network_check ORDER BY kind, name",
        kind=lambda kind, *rest: NetworkCheck(CheckKind(kind), *rest),
    )
