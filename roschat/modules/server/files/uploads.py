"""Resumable uploads: a large file in pieces, each kept when it arrives, joined into a file when all are there.

A piece whose sender vanished in the middle counts as far as it came. Pieces are files of the store, so any host that
shares the store and the database can take the next one. What is not finished in a day is swept.
"""

from collections.abc import AsyncIterator, Sequence
from secrets import randbits, token_hex

from roschat.kernel.clock import Clock
from roschat.kernel.db import Database
from roschat.kernel.errors import Invalid, NotFound, RoschatError, TooLarge
from roschat.modules.server.files import store
from roschat.modules.server.files.api import FileInfo, UploadState
from roschat.modules.server.files.driver import FileStore
from roschat.modules.server.files.library import Library, new_name
from roschat.modules.server.files.rules import safe_name
from roschat.types import ContactId, FileName

CONFLICT = "bad-range"
"""The error of a piece that does not begin where the last one ended; ask for the state and go on from there."""


class Uploads:
    """See the module docstring."""

    def __init__(self, db: Database, files: FileStore, library: Library, clock: Clock) -> None:
        self._db = db
        self._files = files
        self._library = library
        self._clock = clock

    async def begin(self, owners: Sequence[ContactId], name: str, size: int) -> UploadState:
        """Start an upload of `size` bytes. Raises TooLarge, Invalid."""
        if size < 0:
            raise Invalid(f"The size is {size}; give the number of bytes of the file.")
        await self._library.admit(owners[0], size)
        upload = token_hex(16)
        async with self._db.transaction() as tx:
            await store.begin_upload(tx, upload, safe_name(name), size, owners, self._clock.seconds())
        return UploadState(upload, 0, size)

    async def state(self, viewers: Sequence[ContactId], upload: str) -> UploadState:
        """How far an upload has come. Raises NotFound."""
        found = await self._find(viewers, upload)
        return UploadState(found.id, found.arrived, found.size)

    async def append(
        self, viewers: Sequence[ContactId], upload: str, offset: int, chunks: AsyncIterator[bytes]
    ) -> UploadState | FileInfo:
        """Take the bytes from `offset` on; the last ones make the file.

        Raises NotFound, TooLarge for bytes beyond the announced size, and code `bad-range` when the upload stands
        elsewhere.
        """
        found = await self._find(viewers, upload)
        if offset != found.arrived:
            raise RoschatError(f"The upload stands at byte {found.arrived}, not {offset}; go on from there.", CONFLICT)
        piece = new_name()
        async with self._db.reading() as tx:
            await store.note_piece(tx, piece, upload, -1 - randbits(62))
        counted = False
        try:
            size = await self._files.put(piece, _as_far_as_it_comes(chunks, found.size - offset))
            async with self._db.transaction() as tx:
                counted = await store.count_piece(tx, piece, upload, offset, size)
        finally:
            if not counted:
                await self._drop(piece)
        if not counted and size:
            raise RoschatError(f"Another piece arrived at byte {offset} meanwhile; ask for the state.", CONFLICT)
        if offset + size < found.size:
            return UploadState(upload, offset + size, found.size)
        return await self._join(viewers, found)

    async def cancel(self, viewers: Sequence[ContactId], upload: str) -> None:
        """Give an upload up. Raises NotFound."""
        await self._find(viewers, upload)
        await self._end(upload)

    async def _find(self, viewers: Sequence[ContactId], upload: str) -> store.Upload:
        async with self._db.reading() as tx:
            found = await store.upload_of(tx, upload, viewers)
        if found is None:
            raise NotFound(f"There is no upload {upload[:80]!r}; it was finished or given up, begin a new one.")
        return found

    async def _join(self, owners: Sequence[ContactId], upload: store.Upload) -> FileInfo:
        async with self._db.reading() as tx:
            names = await store.pieces(tx, upload.id)

        async def joined() -> AsyncIterator[bytes]:
            for name in names:
                async for chunk in self._files.open(name):
                    yield chunk

        info = await self._library.take(owners, upload.title, joined())
        await self._end(upload.id)
        return info

    async def _end(self, upload: str) -> None:
        async with self._db.transaction() as tx:
            names = await store.pieces(tx, upload)
            await store.end_upload(tx, upload)
        for name in names:
            await self._drop(name)

    async def _drop(self, piece: str) -> None:
        name = FileName(piece)
        await self._files.delete(name)
        async with self._db.reading() as tx:
            await store.forget_piece(tx, name)


async def _as_far_as_it_comes(chunks: AsyncIterator[bytes], room: int) -> AsyncIterator[bytes]:
    """The body up to where the connection broke. Raises TooLarge beyond `room` bytes."""
    body = aiter(chunks)
    total = 0
    while True:
        try:
            chunk = await anext(body, None)
        except (RoschatError, OSError):  # what the transport raises for a body that breaks off or stalls
            return
        if chunk is None:
            return
        total += len(chunk)
        if total > room:
            raise TooLarge(f"The upload has room for {room} more bytes and more came; announce the true size.")
        yield chunk
