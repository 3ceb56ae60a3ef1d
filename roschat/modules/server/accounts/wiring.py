"""Builds accounts and connects them to the bus."""

from roschat.kernel.aio import Tasks
from roschat.kernel.errors import NotSignedIn, RoschatError
from roschat.kernel.passwords import Passwords
from roschat.kernel.service import Context, Health
from roschat.kernel.tries import Tries
from roschat.modules.server.accounts.admission import Admission
from roschat.modules.server.accounts.api import (
    AccountView,
    AddAccount,
    AuthenticateToken,
    ChangePassword,
    CheckPassword,
    DevicesEnded,
    DeviceView,
    EndDevices,
    EndSession,
    GetAccount,
    GetLimits,
    GetSessions,
    GetUserInfo,
    IssueTokens,
    Limits,
    ListDevices,
    Login,
    Logout,
    RefreshToken,
    RemoveAccount,
    SetAccountActive,
    SetAccountBlocked,
    UserInfo,
)
from roschat.modules.server.accounts.devices import LOGGED_OUT, Devices, log
from roschat.modules.server.accounts.second_factor.factor import SecondFactor
from roschat.modules.server.accounts.second_factor.settings import Settings as FactorSettings
from roschat.modules.server.accounts.service import Accounts
from roschat.modules.server.accounts.settings import Settings
from roschat.modules.server.accounts.sign_in import SignIn
from roschat.modules.server.accounts.tokens import AccessTokens, BadToken
from roschat.modules.server.directory.api import ContactChanged
from roschat.modules.server.files.settings import Settings as FileSettings
from roschat.types import ContactId
from roschat.wire.message import Caller, Empty
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionClosed, SessionOpened


class AccountsFeature:
    """The running feature: one method per command."""

    def __init__(
        self,
        accounts: Accounts,
        sign_in: SignIn,
        devices: Devices,
        passwords: Passwords,
        tasks: Tasks,
        factor: SecondFactor,
    ) -> None:
        self._accounts = accounts
        self._sign_in = sign_in
        self._devices = devices
        self._passwords = passwords
        self._tasks = tasks
        self._factor = factor

    async def logout(self, command: Logout, caller: Caller) -> Empty:
        """Serve logout."""
        await self._devices.end_one(caller.cid, caller.device, LOGGED_OUT)
        return Empty()

    async def get_sessions(self, command: GetSessions, caller: Caller) -> list[DeviceView]:
        """Serve get-sessions."""
        return await self._devices.listed(caller.cid, caller.device)

    async def end_session(self, command: EndSession, caller: Caller) -> Empty:
        """Serve end-session."""
        if command.id:
            await self._devices.end_one(caller.cid, command.id, "ended from another device")
        else:
            await self._devices.end_all_but(caller.cid, caller.device, "ended from another device")
        return Empty()

    async def change_password(self, command: ChangePassword, caller: Caller) -> Empty:
        """Serve change-password."""
        await self._accounts.change_password(command, caller)
        return Empty()

    async def add_account(self, command: AddAccount, caller: Caller) -> Empty:
        """Serve add-account."""
        await self._accounts.add(command, caller)
        return Empty()

    async def set_active(self, command: SetAccountActive, caller: Caller) -> Empty:
        """Serve set-account-active."""
        await self._accounts.set_active(command, caller)
        return Empty()

    async def remove_account(self, command: RemoveAccount, caller: Caller) -> Empty:
        """Serve remove-account."""
        await self._accounts.remove(command.cid, caller)
        return Empty()

    async def set_blocked(self, command: SetAccountBlocked, caller: Caller) -> Empty:
        """Serve set-account-blocked."""
        await self._accounts.set_blocked(command.cid, command.blocked, caller)
        return Empty()

    async def check_password(self, command: CheckPassword, caller: Caller) -> Empty:
        """Serve check-password."""
        await self._accounts.check_password(command.cid, command.password)
        return Empty()

    async def list_devices(self, command: ListDevices, caller: Caller) -> list[DeviceView]:
        """Serve list-devices."""
        return await self._devices.listed(command.cid)

    async def end_devices(self, command: EndDevices, caller: Caller) -> Empty:
        """Serve end-devices."""
        if command.device:
            await self._devices.end_one(command.cid, command.device, command.reason)
        elif command.kinds:
            await self._devices.end_kinds(command.cid, command.kinds, command.reason)
        else:
            await self._devices.end_all(command.cid, command.reason)
        return Empty()

    async def authenticate(self, command: AuthenticateToken, caller: Caller) -> ContactId:
        """Serve authenticate-token."""
        try:
            return self._sign_in.authenticate(command.token).cid
        except BadToken as error:
            raise NotSignedIn(error.text) from None

    async def get_account(self, command: GetAccount, caller: Caller) -> AccountView:
        """Serve get-account."""
        return await self._accounts.view(command.cid)

    async def get_user_info(self, command: GetUserInfo, caller: Caller) -> UserInfo:
        """Serve get-user-info."""
        return await self._accounts.user_info(caller)

    async def get_limits(self, command: GetLimits, caller: Caller) -> Limits:
        """Serve get-limits."""
        return self._accounts.limits()

    async def contact_changed(self, event: ContactChanged) -> None:
        """A contact that was deactivated elsewhere (a synchronised directory) loses its devices as well."""
        if not event.contact.active and event.contact.kind == "person":
            await self._devices.end_all(event.contact.cid, "the contact was deactivated")

    async def stop(self) -> None:
        """Write down what is not written yet."""
        await self._tasks.stop()
        self._passwords.close()
        try:
            await self._devices.save_seen()
        except RoschatError as error:
            log.warning("sightings of devices are not written: %s", error.text)

    async def health(self) -> Health:
        """Tokens are checked in memory; the database tells its own health. A notice of who has no second factor."""
        return await self._factor.health()


async def start(context: Context) -> AccountsFeature:
    """Build, load, serve, subscribe."""
    settings = await context.settings.section("server.accounts", Settings)
    files = await context.settings.section("server.files", FileSettings)
    devices = Devices(context.db, context.bus, lambda: settings.value, context.clock)
    tries = Tries(context.clock, lambda: settings.value)
    access = AccessTokens(context.secrets.get("access-token"), context.clock)
    passwords = Passwords()
    tasks = Tasks("accounts")
    factor_settings = await context.settings.section("server.second-factor", FactorSettings)
    factor = SecondFactor(
        context.db, context.bus, context.clock, factor_settings, context.secrets.get("sign-in-codes"), tasks
    )
    sign_in = SignIn(context.db, context.bus, context.clock, settings, passwords, access, devices, tries, factor)
    accounts = Accounts(
        context.db,
        context.bus,
        context.clock,
        settings,
        passwords,
        devices,
        tries,
        lambda: files.value.max_size,
    )
    feature = AccountsFeature(accounts, sign_in, devices, passwords, tasks, factor)
    # First listen, then load: a revocation in between is taken in twice rather than not at all.
    context.bus.subscribe(DevicesEnded, devices.ended)
    context.bus.subscribe(EventsMissed, devices.events_missed)
    await devices.load()
    context.bus.subscribe(SessionOpened, devices.opened)
    context.bus.subscribe(SessionClosed, devices.closed)
    context.bus.subscribe(ContactChanged, feature.contact_changed)
    Admission(context.bus).start()
    context.bus.serve(Login, sign_in.login)
    context.bus.serve(RefreshToken, sign_in.refresh)
    context.bus.serve(IssueTokens, sign_in.issue)
    context.bus.serve(Logout, feature.logout)
    context.bus.serve(GetSessions, feature.get_sessions)
    context.bus.serve(EndSession, feature.end_session)
    context.bus.serve(ChangePassword, feature.change_password)
    context.bus.serve(AddAccount, feature.add_account)
    context.bus.serve(SetAccountActive, feature.set_active)
    context.bus.serve(RemoveAccount, feature.remove_account)
    context.bus.serve(SetAccountBlocked, feature.set_blocked)
    context.bus.serve(CheckPassword, feature.check_password)
    context.bus.serve(ListDevices, feature.list_devices)
    context.bus.serve(EndDevices, feature.end_devices)
    context.bus.serve(GetAccount, feature.get_account)
    context.bus.serve(AuthenticateToken, feature.authenticate)
    context.bus.serve(GetUserInfo, feature.get_user_info)
    context.bus.serve(GetLimits, feature.get_limits)
    context.bus.subscribe(DevicesEnded, factor.devices_ended)
    tasks.spawn(devices.keep_current(), "devices")
    tasks.spawn(factor.keep_clear(), "known devices")
    return feature
