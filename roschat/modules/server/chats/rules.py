"""Who may do what in a group, as pure functions."""

from collections.abc import Mapping

from roschat.kernel.errors import Denied, Invalid, NotFound, TooLarge
from roschat.modules.server.chats.api import MAX_MEMBERS
from roschat.modules.server.chats.membership import Chat, Seat
from roschat.types import ContactId

MAX_NAME = 200
MAX_DESCRIPTION = 2000
ROLES = ("owner", "admin", "member")


def check_name(name: str) -> str:
    """A group's name without blanks around it: 1 to MAX_NAME characters on one line."""
    name = name.strip()
    if not name:
        raise Invalid("A group needs a name that holds more than blanks.")
    if len(name) > MAX_NAME or not name.isprintable():
        raise Invalid(f"Group name {name[:40]!r}… must be one line of at most {MAX_NAME} characters.")
    return name


def check_description(description: str) -> str:
    """A group's description: up to MAX_DESCRIPTION characters."""
    if len(description) > MAX_DESCRIPTION or "\0" in description:
        raise Invalid(f"A group's description holds at most {MAX_DESCRIPTION} characters, not {len(description)}.")
    return description.strip()


def check_size(members: int) -> None:
    """How many may be in a group."""
    if members > MAX_MEMBERS:
        raise TooLarge(f"A group of {members} members is too large; at most {MAX_MEMBERS} fit, use a channel instead.")


def check_leads(chat: Chat, cid: ContactId) -> None:
    """Owner and admins only."""
    if not chat.seats[cid].leads:
        raise Denied(f"Only the owner and admins of group {chat.id} may do this.")


def check_removal(chat: Chat, by: ContactId, member: ContactId) -> None:
    """The owner removes anybody but himself, an admin removes plain members."""
    seat = chat.seats.get(member)
    if seat is None or not seat.present:
        raise NotFound(f"Contact {member} is no member of group {chat.id}.")
    if member == by:
        raise Denied("To get out of a group yourself use leave-group.")
    check_leads(chat, by)
    if seat.leads and chat.seats[by].role != "owner":
        raise Denied(f"Contact {member} leads group {chat.id} too; only the owner may remove him.")


def check_role(chat: Chat, by: ContactId, member: ContactId, role: str) -> None:
    """The owner gives roles to others."""
    if role not in ROLES:
        raise Invalid(f"Role {role[:40]!r} is unknown; use one of {', '.join(ROLES)}.")
    if chat.seats[by].role != "owner":
        raise Denied(f"Only the owner of group {chat.id} gives roles.")
    seat = chat.seats.get(member)
    if seat is None or not seat.present:
        raise NotFound(f"Contact {member} is no member of group {chat.id}.")
    if member == by:
        raise Denied("You are the owner; hand the group over by making somebody else `owner`.")


def successor(seats: Mapping[ContactId, Seat], leaving: ContactId) -> ContactId | None:
    """Who becomes owner when the owner leaves: the oldest admin, else the oldest member.

    `seats` are ordered as they are loaded: by role, then by the time of joining.
    """
    if seats[leaving].role != "owner":
        return None
    for role in ("admin", "member"):
        for cid, seat in seats.items():
            if seat.role == role and cid != leaving:
                return cid
    return None
