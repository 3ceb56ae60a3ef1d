"""Publications of channels, how far readers have come, and comments."""

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, Invalid, NotFound
from roschat.modules.server.channels import news, rules, store
from roschat.modules.server.channels.access import Need, reach, reach_publication
from roschat.modules.server.channels.api import (
    CommentEvent,
    CommentView,
    EditPublication,
    GetComments,
    GetPublications,
    PublicationFile,
    Publications,
    SendComment,
    SendPublication,
)
from roschat.modules.server.files.api import KnownFile, ShareFilesWithChannel
from roschat.types import ChannelId, ContactId, PublicationId

AFTER_ALL = 2**62


class Press:
    """See the module docstring."""

    def __init__(self, db: Database, bus: Bus, clock: Clock) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock

    async def publish(self, cid: ContactId, wanted: SendPublication) -> PublicationId:
        """Publish; a key that was used answers the publication it made."""
        title, text = _checked(wanted)
        key = rules.checked("key", wanted.key, rules.MAX_KEY)
        async with self._db.reading() as tx:
            await reach(tx, cid, wanted.ch_id, Need.ADMINISTER)
            known = await store.published_as(tx, wanted.ch_id, cid, key)
        if known is not None:
            return known
        files = await self._shared(cid, wanted.ch_id, wanted.files)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await reach(tx, cid, wanted.ch_id, Need.ADMINISTER)
            known = await store.published_as(tx, wanted.ch_id, cid, key)
            if known is not None:
                return known
            time = self._clock.seconds()
            number = await store.add_publication(tx, wanted.ch_id, cid, title, text, files, key, time, rev)
            _, view = await reach_publication(tx, cid, wanted.ch_id, number, Need.ADMINISTER)
            await news.tell_all(tx, wanted.ch_id, news.published(view))
        return number

    async def edit(self, cid: ContactId, wanted: EditPublication) -> None:
        """Replace what a publication says."""
        title, text = _checked(wanted)
        async with self._db.reading() as tx:
            await reach_publication(tx, cid, wanted.ch_id, wanted.pub_id, Need.ADMINISTER)
        files = await self._shared(cid, wanted.ch_id, wanted.files)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await reach_publication(tx, cid, wanted.ch_id, wanted.pub_id, Need.ADMINISTER)
            time = self._clock.seconds()
            await store.edit_publication(tx, wanted.ch_id, wanted.pub_id, title, text, files, time, rev)
            await self._tell_changed(tx, wanted.ch_id, wanted.pub_id)

    async def delete(self, cid: ContactId, channel: ChannelId, publication: PublicationId) -> None:
        """Delete a publication for everybody."""
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            await reach_publication(tx, cid, channel, publication, Need.ADMINISTER)
            await store.delete_publication(tx, channel, publication, self._clock.seconds(), rev)
            await self._tell_changed(tx, channel, publication)

    async def page(self, cid: ContactId, wanted: GetPublications) -> Publications:
        """A page, newest first: those before `endId`, those next after `beginId`, those between, or the newest."""
        count = rules.checked_count(wanted.count)
        async with self._db.reading() as tx:
            await reach(tx, cid, wanted.ch_id, Need.SEE)
            if wanted.begin_id and not wanted.end_id:
                found = await store.next_after(tx, wanted.ch_id, wanted.begin_id, count)
            else:
                before = wanted.end_id or AFTER_ALL
                found = await store.newest(tx, wanted.ch_id, before, wanted.begin_id, count)
            if found:
                oldest, latest = found[-1].pub_id, found[0].pub_id
            else:
                oldest = latest = wanted.begin_id or wanted.end_id
            older, newer = await store.neighbours(tx, wanted.ch_id, oldest, latest)
        return Publications(found, older, newer)

    async def watched(self, cid: ContactId, channel: ChannelId, publication: PublicationId) -> None:
        """The caller has read up to here; his devices hear the count that is left. Strangers keep no mark."""
        async with self._db.transaction() as tx:
            await reach(tx, cid, channel, Need.SEE)
            if await store.watch(tx, channel, cid, publication):
                await news.tell_change(tx, channel, [cid])

    async def comment(self, cid: ContactId, wanted: SendComment) -> CommentView:
        """Comment on a publication the caller may read; a key that was used answers the comment it made."""
        text = rules.checked("comment", wanted.text, rules.MAX_COMMENT, needed=True)
        key = rules.checked("key", wanted.key, rules.MAX_KEY)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            place, _ = await reach_publication(tx, cid, wanted.ch_id, wanted.pub_id, Need.SEE)
            known = await store.commented_as(tx, wanted.ch_id, wanted.pub_id, cid, key)
            if known is not None:
                return known
            if not place.comments:
                raise Denied(f"The channel {wanted.ch_id} takes no comments.")
            time = self._clock.seconds()
            made = await store.add_comment(tx, wanted.ch_id, wanted.pub_id, cid, text, key, time, rev)
            await self._tell_comment(tx, made, [cid])
        return made

    async def comments(self, cid: ContactId, wanted: GetComments) -> list[CommentView]:
        """Comments after one, oldest first."""
        async with self._db.reading() as tx:
            await reach_publication(tx, cid, wanted.ch_id, wanted.pub_id, Need.SEE)
            count = rules.checked_count(wanted.count)
            return await store.comments(tx, wanted.ch_id, wanted.pub_id, wanted.begin_id, count)

    async def delete_comment(self, cid: ContactId, comment: int) -> None:
        """Delete a comment: its author, or an admin of the channel."""
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            found = await store.comment(tx, comment)
            if found is None:
                raise NotFound(f"There is no comment {comment}.")
            place = await reach(tx, cid, found.ch_id, Need.SEE)
            if found.cid != cid and place.role != "admin":
                raise Denied(f"The comment {comment} is not yours; its author and the admins may delete it.")
            time = self._clock.seconds()
            if await store.delete_comment(tx, found, time, rev):
                gone = await store.comment(tx, comment)
                await self._tell_comment(tx, gone or found, [cid])

    async def _tell_comment(self, tx: Transaction, comment: CommentView, also: list[ContactId]) -> None:
        event = CommentEvent(*(getattr(comment, name) for name in CommentView.__struct_fields__))
        await news.tell_all(tx, comment.ch_id, event, also)
        await self._tell_changed(tx, comment.ch_id, comment.pub_id, also)

    async def _tell_changed(
        self, tx: Transaction, channel: ChannelId, publication: PublicationId, also: list[ContactId] | None = None
    ) -> None:
        view = await store.publication(tx, channel, publication)
        if view is not None:
            await news.tell_all(tx, channel, news.changed(view), also or [])

    async def _shared(self, cid: ContactId, channel: ChannelId, files: list[PublicationFile]) -> list[PublicationFile]:
        """Show files to the readers; sizes and names are the server's own, not the sender's."""
        rules.checked_files(files)
        if not files:
            return []
        await self._bus.call(ShareFilesWithChannel(by=cid, files=[file.file for file in files], channel=channel))
        shared = []
        for file in files:
            info = await self._bus.call(KnownFile(file=file.file))
            shared.append(
                PublicationFile(info.file, info.name, file.type, info.preview_file, info.size, info.width, info.height)
            )
        return shared


def _checked(wanted: SendPublication | EditPublication) -> tuple[str, str]:
    title = rules.checked("title", wanted.title, rules.MAX_TITLE)
    text = rules.checked("text", wanted.text, rules.MAX_TEXT)
    rules.checked_files(wanted.files)
    if not (title or text or wanted.files):
        raise Invalid("The publication is empty; give it a title, a text or a file.")
    return title, text
