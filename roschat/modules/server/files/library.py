"""The files of the server: taking them in, telling who may see them, and giving their bytes.

The one access function is `visible`: what it does not return does not exist for its viewers.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Denied, Invalid, NotFound, RoschatError, TooLarge, Unavailable
from roschat.kernel.settings import Live
from roschat.modules.server.files import store
from roschat.modules.server.files.api import FileInfo
from roschat.modules.server.files.driver import FileStore
from roschat.modules.server.files.images import TYPES, Picture, Studio, spool
from roschat.modules.server.files.rules import SNIFF, safe_name, sniffed_type
from roschat.modules.server.files.settings import Settings
from roschat.types import ChannelId, ChatId, ContactId, FileName


def new_name() -> FileName:
    """An unguessable name: 128 random bits."""
    return FileName(secrets.token_hex(16))


class Library:
    """See the module docstring."""

    def __init__(self, db: Database, files: FileStore, settings: Live[Settings], clock: Clock) -> None:
        self._db = db
        self._files = files
        self._settings = settings
        self._clock = clock
        self._studio = Studio()

    async def admit(self, owner: ContactId, size: int) -> None:
        """Refuse a file before its bytes travel. Raises TooLarge over the limit or over the owner's quota."""
        limit = self._settings.value.max_size
        if size > limit:
            raise TooLarge(f"The file has {size} bytes, the limit is {limit}; send a smaller one.")
        if self._settings.value.quota:
            async with self._db.reading() as tx:
                kept = await store.kept_by(tx, owner)
            if kept + size > self._settings.value.quota:
                raise TooLarge(
                    f"You keep {kept} bytes and may keep {self._settings.value.quota}; {size} more do not fit, "
                    "ask your administrator."
                )

    async def take(self, owners: Sequence[ContactId], name: str, chunks: AsyncIterator[bytes]) -> FileInfo:
        """Keep a file that arrives. Its type is told from its bytes; an image gets dimensions and a preview.

        Raises TooLarge when more bytes come than are allowed, StorageFull, Unavailable; then nothing is kept.
        """
        stored = new_name()
        title = safe_name(name)
        await self.admit(owners[0], 0)
        async with self._db.transaction() as tx:
            await store.arrive(tx, stored, title, owners, self._clock.seconds())
        intake = _Intake(chunks, self._settings.value.max_size)
        try:
            size = await self._files.put(stored, intake.chunks())
            await self.admit(owners[0], size)
            content_type = sniffed_type(bytes(intake.head))
            picture = await self._look(stored) if content_type in TYPES else None
            if picture is not None and picture.preview:
                await self._keep_preview(stored, title, owners, picture)
            width, height = (picture.width, picture.height) if picture else (0, 0)
            async with self._db.transaction() as tx:
                if not await store.stored(tx, stored, size, content_type, width, height):
                    raise Unavailable("The upload took longer than a day and was given up; send the file again.")
                known = await store.info(tx, stored)
        except BaseException:
            await self.discard(stored)
            raise
        if known is None:
            raise NotFound(f"There is no file {stored!r}.")
        return known

    async def take_bytes(self, owner: ContactId, name: str, content: bytes) -> FileInfo:
        """Keep a small file that is in memory."""

        async def once() -> AsyncIterator[bytes]:
            yield content

        return await self.take((owner,), name, once())

    async def visible(self, name: FileName, viewers: Sequence[ContactId]) -> FileInfo:
        """A file that one of the viewers may see. Raises NotFound, the same for unknown and forbidden ones."""
        async with self._db.reading() as tx:
            found = (await store.seen(tx, [name], viewers)).get(name)
        if found is None or not found.visible:
            raise NotFound(f"There is no file {name[:80]!r}.")
        return found.info

    async def known(self, name: FileName) -> FileInfo:
        """Facts of a file, whoever may see it. Raises NotFound."""
        async with self._db.reading() as tx:
            found = await store.info(tx, name)
        if found is None:
            raise NotFound(f"There is no file {name[:80]!r}.")
        return found

    def read(self, name: FileName, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes of a file."""
        return self._files.open(name, start, length)

    async def content(self, name: FileName, limit: int) -> tuple[FileInfo, bytes]:
        """A small file, whoever may see it. Raises NotFound, TooLarge."""
        info = await self.known(name)
        if info.size > limit:
            raise TooLarge(f"The file {name[:80]!r} has {info.size} bytes; at most {limit} are read at once.")
        return info, b"".join([chunk async for chunk in self.read(name)])

    async def share(self, by: ContactId, names: Sequence[FileName], chat: ChatId) -> None:
        """Show files to the members of a conversation. Raises NotFound, Denied."""
        originals = await self._shown_by(by, names)
        async with self._db.transaction() as tx:
            await store.share(tx, originals, chat, self._clock.seconds())

    async def share_with_channel(self, by: ContactId, names: Sequence[FileName], channel: ChannelId) -> None:
        """Show files to those who may see a channel. Raises NotFound, Denied."""
        originals = await self._shown_by(by, names)
        async with self._db.transaction() as tx:
            await store.share_with_channel(tx, originals, channel)

    async def publish(self, by: ContactId, names: Sequence[FileName]) -> None:
        """Show files to everybody who is signed in. Raises NotFound, Denied."""
        originals = await self._shown_by(by, names)
        async with self._db.transaction() as tx:
            await store.publish(tx, originals)

    async def _shown_by(self, by: ContactId, names: Sequence[FileName]) -> list[FileName]:
        wanted = list(dict.fromkeys(names))
        if len(wanted) > 100:
            raise Invalid(f"{len(wanted)} files at once; show at most 100.")
        async with self._db.reading() as tx:
            found = await store.seen(tx, wanted, [by])
        for name in wanted:
            if name not in found:
                raise NotFound(f"There is no file {name[:80]!r}; upload it first.")
            if not found[name].visible:
                raise Denied(f"The file {name[:80]!r} is not yours to show.")
        return list(dict.fromkeys(found[name].original for name in wanted))

    async def _look(self, name: FileName) -> Picture | None:
        with spool() as content:
            async for chunk in self._files.open(name):
                content.write(chunk)
            return await self._studio.look(content)

    async def _keep_preview(self, name: FileName, title: str, owners: Sequence[ContactId], picture: Picture) -> None:
        preview = new_name()

        async def once() -> AsyncIterator[bytes]:
            yield picture.preview

        async with self._db.transaction() as tx:
            await store.arrive(tx, preview, safe_name(f"{title}.webp"), owners, self._clock.seconds(), preview_of=name)
        size = await self._files.put(preview, once())
        edge = max(picture.width, picture.height)
        scale = min(1.0, 640 / edge)
        async with self._db.transaction() as tx:
            await store.stored(
                tx, preview, size, "image/webp", round(picture.width * scale), round(picture.height * scale)
            )

    async def discard(self, name: FileName) -> None:
        """Forget a file whose intake failed; what cannot be forgotten now is left to the sweep."""
        with suppress(RoschatError):
            async with self._db.transaction() as tx:
                await store.doom(tx, name)
            async with self._db.reading() as tx:
                await self._files.delete(name)
                await store.forget(tx, name)


class _Intake:
    """Counts what comes and keeps the first bytes."""

    def __init__(self, chunks: AsyncIterator[bytes], limit: int) -> None:
        self.head = bytearray()
        self._chunks = chunks
        self._limit = limit

    async def chunks(self) -> AsyncIterator[bytes]:
        total = 0
        async for chunk in self._chunks:
            total += len(chunk)
            if total > self._limit:
                raise TooLarge(f"The file has more than {self._limit} bytes, the limit; send a smaller one.")
            if len(self.head) < SNIFF:
                self.head += chunk[: SNIFF - len(self.head)]
            yield chunk
