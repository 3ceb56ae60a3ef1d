"""Files: uploaded and downloaded over HTTP, named by unguessable names, shown to those who may see what they hang on.

`POST /messages/data` (with or without a slash at the end; multipart, field `file`) answers the bare stored name.
`GET /messages/data/<name>` downloads with ranges. `/messages/uploads` takes large files in resumable pieces.
"""

from roschat.types import ChannelId, ChatId, ContactId, FileName
from roschat.wire.declare import INTERNAL, PERSON, command
from roschat.wire.message import Command, Empty, Message


class FileInfo(Message, frozen=True):
    """What the server knows of a stored file; the type is sniffed from the content, not believed."""

    file: FileName
    name: str
    """As its owner called it, made safe to show and to save."""
    size: int
    content_type: str
    owner: ContactId
    width: int = 0
    height: int = 0
    preview_file: FileName = FileName("")
    """A JPEG or WebP of at most 640 pixels, for images; it is asked for under this name."""


@command("get-file-info", access=PERSON)
class GetFileInfo(Command[FileInfo], frozen=True):
    """Facts of a file the caller may see."""

    file: FileName


@command("share-files", access=INTERNAL)
class ShareFiles(Command[Empty], frozen=True):
    """From now on the members of a conversation may see these files. The owner, or somebody who sees them, shares.

    Unknown names are refused with `not-found`, foreign ones with `access-denied`.
    """

    by: ContactId
    files: list[FileName]
    chat: ChatId


@command("publish-files", access=INTERNAL)
class PublishFiles(Command[Empty], frozen=True):
    """Everybody who is signed in may see these files (avatars, publications of public channels)."""

    by: ContactId
    files: list[FileName]


@command("file-info", access=INTERNAL)
class KnownFile(Command[FileInfo], frozen=True):
    """Facts of a file, for modules."""

    file: FileName


class Stored(Message, frozen=True):
    """The name of a stored file."""

    file: FileName


@command("store-file", access=INTERNAL)
class StoreFile(Command[FileInfo], frozen=True):
    """Keep a small file (an icon, a message's attachment made by a module) that is already in memory."""

    owner: ContactId
    name: str
    content: bytes


@command("share-files-with-channel", access=INTERNAL)
class ShareFilesWithChannel(Command[Empty], frozen=True):
    """From now on who may see this channel may see these files; refuses as ShareFiles does."""

    by: ContactId
    files: list[FileName]
    channel: ChannelId


class UploadState(Message, frozen=True, omit_defaults=False):
    """A resumable upload: go on sending from byte `offset` of `size`."""

    upload: str
    offset: int
    size: int


class NewUpload(Message, frozen=True):
    """The body of `POST /messages/uploads`."""

    name: str
    size: int


@command("authenticate-bot", access=INTERNAL)
class AuthenticateBot(Command[ContactId], frozen=True):
    """Whose bot token this is, for HTTP requests with `Authorization: Bot <token>`; served by module bots.

    `not-authorized` when it is nobody's.
    """

    token: str


class FileContent(Message, frozen=True):
    """A whole small file."""

    info: FileInfo
    content: bytes


@command("read-file", access=INTERNAL)
class ReadFile(Command[FileContent], frozen=True):
    """The bytes of a file of at most `limit` bytes, else `too-large`; for modules that show it by own rules."""

    file: FileName
    limit: int = 1_048_576
