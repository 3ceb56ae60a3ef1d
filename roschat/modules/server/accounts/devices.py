"""The signed-in devices: which are online, which are revoked, when they were seen.

Tokens are checked against memory alone, so revocation must get there: it is loaded at the start, told by the event
`devices-ended`, and read again every RELOAD seconds in case an event was lost on its way between processes.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import NotFound, RoschatError
from roschat.modules.server.accounts import store
from roschat.modules.server.accounts.api import ClientKind, DevicesEnded, DeviceView
from roschat.modules.server.accounts.rules import client_kind
from roschat.modules.server.accounts.settings import DAY, Settings
from roschat.modules.server.accounts.store import Device
from roschat.modules.server.accounts.tokens import BadToken, Bearer, Refresh
from roschat.types import ContactId, DeviceId
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionClosed, SessionOpened, SessionsEnded

log = logging.getLogger(__name__)

RELOAD = 30
"""Seconds between two looks into the database."""
LOGGED_OUT = "logged out"
SURPLUS = "too many devices"
"""Reasons that say nothing against the device."""
CLEARING = 3600
"""Seconds between two clearings of devices that are of no use any more."""


class Devices:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, settings: Callable[[], Settings], clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._settings = settings
        self._clock = clock
        self._revoked: dict[DeviceId, float] = {}
        """When this process heard of it last, by the clock that does not jump: what was revoked stays so."""
        self._online: Counter[DeviceId] = Counter()
        self._of_socket: set[DeviceId] = set()
        self._seen: dict[DeviceId, tuple[float, str]] = {}
        self._cleared = float("-inf")

    async def load(self) -> None:
        """Read the revocations that can still matter, and forget the others."""
        async with self._db.reading() as tx:
            ended = await store.ended_since(tx, self._clock.now() - DAY)
        now = self._clock.monotonic()
        self._revoked = {device: heard for device, heard in self._revoked.items() if heard > now - DAY}
        self._revoked |= {device: now for device, _ in ended}

    async def keep_current(self) -> None:
        """Run for ever: revocations in, sightings out, old rows away."""
        while True:
            await asyncio.sleep(RELOAD)
            try:
                await self.save_seen()
                await self.load()
                await self.clear()
            except RoschatError as error:
                log.warning("devices are not brought up to date: %s", error.text)

    async def events_missed(self, _: EventsMissed) -> None:
        """Revocations of other processes may be among what was missed."""
        await self.load()

    def check(self, bearer: Bearer) -> None:
        """Raises BadToken when the device of a token has been signed out."""
        if bearer.device in self._revoked:
            raise BadToken("This device has been signed out; sign in.")

    def see(self, device: DeviceId, address: str) -> None:
        """Note a sign-in; written down with others later."""
        self._seen[device] = (self._clock.now(), address)

    async def save_seen(self) -> None:
        """Write what `see` noted."""
        seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            async with self._db.reading() as tx:
                await store.put_seen(tx, [(device, at, address) for device, (at, address) in seen.items()])
        except RoschatError:
            self._seen = seen | self._seen
            raise

    async def clear(self) -> None:
        """Delete rows that are of no use, once in a while. A device that is online stays."""
        if self._clock.monotonic() - self._cleared < CLEARING:
            return
        now = self._clock.now()
        async with self._db.transaction() as tx:
            await store.touch(tx, list(self._online), now)
            await store.clear_devices(tx, now - 2 * DAY, now - self._settings().refresh_token_life, now - DAY)
        self._cleared = self._clock.monotonic()

    async def sign_in(self, tx: Transaction, device: Device, refresh: Refresh | None) -> None:
        """Keep a device; without tokens it lives as long as its socket. Surplus devices end."""
        family, whole = (refresh.family, refresh.whole) if refresh else (None, None)
        await store.put_device(tx, device, family, whole)
        if refresh is None:
            self._of_socket.add(device.id)
        surplus = await store.surplus_devices(tx, device.cid, self._settings().max_devices)
        if surplus:
            await self.end(tx, device.cid, surplus, SURPLUS)

    async def end(self, tx: Transaction, cid: ContactId, devices: Sequence[DeviceId], reason: str) -> list[DeviceId]:
        """Sign devices of a contact out: their tokens die and their sockets close. Answers those that were alive."""
        ended = await store.end_devices(tx, cid, devices, self._clock.now())
        self._tell(tx, cid, ended, reason)
        return ended

    async def end_one(self, cid: ContactId, device: DeviceId, reason: str) -> None:
        """Sign one device out. Raises NotFound when the contact has no such device."""
        async with self._db.transaction() as tx:
            ended = await self.end(tx, cid, [device], reason)
        if not ended:
            raise NotFound(f"There is no signed-in device {device[:64]!r} of contact {cid}; look at the list of them.")

    async def end_others(self, tx: Transaction, cid: ContactId, but: DeviceId, reason: str) -> None:
        """Sign out all devices of a contact except `but`."""
        ended = await store.end_other_devices(tx, cid, but, self._clock.now())
        self._tell(tx, cid, ended, reason)

    async def end_all_but(self, cid: ContactId, but: DeviceId, reason: str) -> None:
        """Sign out all devices of a contact except `but`, in a transaction of its own."""
        async with self._db.transaction() as tx:
            await self.end_others(tx, cid, but, reason)

    async def end_all(self, cid: ContactId, reason: str) -> None:
        """Sign out every device of a contact, and close every socket it has."""
        async with self._db.transaction() as tx:
            await self.end_every(tx, cid, reason)

    async def end_every(self, tx: Transaction, cid: ContactId, reason: str) -> None:
        """Sign out every device of a contact, and close every socket it has."""
        ended = await store.end_other_devices(tx, cid, DeviceId(""), self._clock.now())
        tx.emit(DevicesEnded(cid, tuple(ended)))
        tx.emit(SessionsEnded(cid, reason=reason))

    async def end_kinds(self, cid: ContactId, kinds: Collection[ClientKind], reason: str) -> None:
        """Sign out the devices of a contact that run one of these applications."""
        async with self._db.transaction() as tx:
            devices = [one.id for one in await store.devices_of(tx, cid) if client_kind(one.client) in kinds]
            await self.end(tx, cid, devices, reason)

    async def listed(self, cid: ContactId, current: DeviceId = DeviceId("")) -> list[DeviceView]:
        """The devices of a contact, the last seen first."""
        async with self._db.reading() as tx:
            devices = await store.devices_of(tx, cid)
        return [
            DeviceView(
                id=device.id,
                client=device.client,
                name=device.name,
                address=device.address,
                created_time=device.created,
                seen_time=device.seen,
                authorised_time=device.authorised,
                online=self._online[device.id] > 0,
                current=device.id == current,
            )
            for device in devices
        ]

    def opened(self, event: SessionOpened) -> None:
        """A socket of a device is there; not for long when the device was signed out while the socket signed in."""
        caller = event.caller
        if not caller.device:
            return
        self._online[caller.device] += 1
        if caller.device in self._revoked:
            self._bus.publish(SessionsEnded(caller.cid, caller.device, "signed out"))

    async def closed(self, event: SessionClosed) -> None:
        """A socket of a device is gone, and with it a device that has no tokens."""
        device = event.caller.device
        if not device:
            return
        self._online[device] -= 1
        if self._online[device] > 0:
            return
        del self._online[device]
        if device in self._of_socket:
            self._of_socket.discard(device)
            async with self._db.transaction() as tx:
                await store.end_devices(tx, event.caller.cid, [device], self._clock.now())
        else:
            self.see(device, event.caller.address)

    def ended(self, event: DevicesEnded) -> None:
        """Devices were signed out, here or in another process."""
        now = self._clock.monotonic()
        for device in event.devices:
            self._revoked[device] = now

    def _tell(self, tx: Transaction, cid: ContactId, ended: Sequence[DeviceId], reason: str) -> None:
        if not ended:
            return
        tx.emit(DevicesEnded(cid, tuple(ended), own=reason in (LOGGED_OUT, SURPLUS)))
        for device in ended:
            tx.emit(SessionsEnded(cid, device, reason))
