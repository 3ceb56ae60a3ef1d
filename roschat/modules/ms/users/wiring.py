"""Builds the users of the console and connects them to the bus."""

from roschat.kernel.passwords import Passwords
from roschat.kernel.service import Context, Health, State
from roschat.kernel.tries import Tries
from roschat.modules.ms.users.api import (
    AddApiKey,
    AddConsoleUser,
    ApiKey,
    AuthenticateConsole,
    ChangeConsolePassword,
    ChangeConsoleUser,
    ConfirmMailCode,
    ConfirmTotp,
    ConsoleAccount,
    ConsoleCaller,
    ConsoleSession,
    ConsoleUser,
    ConsoleUserId,
    DeleteApiKey,
    DeleteConsoleUser,
    DropSecondFactor,
    EndConsoleSessions,
    EndOwnSessions,
    GetConsoleAccount,
    GetConsoleSession,
    ListApiKeys,
    ListConsoleSessions,
    ListConsoleUsers,
    ListOwnSessions,
    ListScopes,
    NewApiKey,
    OfferMailCode,
    OfferTotp,
    RecoveryCodes,
    RenewRecoveryCodes,
    ResetConsolePassword,
    ResetSecondFactor,
    Scope,
    SessionView,
    SignInToConsole,
    SignOutOfConsole,
    TotpOffer,
)
from roschat.modules.ms.users.factors import Factors
from roschat.modules.ms.users.keys import Keys, scopes
from roschat.modules.ms.users.people import People, session_of
from roschat.modules.ms.users.settings import Settings
from roschat.modules.ms.users.sign_in import SignIn
from roschat.wire.message import Caller, Empty, Grant


class UsersFeature:
    """The running feature: one method per command."""

    def __init__(self, people: People, sign_in: SignIn, factors: Factors, keys: Keys, passwords: Passwords) -> None:
        self._people = people
        self._sign_in = sign_in
        self._factors = factors
        self._keys = keys
        self._passwords = passwords

    async def sign_in(self, command: SignInToConsole, caller: Caller) -> Grant[SessionView]:
        """Serve sign-in-to-console."""
        return await self._sign_in.sign_in(command, caller)

    async def authenticate(self, command: AuthenticateConsole, caller: Caller) -> ConsoleCaller:
        """Serve authenticate-console."""
        return await self._sign_in.caller(command)

    async def session(self, command: GetConsoleSession, caller: Caller) -> SessionView:
        """Serve get-console-session."""
        await self._people.own(caller)
        return await self._sign_in.view(session_of(caller))

    async def sign_out(self, command: SignOutOfConsole, caller: Caller) -> Empty:
        """Serve sign-out-of-console."""
        await self._people.own(caller)
        await self._sign_in.sign_out(caller)
        return Empty()

    async def change_password(self, command: ChangeConsolePassword, caller: Caller) -> SessionView:
        """Serve change-console-password."""
        await self._people.change_password(command, caller)
        return await self._sign_in.view(session_of(caller))

    async def users(self, command: ListConsoleUsers, caller: Caller) -> list[ConsoleUser]:
        """Serve list-console-users."""
        return await self._people.listed()

    async def add_user(self, command: AddConsoleUser, caller: Caller) -> ConsoleUserId:
        """Serve add-console-user."""
        return ConsoleUserId(await self._people.add(command, caller))

    async def change_user(self, command: ChangeConsoleUser, caller: Caller) -> Empty:
        """Serve change-console-user."""
        await self._people.change(command, caller)
        return Empty()

    async def delete_user(self, command: DeleteConsoleUser, caller: Caller) -> Empty:
        """Serve delete-console-user."""
        await self._people.delete(command.id, caller)
        return Empty()

    async def reset_factor(self, command: ResetSecondFactor, caller: Caller) -> Empty:
        """Serve reset-second-factor."""
        await self._factors.drop(command.id, caller)
        return Empty()

    async def reset_password(self, command: ResetConsolePassword, caller: Caller) -> Empty:
        """Serve reset-console-password."""
        await self._people.reset(command, caller)
        return Empty()

    async def sessions(self, command: ListConsoleSessions, caller: Caller) -> list[ConsoleSession]:
        """Serve list-console-sessions."""
        return await self._people.sessions(command.id, caller)

    async def end_sessions(self, command: EndConsoleSessions, caller: Caller) -> Empty:
        """Serve end-console-sessions."""
        await self._people.end_sessions(command.id, command.session, caller)
        return Empty()

    async def account(self, command: GetConsoleAccount, caller: Caller) -> ConsoleAccount:
        """Serve get-console-account."""
        user = await self._people.own(caller)
        return ConsoleAccount(
            user.id, user.login, user.surname, user.name, user.patronymic, user.email, user.role, user.factor,
            len(user.recovery), await self._factors.mail_works(),
        )  # fmt: skip

    async def own_sessions(self, command: ListOwnSessions, caller: Caller) -> list[ConsoleSession]:
        """Serve list-own-sessions."""
        return await self._people.sessions((await self._people.own(caller)).id, caller)

    async def end_own_sessions(self, command: EndOwnSessions, caller: Caller) -> Empty:
        """Serve end-own-sessions."""
        user = await self._people.own(caller)
        await self._people.end_sessions(user.id, command.session, caller, keep=session_of(caller))
        return Empty()

    async def offer_totp(self, command: OfferTotp, caller: Caller) -> TotpOffer:
        """Serve offer-totp."""
        return await self._factors.offer_totp(await self._people.proven(caller, command.password))

    async def confirm_totp(self, command: ConfirmTotp, caller: Caller) -> RecoveryCodes:
        """Serve confirm-totp."""
        return await self._factors.confirm_totp(await self._people.own(caller), command.code, caller)

    async def offer_mail(self, command: OfferMailCode, caller: Caller) -> Empty:
        """Serve offer-mail-code."""
        user = await self._people.proven(caller, command.password)
        await self._factors.offer_mail(user, command.email.strip())
        return Empty()

    async def confirm_mail(self, command: ConfirmMailCode, caller: Caller) -> RecoveryCodes:
        """Serve confirm-mail-code."""
        return await self._factors.confirm_mail(await self._people.own(caller), command.code, caller)

    async def renew_codes(self, command: RenewRecoveryCodes, caller: Caller) -> RecoveryCodes:
        """Serve renew-recovery-codes."""
        return await self._factors.renew(await self._people.proven(caller, command.password), caller)

    async def drop_factor(self, command: DropSecondFactor, caller: Caller) -> Empty:
        """Serve drop-second-factor."""
        user = await self._people.proven(caller, command.password)
        await self._factors.drop(user.id, caller)
        return Empty()

    async def keys(self, command: ListApiKeys, caller: Caller) -> list[ApiKey]:
        """Serve list-api-keys."""
        return await self._keys.listed()

    async def add_key(self, command: AddApiKey, caller: Caller) -> NewApiKey:
        """Serve add-api-key."""
        return await self._keys.add(command, caller)

    async def delete_key(self, command: DeleteApiKey, caller: Caller) -> Empty:
        """Serve delete-api-key."""
        await self._keys.delete(command.id, caller)
        return Empty()

    async def scopes(self, command: ListScopes, caller: Caller) -> list[Scope]:
        """Serve list-scopes."""
        return scopes()

    async def stop(self) -> None:
        """Let the password threads end."""
        self._passwords.close()

    async def health(self) -> Health:
        """Failed while the password that everybody knows opens the console."""
        waiting = await self._people.waiting()
        if not waiting:
            return Health()
        text = (
            f"The console user {waiting[0]} still has the password that is printed in the manual; "
            "sign in to the console and change it."
        )
        ru = (
            f"У пользователя {waiting[0]} системы управления пароль, напечатанный в руководстве; "
            "войдите под ним и смените пароль."
        )
        return Health(State.FAILED, text, ru=ru, code="first-password")


async def start(context: Context) -> UsersFeature:
    """Build, make the first user, serve."""
    settings = await context.settings.section("console", Settings)
    passwords = Passwords()
    tries = Tries(context.clock, lambda: settings.value)
    factors = Factors(context.db, context.bus, context.clock)
    people = People(context.db, context.clock, passwords, tries)
    sign_in = SignIn(context.db, context.clock, settings, passwords, tries, factors)
    feature = UsersFeature(people, sign_in, factors, Keys(context.db, context.clock), passwords)
    await people.begin()
    bus = context.bus
    bus.serve(SignInToConsole, feature.sign_in)
    bus.serve(AuthenticateConsole, feature.authenticate)
    bus.serve(GetConsoleSession, feature.session)
    bus.serve(SignOutOfConsole, feature.sign_out)
    bus.serve(ChangeConsolePassword, feature.change_password)
    bus.serve(ListConsoleUsers, feature.users)
    bus.serve(AddConsoleUser, feature.add_user)
    bus.serve(ChangeConsoleUser, feature.change_user)
    bus.serve(DeleteConsoleUser, feature.delete_user)
    bus.serve(ResetSecondFactor, feature.reset_factor)
    bus.serve(ResetConsolePassword, feature.reset_password)
    bus.serve(ListConsoleSessions, feature.sessions)
    bus.serve(EndConsoleSessions, feature.end_sessions)
    bus.serve(GetConsoleAccount, feature.account)
    bus.serve(ListOwnSessions, feature.own_sessions)
    bus.serve(EndOwnSessions, feature.end_own_sessions)
    bus.serve(OfferTotp, feature.offer_totp)
    bus.serve(ConfirmTotp, feature.confirm_totp)
    bus.serve(OfferMailCode, feature.offer_mail)
    bus.serve(ConfirmMailCode, feature.confirm_mail)
    bus.serve(RenewRecoveryCodes, feature.renew_codes)
    bus.serve(DropSecondFactor, feature.drop_factor)
    bus.serve(ListApiKeys, feature.keys)
    bus.serve(AddApiKey, feature.add_key)
    bus.serve(DeleteApiKey, feature.delete_key)
    bus.serve(ListScopes, feature.scopes)
    return feature
