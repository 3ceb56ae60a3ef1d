"""The life of a socket, as the transports tell it and as modules end it."""

from roschat.types import ContactId, DeviceId
from roschat.wire.declare import event
from roschat.wire.message import Caller, Event, LocalEvent, Message


@event("session-opened")
class SessionOpened(LocalEvent, frozen=True):
    """A socket has signed in, in this process or another; published after its ack was written."""

    caller: Caller


@event("session-closed")
class SessionClosed(LocalEvent, frozen=True):
    """A signed-in socket is gone, or the process that held it."""

    caller: Caller


@event("sessions-ended")
class SessionsEnded(Event, frozen=True):
    """The sockets of a contact (of one device of it, when `device` is set) must be closed now."""

    cid: ContactId
    device: DeviceId = DeviceId("")
    reason: str = ""


class Seen(Message, frozen=True):
    """A signed-in socket is there, or with `gone` not any more."""

    caller: Caller
    gone: bool = False


@event("sessions-held")
class SessionsHeld(Event, frozen=True):
    """What has changed among the signed-in sockets of a process, in order.

    With `first` a list of all its sockets begins, with `last` it ends; both may be one event. `kernel/roll.py` turns
    this into the SessionOpened and SessionClosed of the other processes.
    """

    process: str
    sessions: list[Seen]
    first: bool = False
    last: bool = False
