"""Cards as the console sees and changes them. The directory writes them; here they meet account, services, presence."""

from collections.abc import Sequence
from typing import NoReturn

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError
from roschat.modules.server.accounts.api import RemoveAccount, SetAccountActive
from roschat.modules.server.contacts import store
from roschat.modules.server.contacts.api import (
    ChangeCard,
    ContactCard,
    ContactField,
    ContactPicture,
    CreateContact,
    SetContactAvatar,
)
from roschat.modules.server.contacts.services import Services
from roschat.modules.server.directory.api import AddContact, CardField, ChangeContact, RemoveContact
from roschat.modules.server.files.api import KnownFile, ReadFile, StoreFile
from roschat.modules.server.presence.api import GetPresence
from roschat.types import ContactId, FileName
from roschat.wire.message import Caller

CARDS = 1000
"""Most cards at once."""
AVATAR = 8_388_608
"""Bytes of a picture."""


class People:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, services: Services) -> None:
        self._db = db
        self._bus = bus
        self._services = services

    async def card(self, cid: ContactId) -> ContactCard:
        """One person with everything that its page shows. Raises NotFound."""
        async with self._db.reading() as tx:
            card = await store.card(tx, cid)
            if card is None:
                unknown(cid)
            named = [ContactId(int(f.value)) for f in card.fields if f.type in ("manager", "assistant")]
            people = await store.names(tx, named) if named else []
        presence = (await self._bus.call(GetPresence([cid])))[0]
        return msgspec.structs.replace(card, people=people, status=presence.status, seen_time=presence.seen_time)

    async def cards(self, cids: Sequence[ContactId]) -> list[ContactCard]:
        """See get-contact-cards. Raises Invalid."""
        if len(cids) > CARDS:
            raise Invalid(f"These are {len(cids)} cards; ask for {CARDS} at once.")
        async with self._db.reading() as tx:
            return await store.cards(tx, cids)

    async def create(self, command: CreateContact, caller: Caller) -> ContactId:
        """Add a person. Raises Invalid, `number-taken`."""
        fields = _directory_fields(command.fields)
        return (await self._bus.call(AddContact(fields, description=command.description), caller)).cid

    async def change(self, command: ChangeCard, caller: Caller) -> ContactCard:
        """Replace the fields of a card. Raises NotFound, Invalid, `number-taken`, `conflict`."""
        known = await self._known(command.cid)
        await self._bus.call(
            ChangeContact(
                command.cid,
                _directory_fields(command.fields),
                description=known.description if command.description is None else command.description,
                avatar=known.avatar,
                rev=command.rev,
            ),
            caller,
        )
        return await self.card(command.cid)

    async def set_avatar(self, command: SetContactAvatar, caller: Caller) -> ContactCard:
        """Replace the avatar. Raises NotFound, Invalid for what is no picture, TooLarge."""
        known = await self._known(command.cid)
        file = FileName("")
        if command.picture:
            if len(command.picture) > AVATAR:
                text = f"The picture has {len(command.picture)} bytes; up to {AVATAR} are taken."
                raise RoschatError(text, "too-large", fields={"picture": "too-large"})
            file = (await self._bus.call(StoreFile(command.cid, "avatar", command.picture))).file
        fields = _directory_fields(known.fields)
        try:
            await self._bus.call(
                ChangeContact(command.cid, fields, description=known.description, avatar=file, rev=known.rev), caller
            )
        except Invalid as error:
            raise Invalid(error.text, fields={"picture": "bad-value"}) from None
        return await self.card(command.cid)

    async def avatar(self, cid: ContactId) -> ContactPicture:
        """The picture of a contact. Raises NotFound."""
        known = await self._known(cid)
        if not known.avatar:
            raise NotFound(f"Contact {cid} has no avatar.")
        info = await self._bus.call(KnownFile(known.avatar))
        found = await self._bus.call(ReadFile(info.preview_file or info.file, limit=AVATAR))
        return ContactPicture(found.info.content_type, found.content)

    async def activate(self, cid: ContactId, active: bool, caller: Caller) -> None:
        """Deactivate a contact, which ends everything it has open, or take it back. Raises NotFound."""
        await self._known(cid)
        await self._bus.call(SetAccountActive(cid, active), caller)

    async def delete(self, cid: ContactId, caller: Caller) -> None:
        """See delete-contact. Raises NotFound."""
        known = await self._known(cid)
        # In this order nothing is left open when it breaks off half-way, and it can be repeated.
        await self._bus.call(SetAccountActive(cid, False), caller)
        if known.login:
            await self._bus.call(RemoveAccount(cid), caller)
        await self._services.replace(cid, [], caller)
        await self._bus.call(RemoveContact(cid), caller)

    async def _known(self, cid: ContactId) -> ContactCard:
        async with self._db.reading() as tx:
            known = await store.card(tx, cid)
        return known or unknown(cid)


def unknown(cid: ContactId) -> NoReturn:
    """Raises NotFound."""
    raise NotFound(f"There is no person {cid} in the directory.")


def _directory_fields(fields: Sequence[ContactField]) -> list[CardField]:
    return [CardField(field.type, field.value, field.name) for field in fields]
