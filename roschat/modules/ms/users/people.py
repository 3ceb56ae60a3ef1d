"""The users of the console as the security administrator keeps them, and what each does with its own account.

There is always an active security administrator: the last one can neither be deleted, deactivated nor given another
role. Whoever changes users holds the lock of store.py, so two cannot remove one another.
"""

import psycopg
from msgspec import structs

from roschat.kernel import audit
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, NotFound, NotSignedIn
from roschat.kernel.formats import refuse
from roschat.kernel.passwords import Passwords
from roschat.kernel.tries import Tries
from roschat.modules.ms.users import store
from roschat.modules.ms.users.api import (
    AddConsoleUser,
    ChangeConsolePassword,
    ChangeConsoleUser,
    ConsoleRole,
    ConsoleSession,
    ConsoleUser,
    Factor,
    ResetConsolePassword,
)
from roschat.modules.ms.users.refusals import bad_password
from roschat.modules.ms.users.rules import (
    PASSWORD_LONGEST,
    email_reason,
    login_key,
    login_reason,
    name_reason,
    password_reason,
)
from roschat.modules.ms.users.store import User
from roschat.wire.message import Caller

FIRST_LOGIN = "admin"
FIRST_PASSWORD = "123456"  # noqa: S105 - the one in the manual; it opens nothing but its own change
FIRST_SURNAME = "Администратор"


class People:
    """See the module docstring."""

    def __init__(self, db: Database, clock: Clock, passwords: Passwords, tries: Tries) -> None:
        self._db = db
        self._clock = clock
        self._passwords = passwords
        self._tries = tries

    async def begin(self) -> None:
        """Make the first security administrator of an installation that has no user."""
        async with self._db.reading() as tx:
            if await store.any_user(tx):
                return
        first = User(
            0, FIRST_LOGIN, FIRST_LOGIN, FIRST_SURNAME, "", "", "", await self._passwords.hash(FIRST_PASSWORD),
            ConsoleRole.SECURITY, True, True, True, Factor.NONE, "", 0, [],
        )  # fmt: skip
        async with self._db.transaction() as tx:
            await store.lock(tx)
            if not await store.any_user(tx):
                await store.add_user(tx, first, self._clock.now())

    async def waiting(self) -> list[str]:
        """Logins whose password is still the first one."""
        async with self._db.reading() as tx:
            return await store.initial_users(tx)

    async def listed(self) -> list[ConsoleUser]:
        """All users."""
        async with self._db.reading() as tx:
            return await store.users(tx, self._clock.now())

    async def add(self, command: AddConsoleUser, caller: Caller) -> int:
        """See the command."""
        login = command.login.strip()
        fields = {"login": login_reason(login), "password": password_reason(command.password, login)}
        refuse(fields | _card(command))
        hashed = await self._passwords.hash(command.password)
        new = User(
            0, login, login_key(login), command.surname.strip(), command.name.strip(), command.patronymic.strip(),
            command.email.strip(), hashed, command.role, True, command.must_change_password, False, Factor.NONE, "",
            0, [],
        )  # fmt: skip
        try:
            async with self._db.transaction() as tx:
                number = await store.add_user(tx, new, self._clock.now())
                await audit.record(tx, caller, "console-user-add", login, None, _told(new))
        except psycopg.errors.UniqueViolation:
            refuse({"login": "taken"})
            raise
        return number

    async def change(self, command: ChangeConsoleUser, caller: Caller) -> None:
        """See the command."""
        user = await self.user(command.id)
        fields = _card(command)
        if command.password:
            fields["password"] = password_reason(command.password, user.login)
        if user.factor is Factor.MAIL and not command.email.strip():
            fields["email"] = "empty"
        refuse(fields)
        hashed = await self._passwords.hash(command.password) if command.password else ""
        async with self._db.transaction() as tx:
            await store.lock(tx)
            user = await _found(tx, command.id)
            changed = structs.replace(
                user,
                surname=command.surname.strip(),
                name=command.name.strip(),
                patronymic=command.patronymic.strip(),
                email=command.email.strip(),
                role=command.role,
                active=command.active,
                # The first password stays what it is until it is another one.
                must_change=command.must_change_password or (user.initial and not hashed),
            )
            if not (changed.active and changed.role is ConsoleRole.SECURITY):
                await _check_last(tx, user)
            await store.save_user(tx, changed)
            if hashed:
                await store.replace_password(
                    tx, user.id, user.password, hashed, must_change=command.must_change_password
                )
            if changed.role is not user.role or not changed.active:
                await store.end_sessions(tx, user.id)
            elif hashed:
                await store.end_sessions(tx, user.id, keep=session_of(caller))
            after = _told(changed) | ({"password": audit.HIDDEN} if hashed else {})
            await audit.record(tx, caller, "console-user-change", user.login, _told(user), after)
        if hashed:
            self._tries.succeeded(user.login_key)

    async def delete(self, number: int, caller: Caller) -> None:
        """Delete a user. Raises NotFound, Denied."""
        async with self._db.transaction() as tx:
            await store.lock(tx)
            user = await _found(tx, number)
            await _check_last(tx, user)
            await store.delete_user(tx, number)
            await audit.record(tx, caller, "console-user-delete", user.login, _told(user))

    async def reset(self, command: ResetConsolePassword, caller: Caller) -> None:
        """See the command. Raises NotFound, Invalid."""
        async with self._db.reading() as tx:
            user = await store.user_of_login(tx, login_key(command.login))
        if user is None:
            raise NotFound(f"There is no console user {command.login!r}; see `roschat console-user list`.")
        refuse({"password": password_reason(command.password, user.login)})
        hashed = await self._passwords.hash(command.password)
        async with self._db.transaction() as tx:
            await store.lock(tx)
            user = await _found(tx, user.id)
            await store.replace_password(tx, user.id, user.password, hashed, must_change=command.must_change_password)
            await store.let_in(tx, user.id)
            await store.end_sessions(tx, user.id)
            await audit.record(tx, caller, "console-user-reset", user.login, None, {"password": audit.HIDDEN})
        self._tries.succeeded(user.login_key)

    async def user(self, number: int) -> User:
        """A user as kept. Raises NotFound."""
        async with self._db.reading() as tx:
            return await _found(tx, number)

    async def own(self, caller: Caller) -> User:
        """The user that calls. Raises Denied for a key or the command line, which have no account."""
        if not session_of(caller):
            raise Denied("Only a user who is signed in has an account; a key has none.")
        async with self._db.reading() as tx:
            user = await store.user(tx, caller.cid)
        if user is None:
            raise NotSignedIn("Your account was deleted.")
        return user

    async def proven(self, caller: Caller, password: str) -> User:
        """The user that calls, who has given the password anew. Raises `bad-login-psw`, TooMany."""
        user = await self.own(caller)
        self._tries.begin(user.login_key, caller.address)
        if not await self._passwords.check(password[: PASSWORD_LONGEST + 1], user.password):
            self._tries.failed(caller.address)
            raise bad_password()
        self._tries.succeeded(user.login_key)
        return user

    async def change_password(self, command: ChangeConsolePassword, caller: Caller) -> None:
        """See the command."""
        user = await self.proven(caller, command.old_password)
        why = password_reason(command.new_password, user.login)
        refuse({"newPassword": why or ("same" if command.new_password == command.old_password else "")})
        hashed = await self._passwords.hash(command.new_password)
        async with self._db.transaction() as tx:
            if not await store.replace_password(tx, user.id, user.password, hashed, must_change=False):
                raise bad_password()
            await store.end_sessions(tx, user.id, keep=session_of(caller))
            await audit.record(tx, caller, "password-change", user.login, None, {"password": audit.HIDDEN})

    async def sessions(self, number: int, caller: Caller) -> list[ConsoleSession]:
        """Open sessions of a user. Raises NotFound."""
        async with self._db.reading() as tx:
            await _found(tx, number)
            return await store.sessions(tx, number, session_of(caller), self._clock.now())

    async def end_sessions(self, number: int, session: int, caller: Caller, *, keep: int = 0) -> None:
        """End a session of a user, or all (0) but `keep`. Raises NotFound."""
        async with self._db.transaction() as tx:
            user = await _found(tx, number)
            if session:
                if not await store.end_session(tx, number, session):
                    raise NotFound(f"{user.login} has no open session {session}.")
                ended = 1
            else:
                ended = await store.end_sessions(tx, number, keep)
            await audit.record(tx, caller, "console-sessions-end", user.login, {"sessions": ended})


def session_of(caller: Caller) -> int:
    """The number of the caller's session; 0 for a key and for the command line."""
    return int(caller.session) if caller.session.isdigit() else 0


async def _found(tx: Transaction, number: int) -> User:
    user = await store.user(tx, number)
    if user is None:
        raise NotFound(f"There is no console user {number}.")
    return user


async def _check_last(tx: Transaction, user: User) -> None:
    last = user.role is ConsoleRole.SECURITY and user.active and not await store.other_security(tx, user.id)
    if last:
        raise Denied(
            f"{user.login} is the last active security administrator: without one nobody could keep the users. "
            "Make another one first."
        )


def _card(command: AddConsoleUser | ChangeConsoleUser) -> dict[str, str]:
    """Reasons of the fields that both forms have."""
    return {
        "surname": name_reason(command.surname.strip(), needed=True),
        "name": name_reason(command.name.strip()),
        "patronymic": name_reason(command.patronymic.strip()),
        "email": email_reason(command.email.strip()),
    }


def _told(user: User) -> dict[str, object]:
    """A user as the audit keeps it."""
    return {
        "login": user.login,
        "surname": user.surname,
        "name": user.name,
        "patronymic": user.patronymic,
        "email": user.email,
        "role": user.role.value,
        "active": user.active,
        "mustChangePassword": user.must_change,
    }
