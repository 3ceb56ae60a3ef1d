"""SQL of console users, sessions, mailed codes and API keys. Times are Unix seconds outside and timestamptz inside."""

from collections.abc import Sequence
from typing import Any, LiteralString

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.ms.users.api import ApiKey, ConsoleRole, ConsoleSession, ConsoleUser, Factor
from roschat.types import Seconds

LOCK = 0x636F6E736F6C65
"""Who changes users holds it: the last security administrator is counted and changed by one at a time."""


class User(Struct, frozen=True):
    """A user as kept. `login_key` is the folded login."""

    id: int
    login: str
    login_key: str
    surname: str
    name: str
    patronymic: str
    email: str
    password: str
    role: ConsoleRole
    active: bool
    must_change: bool
    initial: bool
    factor: Factor
    totp_secret: str
    totp_step: int
    recovery: list[str]

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic, those that there are; else the login."""
        return " ".join(part for part in (self.surname, self.name, self.patronymic) if part) or self.login


class Signed(Struct, frozen=True):
    """An open session with its user."""

    user: User
    session: int
    seen: float
    expires: Seconds


class Code(Struct, frozen=True):
    """A mailed code."""

    hash: bytes
    email: str
    sent: float
    tries: int


class Key(Struct, frozen=True):
    """An API key as a request meets it."""

    id: int
    name: str
    role: ConsoleRole
    scopes: list[str]
    read_only: bool
    seen: float


_USER: LiteralString = (
    "u.id, u.login, u.login_key, u.surname, u.name, u.patronymic, u.email, u.password, u.role, u.active, "
    "u.must_change, u.initial, u.factor, u.totp_secret, u.totp_step, u.recovery"
)
_SELECT: LiteralString = "SELECT " + _USER + " FROM ms.console_user u "  # noqa: S608 - constants
_SIGNED: LiteralString = (
    "SELECT " + _USER + ", s.id, extract(epoch FROM s.seen)::float8, extract(epoch FROM s.expires)::bigint "  # noqa: S608
    "FROM ms.console_session s JOIN ms.console_user u ON u.id = s.user_id "
)


async def lock(tx: Transaction) -> None:
    """Be the only one who changes users, to the end of the transaction."""
    await tx.value("SELECT pg_advisory_xact_lock(%s)", LOCK)


async def any_user(tx: Transaction) -> bool:
    """Whether there is a user at all."""
    return await tx.value("SELECT 1 FROM ms.console_user LIMIT 1") is not None


async def initial_users(tx: Transaction) -> list[str]:
    """Logins of active users whose password is the first one."""
    return await tx.rows("SELECT login FROM ms.console_user WHERE initial AND active ORDER BY id", kind=str)


async def user(tx: Transaction, number: int) -> User | None:
    """The user of a number."""
    return await tx.row(_SELECT + "WHERE u.id = %s", number, kind=_user)


async def user_of_login(tx: Transaction, login_key: str) -> User | None:
    """The user of a folded login."""
    return await tx.row(_SELECT + "WHERE u.login_key = %s", login_key, kind=_user)


async def users(tx: Transaction, now: float) -> list[ConsoleUser]:
    """All users with their open sessions."""
    return await tx.rows(
        "SELECT u.id, u.login, u.surname, u.name, u.patronymic, u.email, u.role, u.active, u.must_change, u.factor, "
        "extract(epoch FROM u.created)::bigint, coalesce(extract(epoch FROM max(s.seen)), 0)::bigint, count(s.id) "
        "FROM ms.console_user u LEFT JOIN ms.console_session s ON s.user_id = u.id AND s.expires > to_timestamp(%s) "
        "GROUP BY u.id ORDER BY u.login_key",
        now,
        kind=_view,
    )


async def other_security(tx: Transaction, number: int) -> bool:
    """Whether there is an active security administrator beside this user."""
    found = await tx.value(
        "SELECT 1 FROM ms.console_user WHERE role = 'security' AND active AND id <> %s LIMIT 1", number
    )
    return found is not None


async def add_user(tx: Transaction, new: User, now: float) -> int:
    """Insert a user (its id is ignored); the number. UniqueViolation when the login is taken."""
    number: int = await tx.value(
        "INSERT INTO ms.console_user (login, login_key, surname, name, patronymic, email, password, role, must_change, "
        "initial, created) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, to_timestamp(%s)) RETURNING id",
        new.login,
        new.login_key,
        new.surname,
        new.name,
        new.patronymic,
        new.email,
        new.password,
        new.role.value,
        new.must_change,
        new.initial,
        now,
    )
    return number


async def save_user(tx: Transaction, changed: User) -> None:
    """Write everything of a user but login, password and factor."""
    await tx.run(
        "UPDATE ms.console_user SET surname = %s, name = %s, patronymic = %s, email = %s, role = %s, active = %s, "
        "must_change = %s WHERE id = %s",
        changed.surname,
        changed.name,
        changed.patronymic,
        changed.email,
        changed.role.value,
        changed.active,
        changed.must_change,
        changed.id,
    )


async def replace_password(tx: Transaction, number: int, old: str, new: str, *, must_change: bool) -> bool:
    """Put a new hash where the old one still stands."""
    return bool(
        await tx.run(
            "UPDATE ms.console_user SET password = %s, must_change = %s, initial = false "
            "WHERE id = %s AND password = %s",
            new,
            must_change,
            number,
            old,
        )
    )


async def let_in(tx: Transaction, number: int) -> None:
    """Make a user active and ask for nothing beside the password."""
    await tx.run(
        "UPDATE ms.console_user SET active = true, factor = 'none', totp_secret = '', recovery = '{}' WHERE id = %s",
        number,
    )


async def rehash(tx: Transaction, number: int, old: str, new: str) -> None:
    """The same password under today's parameters."""
    await tx.run("UPDATE ms.console_user SET password = %s WHERE id = %s AND password = %s", new, number, old)


async def delete_user(tx: Transaction, number: int) -> None:
    """Delete a user with its sessions."""
    await tx.run("DELETE FROM ms.console_user WHERE id = %s", number)


async def offer_totp(tx: Transaction, number: int, secret: str) -> None:
    """Keep the secret of an application that is not confirmed yet."""
    await tx.run("UPDATE ms.console_user SET totp_secret = %s, totp_step = 0 WHERE id = %s", secret, number)


async def set_factor(tx: Transaction, number: int, factor: Factor, recovery: Sequence[str]) -> None:
    """Change what is asked beside the password. The secret of the application stays only with TOTP."""
    await tx.run(
        "UPDATE ms.console_user SET factor = %s, recovery = %s, "
        "totp_secret = CASE WHEN %s = 'totp' THEN totp_secret ELSE '' END WHERE id = %s",
        factor.value,
        list(recovery),
        factor.value,
        number,
    )


async def set_email(tx: Transaction, number: int, email: str) -> None:
    """Change the address of a user."""
    await tx.run("UPDATE ms.console_user SET email = %s WHERE id = %s", email, number)


async def set_recovery(tx: Transaction, number: int, recovery: Sequence[str]) -> None:
    """Replace the recovery codes (their hashes)."""
    await tx.run("UPDATE ms.console_user SET recovery = %s WHERE id = %s", list(recovery), number)


async def take_step(tx: Transaction, number: int, step: int) -> bool:
    """Use a TOTP step up; False when it or a later one was used before."""
    return bool(
        await tx.run("UPDATE ms.console_user SET totp_step = %s WHERE id = %s AND totp_step < %s", step, number, step)
    )


async def take_recovery(tx: Transaction, number: int, code: str) -> bool:
    """Use a recovery code (its hash) up; False when it is none (any more)."""
    return bool(
        await tx.run(
            "UPDATE ms.console_user SET recovery = array_remove(recovery, %s) WHERE id = %s AND %s = ANY(recovery)",
            code,
            number,
            code,
        )
    )


async def put_code(tx: Transaction, number: int, code: Code) -> None:
    """Keep a mailed code in place of the former."""
    await tx.run(
        "INSERT INTO ms.console_code (user_id, hash, email, sent) VALUES (%s, %s, %s, to_timestamp(%s)) "
        "ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, email = excluded.email, sent = excluded.sent, "
        "tries = 0",
        number,
        code.hash,
        code.email,
        code.sent,
    )


async def code_of(tx: Transaction, number: int) -> Code | None:
    """The code that was mailed to a user last."""
    return await tx.row(
        "SELECT hash, email, extract(epoch FROM sent)::float8, tries FROM ms.console_code WHERE user_id = %s",
        number,
        kind=Code,
    )


async def try_code(tx: Transaction, number: int) -> Code | None:
    """Count a try of a mailed code; answers it as it was before."""
    return await tx.row(
        "UPDATE ms.console_code SET tries = tries + 1 WHERE user_id = %s "
        "RETURNING hash, email, extract(epoch FROM sent)::float8, tries - 1",
        number,
        kind=Code,
    )


async def drop_code(tx: Transaction, number: int) -> None:
    """Forget the mailed code."""
    await tx.run("DELETE FROM ms.console_code WHERE user_id = %s", number)


async def add_session(
    tx: Transaction, token: bytes, number: int, address: str, client: str, now: float, expires: float, remember: bool
) -> int:
    """Insert a session; sessions that expired are deleted on this occasion. The number of the new one."""
    await tx.run("DELETE FROM ms.console_session WHERE expires <= to_timestamp(%s)", now)
    session: int = await tx.value(
        "INSERT INTO ms.console_session (hash, user_id, address, client, created, seen, expires, remember) "
        "VALUES (%s, %s, %s, %s, to_timestamp(%s), to_timestamp(%s), to_timestamp(%s), %s) RETURNING id",
        token,
        number,
        address,
        client,
        now,
        now,
        expires,
        remember,
    )
    return session


async def signed(tx: Transaction, token: bytes, now: float) -> Signed | None:
    """The session of a cookie with its active user; None when there is none (any more)."""
    return await tx.row(
        _SIGNED + "WHERE s.hash = %s AND u.active AND s.expires > to_timestamp(%s)",
        token,
        now,
        kind=_signed,
    )


async def signed_by_number(tx: Transaction, session: int) -> Signed | None:
    """The same of a session that is known to be open."""
    return await tx.row(
        _SIGNED + "WHERE s.id = %s",
        session,
        kind=_signed,
    )


async def seen(tx: Transaction, session: int, now: float, address: str) -> None:
    """A session was used now, from this address."""
    await tx.run(
        "UPDATE ms.console_session SET seen = to_timestamp(%s), address = %s WHERE id = %s", now, address, session
    )


async def sessions(tx: Transaction, number: int, current: int, now: float) -> list[ConsoleSession]:
    """Open sessions of a user, the last used first."""
    return await tx.rows(
        "SELECT id, address, client, extract(epoch FROM created)::bigint, extract(epoch FROM seen)::bigint, "
        "extract(epoch FROM expires)::bigint, remember, id = %s FROM ms.console_session "
        "WHERE user_id = %s AND expires > to_timestamp(%s) ORDER BY seen DESC, id DESC",
        current,
        number,
        now,
        kind=ConsoleSession,
    )


async def end_session(tx: Transaction, number: int, session: int) -> bool:
    """End a session of a user; whether there was one."""
    return bool(await tx.run("DELETE FROM ms.console_session WHERE user_id = %s AND id = %s", number, session))


async def end_sessions(tx: Transaction, number: int, keep: int = 0) -> int:
    """End all sessions of a user but `keep`; how many."""
    return await tx.run("DELETE FROM ms.console_session WHERE user_id = %s AND id <> %s", number, keep)


async def keys(tx: Transaction) -> list[ApiKey]:
    """All API keys, the newest first."""
    return await tx.rows(
        "SELECT id, name, role, scopes, read_only, start, extract(epoch FROM created)::bigint, created_by, "
        "coalesce(extract(epoch FROM expires), 0)::bigint, coalesce(extract(epoch FROM seen), 0)::bigint "
        "FROM ms.api_key ORDER BY id DESC",
        kind=lambda number, name, role, *rest: ApiKey(number, name, ConsoleRole(role), *rest),
    )


async def add_key(tx: Transaction, key: ApiKey, token: bytes) -> int:
    """Insert a key (its id is ignored); the number."""
    number: int = await tx.value(
        "INSERT INTO ms.api_key (hash, start, name, role, scopes, read_only, created, created_by, expires) "
        "VALUES (%s, %s, %s, %s, %s, %s, to_timestamp(%s), %s, to_timestamp(nullif(%s, 0))) RETURNING id",
        token,
        key.start,
        key.name,
        key.role.value,
        key.scopes,
        key.read_only,
        key.created,
        key.created_by,
        key.expires,
    )
    return number


async def delete_key(tx: Transaction, number: int) -> str | None:
    """Delete a key; its name, None when there is none."""
    name: str | None = await tx.value("DELETE FROM ms.api_key WHERE id = %s RETURNING name", number)
    return name


async def key(tx: Transaction, token: bytes, now: float) -> Key | None:
    """The key that a program sent, when it has not expired."""
    return await tx.row(
        "SELECT id, name, role, scopes, read_only, coalesce(extract(epoch FROM seen), 0)::float8 FROM ms.api_key "
        "WHERE hash = %s AND (expires IS NULL OR expires > to_timestamp(%s))",
        token,
        now,
        kind=lambda number, name, role, *rest: Key(number, name, ConsoleRole(role), *rest),
    )


async def key_seen(tx: Transaction, number: int, now: float) -> None:
    """A key was used now."""
    await tx.run("UPDATE ms.api_key SET seen = to_timestamp(%s) WHERE id = %s", now, number)


def _user(*row: Any) -> User:
    return User(*(*row[:8], ConsoleRole(row[8]), *row[9:12], Factor(row[12]), *row[13:]))


def _signed(*row: Any) -> Signed:
    return Signed(*(_user(*row[:16]), *row[16:]))


def _view(*row: Any) -> ConsoleUser:
    return ConsoleUser(*(*row[:6], ConsoleRole(row[6]), *row[7:9], Factor(row[9]), *row[10:]))
