"""SQL of the Telegram-compatible endpoint: which bots use it, and the updates that wait for them."""

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.types import ContactId, Revision, Seconds


class Use(Struct, frozen=True):
    """How a bot gets its updates; see the table bots.telegram."""

    bot: ContactId
    rev: Revision
    used_time: Seconds
    allowed: list[str]
    webhook: str
    secret: str
    certificate: str
    connections: int
    error_time: Seconds
    error: str


class Update(Struct, frozen=True):
    """One update; `payload` is the JSON of the object called `kind`."""

    id: int
    kind: str
    payload: str


async def uses(tx: Transaction) -> list[Use]:
    """Every bot that ever used the endpoint and is not deleted."""
    return await tx.rows(
        "select t.bot, t.rev, t.used_time, t.allowed, t.webhook, t.secret, t.certificate, t.connections,"
        " t.error_time, t.error from bots.telegram t join bots.bot b on b.cid = t.bot where not b.deleted",
        kind=Use,
    )


async def use(tx: Transaction, bot: ContactId) -> Use | None:
    """How one bot uses the endpoint."""
    return await tx.row(
        "select bot, rev, used_time, allowed, webhook, secret, certificate, connections, error_time, error"
        " from bots.telegram where bot = %s",
        bot,
        kind=Use,
    )


async def begin(tx: Transaction, bot: ContactId, rev: Revision, now: Seconds) -> None:
    """The first use: from now on changes after `rev` become updates."""
    await tx.run(
        "insert into bots.telegram (bot, rev, used_time) values (%s, %s, %s) on conflict (bot) do nothing",
        bot,
        rev,
        now,
    )


async def used(tx: Transaction, bot: ContactId, now: Seconds) -> None:
    """The bot asked for updates."""
    await tx.run("update bots.telegram set used_time = %s where bot = %s", now, bot)


async def set_allowed(tx: Transaction, bot: ContactId, allowed: list[str]) -> None:
    """Which kinds of updates are wanted from now on."""
    await tx.run("update bots.telegram set allowed = %s where bot = %s", allowed, bot)


async def set_webhook(
    tx: Transaction, bot: ContactId, url: str, secret: str, certificate: str, connections: int, now: Seconds
) -> None:
    """Where updates are posted; an empty address ends that."""
    await tx.run(
        "update bots.telegram set webhook = %s, secret = %s, certificate = %s, connections = %s, used_time = %s,"
        " error = '', error_time = 0 where bot = %s",
        url,
        secret,
        certificate,
        connections,
        now,
        bot,
    )


async def post_failed(tx: Transaction, bot: ContactId, error: str, now: Seconds) -> None:
    """Remember why a post failed."""
    await tx.run("update bots.telegram set error = %s, error_time = %s where bot = %s", error, now, bot)


async def add(tx: Transaction, bot: ContactId, kind: str, payload: str, now: Seconds) -> int:
    """Append an update; its id."""
    number: int = await tx.value(
        "update bots.telegram set last_update = last_update + 1 where bot = %s returning last_update", bot
    )
    await tx.run(
        "insert into bots.telegram_update (bot, id, time, kind, payload) values (%s, %s, %s, %s, %s)",
        bot,
        number,
        now,
        kind,
        payload,
    )
    return number


async def caught_up(tx: Transaction, bot: ContactId, rev: Revision) -> None:
    """Changes up to `rev` are updates now."""
    await tx.run("update bots.telegram set rev = greatest(rev, %s) where bot = %s", rev, bot)


async def waiting(tx: Transaction, bot: ContactId, first: int, count: int) -> list[Update]:
    """Updates from the id `first` on, oldest first."""
    return await tx.rows(
        "select id, kind, payload from bots.telegram_update where bot = %s and id >= %s order by id limit %s",
        bot,
        first,
        count,
        kind=Update,
    )


async def waiting_count(tx: Transaction, bot: ContactId) -> int:
    """How many updates wait."""
    found: int = await tx.value("select count(*) from bots.telegram_update where bot = %s", bot)
    return found


async def first_of_last(tx: Transaction, bot: ContactId, count: int) -> int:
    """The id of the update that begins the last `count` ones; 0 when none waits."""
    found: int = await tx.value(
        "select coalesce(min(id), 0) from"
        " (select id from bots.telegram_update where bot = %s order by id desc limit %s) newest",
        bot,
        count,
    )
    return found


async def confirm(tx: Transaction, bot: ContactId, below: int) -> None:
    """The bot has every update with an id less than `below`."""
    await tx.run("delete from bots.telegram_update where bot = %s and id < %s", bot, below)


async def drop_all(tx: Transaction, bot: ContactId) -> None:
    """Forget what waits."""
    await tx.run("delete from bots.telegram_update where bot = %s", bot)


async def drop_old(tx: Transaction, before: Seconds) -> int:
    """Forget updates that nobody has fetched for too long; how many they were."""
    return await tx.run("delete from bots.telegram_update where time < %s", before)
