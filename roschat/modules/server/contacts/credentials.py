"""The account of a contact as an administrator keeps it: login, password, block, and the letter that tells them."""

import secrets

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError, Unavailable
from roschat.kernel.formats import is_email
from roschat.modules.ms.mail.api import SendLetter
from roschat.modules.server.accounts.api import AddAccount, CheckPassword, RemoveAccount, SetAccountBlocked
from roschat.modules.server.contacts import store
from roschat.modules.server.contacts.api import ContactCard, SetContactAccount
from roschat.modules.server.contacts.people import unknown
from roschat.types import ContactId
from roschat.wire.message import Caller

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without characters that look like others."""
LENGTH = 12
"""Characters of a made-up password: 69 bits."""


class Credentials:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def put(self, command: SetContactAccount, caller: Caller) -> None:
        """See set-contact-account."""
        if (await self._card(command.cid)).login and not command.login and not command.password:
            text = "Neither a login nor a password is given; there is nothing to change."
            raise Invalid(text, fields={"login": "empty", "password": "empty"})
        account = AddAccount(
            command.cid, command.login, command.password, [service.value for service in command.services]
        )
        await self._bus.call(account, caller, timeout=30)

    async def remove(self, cid: ContactId, caller: Caller) -> None:
        """Take the account away. Raises NotFound."""
        await self._card(cid)
        await self._bus.call(RemoveAccount(cid), caller)

    async def block(self, cid: ContactId, blocked: bool, caller: Caller) -> None:
        """Block or unblock the account. Raises NotFound."""
        await self._card(cid)
        await self._bus.call(SetAccountBlocked(cid, blocked), caller)

    async def send(self, cid: ContactId, password: str, caller: Caller) -> str:
        """Send the letter; answers its address. Raises NotFound, Invalid, and what mail answers."""
        card = await self._card(cid)
        if not card.login:
            raise NotFound(f"Contact {cid} has no account; make one first.")
        if not is_email(card.login):
            text = f"The login {card.login!r} is no e-mail address, so there is nowhere to send the letter."
            raise Invalid(text, fields={"login": "bad-email"})
        if password:
            try:
                await self._bus.call(CheckPassword(cid, password), timeout=30)
            except RoschatError as error:
                if error.code != "bad-login-psw":
                    raise
                text = "This is not the password of the account; leave it empty and a new one is made and sent."
                raise Invalid(text, fields={"password": "bad-value"}) from None
        else:
            password = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            await self._bus.call(AddAccount(cid, "", password), caller, timeout=30)
        await self._post(card, password)
        async with self._db.transaction() as tx:
            await audit.record(tx, caller, "send-credentials", str(cid), None, {"to": card.login})
        return card.login

    async def _post(self, card: ContactCard, password: str) -> None:
        parts = {field.type: field.value for field in reversed(card.fields)}
        name = " ".join(parts[kind] for kind in ("name", "patronymic") if kind in parts) or parts.get("surname", "")
        letter = SendLetter(card.login, "credentials", {"name": name, "login": card.login, "password": password})
        try:
            await self._bus.call(letter)
        except Unavailable:
            raise RoschatError("Letters cannot be sent now: the mail module does not run.", "mail-off") from None

    async def _card(self, cid: ContactId) -> ContactCard:
        async with self._db.reading() as tx:
            return await store.card(tx, cid) or unknown(cid)
