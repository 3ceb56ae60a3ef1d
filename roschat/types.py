"""Names of the things that every part of the program talks about.

Ids are plain integers on the wire and in the database; the distinct types keep a chat id from being passed where a
contact id is meant. This file imports nothing of ours.
"""

from enum import StrEnum
from typing import NewType

ContactId = NewType("ContactId", int)
"""A card in the directory: a person, a bot or the system contact. RosChat's `cid` with `cidType` "user"."""
ChatId = NewType("ChatId", int)
"""A conversation. For groups it is RosChat's `cid` with `cidType` "group"."""
MessageId = NewType("MessageId", int)
"""Grows with time over the whole server."""
ChannelId = NewType("ChannelId", int)
"""An information channel, RosChat's `chId`."""
PublicationId = NewType("PublicationId", int)
"""A publication inside its channel, counted from 1. RosChat's `pubId`."""
Revision = NewType("Revision", int)
"""Position in the server's one journal of changes; a later change of anything has a larger one."""
DeviceId = NewType("DeviceId", str)
"""One signed-in device (installation of a client) of a person."""
SessionId = NewType("SessionId", str)
"""One live socket."""
FileName = NewType("FileName", str)
"""The unguessable stored name of a file, as `POST /messages/data` answers it."""
Seconds = NewType("Seconds", int)
"""Unix time in whole seconds, the unit of every time on the wire."""

NOBODY = ContactId(0)


class PeerKind(StrEnum):
    """RosChat's `cidType`: what the number in `cid` counts."""

    USER = "user"
    GROUP = "group"


class Role(StrEnum):
    """What a caller is to the server; each command says which of them may call it."""

    NOBODY = "nobody"
    PERSON = "person"
    BOT = "bot"
    DEVELOPER = "developer"
    SECURITY = "security"
    """Security administrator of the console: its users, their sessions, the audit."""
    ADMIN = "admin"
    """Administrator of the console: everything but what belongs to SECURITY."""
    OPERATOR = "operator"
    """Operator of the console: watches, and keeps the directory."""
    SYSTEM = "system"
