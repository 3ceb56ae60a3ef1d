"""What a contact has open: its signed-in devices, with the sockets that are connected now.

The time at which a socket came is heard, not stored; a process that has just started counts from its own start.
"""

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.modules.server.accounts.api import EndDevices, ListDevices
from roschat.modules.server.accounts.rules import client_kind
from roschat.modules.server.contacts.api import DeviceConnection
from roschat.types import ContactId, DeviceId, Role, Seconds, SessionId
from roschat.wire.message import Caller
from roschat.wire.session import SessionClosed, SessionOpened


class Connections:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._open: dict[DeviceId, dict[SessionId, tuple[Seconds, str]]] = {}

    def opened(self, event: SessionOpened) -> None:
        """A socket has signed in."""
        caller = event.caller
        if caller.role is Role.PERSON and caller.device:
            sockets = self._open.setdefault(caller.device, {})
            sockets[caller.session] = self._clock.seconds(), caller.address

    def closed(self, event: SessionClosed) -> None:
        """A socket is gone."""
        sockets = self._open.get(event.caller.device, {})
        sockets.pop(event.caller.session, None)
        if not sockets:
            self._open.pop(event.caller.device, None)

    async def listed(self, cid: ContactId) -> list[DeviceConnection]:
        """The devices of a contact, connected ones first, each group the last seen first."""
        devices = await self._bus.call(ListDevices(cid))
        shown = []
        for device in devices:
            sockets = self._open.get(device.id, {}).values()
            since = min((at for at, _ in sockets), default=Seconds(0))
            newest = max(sockets, default=(Seconds(0), ""))
            shown.append(
                DeviceConnection(
                    device=device.id,
                    kind=client_kind(device.client),
                    client=device.client,
                    name=device.name,
                    address=newest[1] or device.address,
                    online=bool(sockets),
                    authorised_time=max(device.authorised_time, newest[0]),
                    since_time=since,
                    seen_time=device.seen_time,
                )
            )
        return sorted(shown, key=lambda one: not one.online)

    async def end(self, cid: ContactId, device: DeviceId, caller: Caller) -> None:
        """Sign a device out, or with an empty id all of them. Raises NotFound."""
        await self._bus.call(EndDevices(cid, device))
        if caller.role is not Role.SYSTEM:
            async with self._db.transaction() as tx:
                await audit.record(tx, caller, "end-connection", str(cid), {"device": device or "all"}, None)
