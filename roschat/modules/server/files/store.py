"""All SQL of files.

A preview has a row of its own and no rights of its own: who sees the picture sees its preview (`original` below).
"""

from collections.abc import Sequence
from typing import LiteralString

from msgspec import Struct

from roschat.kernel.db import Transaction
from roschat.modules.server.files.api import FileInfo
from roschat.types import ChannelId, ChatId, ContactId, FileName

_FACTS: LiteralString = """
    f.name, f.title, f.size, f.content_type, f.owner, f.width, f.height,
    coalesce((SELECT p.name FROM server.file p WHERE p.preview_of = f.name AND p.state = 'stored' LIMIT 1), '')
"""


class Seen(Struct, frozen=True):
    """A file that somebody asks for, and how he comes to see it."""

    info: FileInfo
    original: FileName
    """The file that decides who may see this one: itself, or the picture of a preview."""
    owned: bool
    visible: bool


def _info(
    name: str, title: str, size: int, content_type: str, owner: int, width: int, height: int, preview: str
) -> FileInfo:
    return FileInfo(
        FileName(name), title, size, content_type, ContactId(owner), width, height, preview_file=FileName(preview)
    )


async def arrive(
    tx: Transaction,
    name: FileName,
    title: str,
    owners: Sequence[ContactId],
    time: int,
    preview_of: FileName | None = None,
) -> None:
    """Note a file before its first byte is kept, so that a crash leaves nothing unknown in the store."""
    await tx.run(
        "INSERT INTO server.file (name, title, owner, preview_of, created) VALUES (%s, %s, %s, %s, %s)",
        name, title, owners[0], preview_of, time,
    )  # fmt: skip
    await tx.run("INSERT INTO server.file_owner (file, cid) SELECT %s, unnest(%s::bigint[])", name, list(set(owners)))


async def stored(tx: Transaction, name: FileName, size: int, content_type: str, width: int, height: int) -> bool:
    """The bytes are kept: show the file. False when the sweep took it meanwhile."""
    return bool(
        await tx.run(
            """
            UPDATE server.file SET size = %s, content_type = %s, width = %s, height = %s, state = 'stored'
            WHERE name = %s AND state = 'arriving'
            """,
            size, content_type, width, height, name,
        )
    )  # fmt: skip


async def info(tx: Transaction, name: FileName) -> FileInfo | None:
    """Facts of a file."""
    return await tx.row(
        f"SELECT {_FACTS} FROM server.file f WHERE f.name = %s AND f.state = 'stored'",  # noqa: S608 - a constant
        name, kind=_info,
    )  # fmt: skip


async def seen(tx: Transaction, names: Sequence[FileName], viewers: Sequence[ContactId]) -> dict[FileName, Seen]:
    """The files among `names` that there are, and what any of `viewers` (signed in, all of them) may do with them."""

    def _seen(original: str, owned: bool, visible: bool, *facts: object) -> Seen:
        return Seen(_info(*facts), FileName(original), owned, owned or visible)  # type: ignore[arg-type]

    rows = await tx.rows(
        f"""
        WITH asked AS (
            SELECT f.*, coalesce(f.preview_of, f.name) AS original FROM server.file f
            WHERE f.name = ANY(%s) AND f.state = 'stored'
        )
        SELECT f.original,
            EXISTS (SELECT 1 FROM server.file_owner o WHERE o.file = f.original AND o.cid = ANY(%s)),
            (SELECT r.published FROM server.file r WHERE r.name = f.original) AND cardinality(%s::bigint[]) > 0
            OR EXISTS (
                SELECT 1 FROM server.file_share s JOIN server.member m ON m.chat = s.chat
                WHERE s.file = f.original AND m.cid = ANY(%s)
                  -- who left sees what was shown up to the last message he may read
                  AND (m.role <> 'left'
                       OR s.shared <= (SELECT l.time FROM server.message l WHERE l.id = m.left_id))
            )
            OR EXISTS (
                SELECT 1 FROM server.file_channel s JOIN server.channel c ON c.id = s.channel
                WHERE s.file = f.original AND c.deleted = 0
                  AND (NOT c.closed AND cardinality(%s::bigint[]) > 0
                       OR EXISTS (SELECT 1 FROM server.channel_member m WHERE m.channel = c.id AND m.cid = ANY(%s)))
            ),
            {_FACTS}
        FROM asked f
        """,  # noqa: S608 - a constant
        list(names), list(viewers), list(viewers), list(viewers), list(viewers), list(viewers),
        kind=_seen,
    )  # fmt: skip
    return {row.info.file: row for row in rows}


async def share(tx: Transaction, names: Sequence[FileName], chat: ChatId, time: int) -> None:
    """Let the members of a conversation see files."""
    await tx.run(
        """
        INSERT INTO server.file_share (file, chat, shared) SELECT unnest(%s::text[]), %s, %s
        ON CONFLICT DO NOTHING
        """,
        list(names), chat, time,
    )  # fmt: skip


async def share_with_channel(tx: Transaction, names: Sequence[FileName], channel: ChannelId) -> None:
    """Let who may see a channel see files."""
    await tx.run(
        "INSERT INTO server.file_channel (file, channel) SELECT unnest(%s::text[]), %s ON CONFLICT DO NOTHING",
        list(names), channel,
    )  # fmt: skip


async def publish(tx: Transaction, names: Sequence[FileName]) -> None:
    """Let everybody who is signed in see files."""
    await tx.run("UPDATE server.file SET published = true WHERE name = ANY(%s)", list(names))


async def kept_by(tx: Transaction, owner: ContactId) -> int:
    """Bytes that somebody keeps, previews not counted."""
    return int(
        await tx.value(
            "SELECT coalesce(sum(size), 0) FROM server.file "
            "WHERE owner = %s AND preview_of IS NULL AND state = 'stored'",
            owner,
        )
    )


async def doom(tx: Transaction, name: FileName) -> None:
    """Hide a file until the store has forgotten it."""
    await tx.run("UPDATE server.file SET state = 'doomed' WHERE name = %s OR preview_of = %s", name, name)


async def doom_loose(tx: Transaction, before: int) -> None:
    """Doom what was uploaded before `before` and never shown to anybody, arrivals that broke off included."""
    await tx.run(
        """
        UPDATE server.file f SET state = 'doomed'
        WHERE (f.preview_of IS NULL AND NOT f.published AND f.created < %s AND f.state <> 'doomed'
               AND NOT EXISTS (SELECT 1 FROM server.file_share s WHERE s.file = f.name)
               AND NOT EXISTS (SELECT 1 FROM server.file_channel c WHERE c.file = f.name))
           OR (f.preview_of IS NOT NULL AND f.state <> 'doomed' AND f.created < %s AND f.state = 'arriving')
        """,
        before, before,
    )  # fmt: skip
    await tx.run(
        """
        UPDATE server.file p SET state = 'doomed' FROM server.file f
        WHERE p.preview_of = f.name AND f.state = 'doomed' AND p.state <> 'doomed'
        """
    )


async def doomed(tx: Transaction, count: int) -> list[FileName]:
    """Files that the store must forget, previews before their pictures."""
    return await tx.rows(
        "SELECT name FROM server.file WHERE state = 'doomed' ORDER BY preview_of IS NULL LIMIT %s", count, kind=FileName
    )


async def forget(tx: Transaction, name: FileName) -> None:
    """The store has forgotten a doomed file."""
    await tx.run("DELETE FROM server.file WHERE name = %s AND state = 'doomed'", name)


class Upload(Struct, frozen=True):
    """A resumable upload as far as it has come."""

    id: str
    title: str
    size: int
    arrived: int


async def begin_upload(
    tx: Transaction,
    upload: str,
    title: str,
    size: int,
    owners: Sequence[ContactId],
    time: int,
) -> None:
    """Note a resumable upload."""
    await tx.run(
        "INSERT INTO server.upload (id, title, size, created) VALUES (%s, %s, %s, %s)", upload, title, size, time
    )
    await tx.run(
        "INSERT INTO server.upload_owner (upload, cid) SELECT %s, unnest(%s::bigint[])", upload, list(set(owners))
    )


async def upload_of(tx: Transaction, upload: str, viewers: Sequence[ContactId]) -> Upload | None:
    """An upload of one of the viewers."""
    return await tx.row(
        """
        SELECT u.id, u.title, u.size, u.arrived FROM server.upload u
        WHERE u.id = %s AND EXISTS (SELECT 1 FROM server.upload_owner o WHERE o.upload = u.id AND o.cid = ANY(%s))
        """,
        upload, list(viewers), kind=Upload,
    )  # fmt: skip


async def note_piece(tx: Transaction, name: FileName, upload: str, start: int) -> None:
    """Note a piece before its bytes are kept; `start` is negative and unique until the piece counts."""
    await tx.run(
        "INSERT INTO server.upload_piece (name, upload, start, size) VALUES (%s, %s, %s, 0)", name, upload, start
    )


async def count_piece(tx: Transaction, name: FileName, upload: str, start: int, size: int) -> bool:
    """The bytes of a piece are kept: let it count. False when it has none, or another piece took its place."""
    if not size or not await tx.run(
        "UPDATE server.upload SET arrived = arrived + %s WHERE id = %s AND arrived = %s", size, upload, start
    ):
        return False
    return bool(await tx.run("UPDATE server.upload_piece SET start = %s, size = %s WHERE name = %s", start, size, name))


async def pieces(tx: Transaction, upload: str) -> list[FileName]:
    """The pieces that count, in their order."""
    return await tx.rows(
        "SELECT name FROM server.upload_piece WHERE upload = %s AND start >= 0 AND size > 0 ORDER BY start", upload,
        kind=FileName,
    )  # fmt: skip


async def end_upload(tx: Transaction, upload: str) -> bool:
    """Forget an upload; its pieces wait for the store to forget them. False when somebody else did."""
    return bool(await tx.run("DELETE FROM server.upload WHERE id = %s", upload))


async def end_old_uploads(tx: Transaction, before: int) -> None:
    """Forget uploads that began before `before`."""
    await tx.run("DELETE FROM server.upload WHERE created < %s", before)


async def spare_pieces(tx: Transaction, count: int) -> list[FileName]:
    """Pieces whose upload is over."""
    return await tx.rows(
        """
        SELECT p.name FROM server.upload_piece p
        WHERE NOT EXISTS (SELECT 1 FROM server.upload u WHERE u.id = p.upload) LIMIT %s
        """,
        count, kind=FileName,
    )  # fmt: skip


async def forget_piece(tx: Transaction, name: FileName) -> None:
    """The store has forgotten a piece."""
    await tx.run("DELETE FROM server.upload_piece WHERE name = %s", name)
