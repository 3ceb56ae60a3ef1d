"""The HTTP side of files: `/messages/data` as clients and bots know it, `/messages/uploads` for resumable uploads."""

import msgspec

from roschat.kernel.errors import Invalid, TooLarge
from roschat.kernel.http import Request, Response, Routes, byte_range, json_response, text_response
from roschat.modules.server.files.api import FileInfo, NewUpload
from roschat.modules.server.files.library import Library
from roschat.modules.server.files.multipart import OVERHEAD, Form
from roschat.modules.server.files.rules import disposition, names_tag
from roschat.modules.server.files.uploads import Uploads
from roschat.modules.server.files.visitors import Visitors
from roschat.types import FileName

_new_upload = msgspec.json.Decoder(NewUpload, strict=False)


class FileRoutes:
    """Serves files to who asks by HTTP; the rules are in Library, Uploads and Visitors."""

    def __init__(self, library: Library, uploads: Uploads, visitors: Visitors) -> None:
        self._library = library
        self._uploads = uploads
        self._visitors = visitors

    def add_to(self, routes: Routes) -> None:
        """Serve on a listener. Both forms of the upload address answer: a redirect would turn POST into GET."""
        routes.add("POST", "/messages/data", self.upload, max_body=None)
        routes.add("POST", "/messages/data/", self.upload, max_body=None)
        routes.add("GET", "/messages/data/{name}", self.download)
        routes.add("POST", "/messages/uploads", self.begin, max_body=16_384)
        routes.add("PATCH", "/messages/uploads/{upload}", self.append, max_body=None)
        routes.add("GET", "/messages/uploads/{upload}", self.state)
        routes.add("DELETE", "/messages/uploads/{upload}", self.cancel)

    async def upload(self, request: Request) -> Response:
        """A form with one file; the answer is its bare name, or with `Accept: application/json` its FileInfo."""
        owners = await self._visitors.of(request)
        if request.length is not None:
            await self._library.admit(owners[0], max(0, request.length - OVERHEAD))
        part = await Form(request.headers.get("content-type", ""), request.chunks()).file()
        info = await self._library.take(owners, part.name, part.chunks)
        if request.headers.get("accept", "").startswith("application/json"):
            return json_response(info, 201)
        return text_response(info.file, headers={"cache-control": "no-store"})

    async def download(self, request: Request) -> Response:
        """A file or a range of it. One answer, 404, for a file that is not there and for one that is not to be seen."""
        viewers = await self._visitors.maybe(request)
        info = await self._library.visible(FileName(request.params["name"]), viewers)
        tag = f'"{info.file}"'
        headers = {
            "content-type": _shown_type(info),
            "content-disposition": disposition(info.name, info.content_type),
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
            "cross-origin-resource-policy": "same-site",
            "cache-control": "private, max-age=31536000, immutable",
            "accept-ranges": "bytes",
            "etag": tag,
        }
        if names_tag(request.headers.get("if-none-match", ""), tag):
            return Response(304, b"", headers)
        part = None
        if request.headers.get("if-range", tag) == tag and info.size:
            part = byte_range(request.headers.get("range", ""), info.size)
        if part is None:
            headers["content-length"] = str(info.size)
            return Response(200, self._library.read(info.file), headers)
        start, length = part
        headers["content-length"] = str(length)
        headers["content-range"] = f"bytes {start}-{start + length - 1}/{info.size}"
        return Response(206, self._library.read(info.file, start, length), headers)

    async def begin(self, request: Request) -> Response:
        """`{name, size}` → UploadState; then PATCH its address."""
        owners = await self._visitors.of(request)
        wanted = _new_upload.decode(await request.body(16_384))
        return json_response(await self._uploads.begin(owners, wanted.name, wanted.size), 201)

    async def append(self, request: Request) -> Response:
        """The bytes from the header `Upload-Offset` on; UploadState while some are missing, else FileInfo with 201."""
        viewers = await self._visitors.of(request)
        upload = request.params["upload"]
        offset = request.headers.get("upload-offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
            raise Invalid(f"The header Upload-Offset is {offset[:40]!r}; give the number of bytes sent so far.")
        if request.length is not None:
            state = await self._uploads.state(viewers, upload)
            if int(offset) + request.length > state.size:
                raise TooLarge(f"The upload has {state.size} bytes and {int(offset) + request.length} would come.")
        done = await self._uploads.append(viewers, upload, int(offset), request.chunks())
        if isinstance(done, FileInfo):
            return json_response(done, 201)
        return json_response(done, headers={"upload-offset": str(done.offset)})

    async def state(self, request: Request) -> Response:
        """UploadState, the offset in the header `Upload-Offset` too (for HEAD)."""
        state = await self._uploads.state(await self._visitors.of(request), request.params["upload"])
        return json_response(state, headers={"upload-offset": str(state.offset), "upload-length": str(state.size)})

    async def cancel(self, request: Request) -> Response:
        """Give an upload up."""
        await self._uploads.cancel(await self._visitors.of(request), request.params["upload"])
        return Response(204)


def _shown_type(info: FileInfo) -> str:
    return "text/plain; charset=utf-8" if info.content_type == "text/plain" else info.content_type
