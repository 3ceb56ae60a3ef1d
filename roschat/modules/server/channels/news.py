"""What the people of a channel hear: each reader gets his own view, equal views are encoded once."""

from collections.abc import Iterable

import msgspec

from roschat.kernel.db import Transaction
from roschat.modules.server.channels import store
from roschat.modules.server.channels.api import (
    ChannelChangeEvent,
    PublicationChangeEvent,
    PublicationEvent,
    PublicationView,
)
from roschat.types import ChannelId, ContactId
from roschat.wire.delivery import deliver
from roschat.wire.message import ClientEvent

_encode = msgspec.json.Encoder().encode


async def tell_change(tx: Transaction, channel: ChannelId, readers: Iterable[ContactId] | None = None) -> None:
    """The channel is now like this: to all in it, or to those among `readers`."""
    alike: dict[bytes, tuple[ChannelChangeEvent, list[ContactId]]] = {}
    for shown in await store.shown_to(tx, channel, readers):
        change = ChannelChangeEvent(channel, shown.view)
        alike.setdefault(_encode(change), (change, []))[1].append(shown.reader)
    for change, audience in alike.values():
        tx.emit(deliver(change, audience))


async def tell_admins(tx: Transaction, channel: ChannelId, also: Iterable[ContactId] = ()) -> None:
    """The counts changed: to the admins and to those who came. Readers see new counts when they look."""
    admins = {member.cid for member in await store.members(tx, channel, "admin")}
    await tell_change(tx, channel, admins | set(also))


def tell_gone(tx: Transaction, channel: ChannelId, readers: Iterable[ContactId]) -> None:
    """The channel is not there any more for these."""
    tx.emit(deliver(ChannelChangeEvent(channel, deleted=True), readers))


async def tell_all(tx: Transaction, channel: ChannelId, event: ClientEvent, also: Iterable[ContactId] = ()) -> None:
    """To everybody in the channel, and to those named: a reader of a public channel need not be in it."""
    tx.emit(deliver(event, sorted({*await store.audience(tx, channel), *also})))


def published(view: PublicationView) -> PublicationEvent:
    """A publication as the event of its appearance."""
    return PublicationEvent(**msgspec.structs.asdict(view))


def changed(view: PublicationView) -> PublicationChangeEvent:
    """A publication as the event of its change."""
    return PublicationChangeEvent(**msgspec.structs.asdict(view))
