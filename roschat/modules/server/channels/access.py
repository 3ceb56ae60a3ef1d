"""The one access function of channels: what a contact may do with one.

A closed channel does not exist for those who are not in it; a public one is there for every signed-in person to read.
"""

from enum import IntEnum

from roschat.kernel.db import Transaction
from roschat.kernel.errors import Denied, NotFound
from roschat.modules.server.channels import store
from roschat.modules.server.channels.api import PublicationView
from roschat.modules.server.channels.store import Place
from roschat.types import ChannelId, ContactId, PublicationId


class Need(IntEnum):
    """What somebody wants with a channel; each includes those before it."""

    SEE = 1
    BE_IN = 2
    ADMINISTER = 3


async def reach(tx: Transaction, cid: ContactId, channel: ChannelId, need: Need) -> Place:
    """The channel with the caller's place in it. Raises NotFound where it may not be seen, Denied for more."""
    place = await store.place(tx, channel, cid)
    if place is None or (place.closed and not place.role):
        raise NotFound(f"There is no channel {channel}.")
    if need >= Need.BE_IN and not place.role:
        raise Denied(f"You are not in the channel {channel}; subscribe first.")
    if need >= Need.ADMINISTER and place.role != "admin":
        raise Denied(f"Only admins of the channel {channel} may do this; ask one of them.")
    return place


async def reach_publication(
    tx: Transaction, cid: ContactId, channel: ChannelId, publication: PublicationId, need: Need
) -> tuple[Place, PublicationView]:
    """A publication that was not deleted, with the caller's place in its channel. Raises as `reach`, and NotFound."""
    place = await reach(tx, cid, channel, need)
    found = await store.publication(tx, channel, publication)
    if found is None or found.deleted_time:
        raise NotFound(f"There is no publication {publication} in the channel {channel}.")
    return place, found
