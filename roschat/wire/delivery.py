"""How a client-visible event gets to sockets: encoded once, addressed to contacts, written everywhere as it is."""

from collections.abc import Iterable

import msgspec

from roschat.types import ContactId, Role, SessionId
from roschat.wire.declare import declaration_of, event
from roschat.wire.message import ClientEvent, Event

_encode = msgspec.json.Encoder().encode


@event("delivery")
class Delivery(Event, frozen=True):
    """An encoded client event on its way to the sockets of its audience.

    `payload` is the complete JSON of the Socket.IO argument. It goes to every live session of the contacts in
    `audience` that signed in with `role`, except the session `but`.
    """

    name: str
    audience: tuple[ContactId, ...]
    payload: msgspec.Raw
    role: Role = Role.PERSON
    but: SessionId = SessionId("")


def deliver(
    message: ClientEvent,
    audience: Iterable[ContactId],
    *,
    role: Role = Role.PERSON,
    but: SessionId = SessionId(""),
) -> Delivery:
    """Encode a client event for its audience; publish the result on the bus or emit it from a transaction."""
    name = declaration_of(type(message)).name
    return Delivery(name, tuple(audience), msgspec.Raw(_encode(message)), role, but)
