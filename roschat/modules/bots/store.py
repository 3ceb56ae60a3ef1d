"""All SQL of the module, in PostgreSQL schema `bots`."""

from typing import Any

from msgspec import Struct
from psycopg.types.json import Jsonb

from roschat.kernel.db import Transaction
from roschat.types import ContactId, FileName, PeerKind, Seconds


class Bot(Struct, frozen=True):
    """A bot as it is stored; `developer` 0 is the administrator."""

    cid: ContactId
    developer: int
    name: str
    title: str
    description: str
    greeting: str
    commands: list[str]
    icon: FileName
    token_hash: bytes
    disabled: bool = False


class Developer(Struct, frozen=True):
    """An account of the developers' panel."""

    id: int
    login: str
    password_hash: str
    name: str
    blocked: bool = False


class StoredKeyboard(Struct, frozen=True):
    """A chat keyboard; `buttons` is the JSON of its rows."""

    bot: ContactId
    buttons: list[Any]
    action: str


async def all_bots(tx: Transaction) -> list[Bot]:
    """Every bot that is not deleted."""
    return await tx.rows(
        "select cid, coalesce(developer, 0), name, title, description, greeting, commands, icon, token_hash, disabled"
        " from bots.bot where not deleted order by cid",
        kind=Bot,
    )


async def save_bot(tx: Transaction, bot: Bot) -> None:
    """Insert a bot or replace what is stored of it. UniqueViolation when another live bot has its name."""
    await tx.run(
        "insert into bots.bot (cid, developer, name, title, description, greeting, commands, icon, token_hash)"
        " values (%s, nullif(%s, 0), %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (cid) do update set name = excluded.name, title = excluded.title,"
        " description = excluded.description, greeting = excluded.greeting, commands = excluded.commands,"
        " icon = excluded.icon, token_hash = excluded.token_hash",
        bot.cid,
        bot.developer,
        bot.name,
        bot.title,
        bot.description,
        bot.greeting,
        bot.commands,
        bot.icon,
        bot.token_hash,
    )


async def delete_bot(tx: Transaction, cid: ContactId) -> None:
    """Take a bot out; its name is free again."""
    await tx.run("update bots.bot set deleted = true, token_hash = '' where cid = %s", cid)
    await tx.run("delete from bots.keyboard where bot = %s", cid)


async def save_developer(tx: Transaction, login: str, password_hash: str, name: str) -> int:
    """Insert an account or replace its password and name; its id."""
    found: int = await tx.value(
        "insert into bots.developer (login, password_hash, name) values (%s, %s, %s)"
        " on conflict (login) do update set password_hash = excluded.password_hash, name = excluded.name returning id",
        login,
        password_hash,
        name,
    )
    return found


async def developer(tx: Transaction, login: str) -> Developer | None:
    """The account of a folded login."""
    return await tx.row(
        "select id, login, password_hash, name, blocked from bots.developer where login = %s", login, kind=Developer
    )


async def set_keyboard(
    tx: Transaction, bot: ContactId, kind: PeerKind, peer: int, user: ContactId, buttons: object, action: str
) -> None:
    """Replace the keyboard of a bot under a conversation."""
    await tx.run(
        "insert into bots.keyboard (bot, cid_type, peer, user_id, buttons, action) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (bot, cid_type, peer, user_id) do update"
        " set buttons = excluded.buttons, action = excluded.action, changed = default",
        bot,
        kind,
        peer,
        user,
        Jsonb(buttons),
        action,
    )


async def direct_keyboards(tx: Transaction, bot: ContactId, person: ContactId) -> list[StoredKeyboard]:
    """The keyboard of a bot under its conversation with a person, or none."""
    return await tx.rows(
        "select bot, buttons, action from bots.keyboard"
        " where bot = %s and cid_type = 'user' and peer = %s and user_id = 0",
        bot,
        person,
        kind=StoredKeyboard,
    )


async def group_keyboards(tx: Transaction, group: int, person: ContactId) -> list[StoredKeyboard]:
    """The keyboards a member sees under a group, the last set first."""
    return await tx.rows(
        "select bot, buttons, action from bots.keyboard"
        " where cid_type = 'group' and peer = %s and user_id in (0, %s) order by changed desc",
        group,
        person,
        kind=StoredKeyboard,
    )


async def add_session(tx: Transaction, token_hash: bytes, developer: int, expires: Seconds, now: Seconds) -> None:
    """Remember a signed-in browser; expired ones are forgotten."""
    await tx.run("delete from bots.developer_session where expires <= %s", now)
    await tx.run("update bots.developer set signed_in = to_timestamp(%s) where id = %s", now, developer)
    await tx.run(
        "insert into bots.developer_session (token_hash, developer, expires) values (%s, %s, %s)",
        token_hash,
        developer,
        expires,
    )


async def session(tx: Transaction, token_hash: bytes, now: Seconds) -> Developer | None:
    """Whose browser this is."""
    return await tx.row(
        "select d.id, d.login, d.password_hash, d.name from bots.developer_session s"
        " join bots.developer d on d.id = s.developer where s.token_hash = %s and s.expires > %s and not d.blocked",
        token_hash,
        now,
        kind=Developer,
    )


async def end_session(tx: Transaction, token_hash: bytes) -> None:
    """Forget a browser."""
    await tx.run("delete from bots.developer_session where token_hash = %s", token_hash)


async def end_sessions(tx: Transaction, developer: int) -> None:
    """Forget all browsers of a developer."""
    await tx.run("delete from bots.developer_session where developer = %s", developer)
