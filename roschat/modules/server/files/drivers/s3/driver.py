"""Files in a bucket of an S3-compatible service (Amazon, Ceph, MinIO, Garage, SeaweedFS …), shared by all hosts.

boto3 blocks, so its calls run in threads. A file of one part is a plain PUT; a longer one is a multipart upload, one
part in memory at a time, which becomes visible when it is completed and is aborted when anything goes wrong.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from roschat.kernel.errors import Invalid, NotFound, Unavailable
from roschat.modules.server.files.driver import CHUNK, FileStore, StorageFull

PART = 8_388_608
"""Bytes of one part; the service wants at least 5 MiB in all but the last."""
FULL = {"XMinioStorageFull", "QuotaExceeded", "InsufficientCapacity", "EntityTooLarge", "507"}
MISSING = {"NoSuchKey", "404", "NotFound"}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the bucket is. Without keys boto3's own chain (environment, instance role) is asked.

    `prefix` is put before every key, `authority` is a file of certificates to trust beside the system's.
    """

    bucket: str
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = ""
    prefix: str = ""
    path_style: bool = True
    authority: str = ""
    timeout: float = 10.0


async def connect(options: dict[str, Any], folder: Path) -> FileStore:
    """Open the bucket, which must exist."""
    try:
        wanted = msgspec.convert(options, Options)
    except msgspec.ValidationError as error:
        raise Invalid(f"The options of the S3 file store are wrong: {error}.") from error
    store = BucketStore(wanted)
    await store.check()
    return store


class BucketStore:
    """See the module docstring."""

    def __init__(self, options: Options) -> None:
        self._bucket = options.bucket
        self._prefix = options.prefix
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=options.endpoint or None,
            region_name=options.region,
            aws_access_key_id=options.access_key or None,
            aws_secret_access_key=options.secret_key or None,
            verify=options.authority or None,
            config=Config(
                connect_timeout=options.timeout,
                read_timeout=options.timeout,
                retries={"max_attempts": 3, "mode": "standard"},
                max_pool_connections=32,
                s3={"addressing_style": "path" if options.path_style else "auto"},
                # Compatible services do not know the newer checksum trailers.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> int:
        """See FileStore."""
        where = self._where(name)
        upload = ""
        parts: list[dict[str, Any]] = []
        size = 0
        with _spoken(self._bucket):
            try:
                async for part in _parts(chunks):
                    if not upload and len(part) < PART:  # all of it
                        await asyncio.to_thread(self._client.put_object, **where, Body=part)
                        return len(part)
                    if not upload:
                        started = await asyncio.to_thread(self._client.create_multipart_upload, **where)
                        upload = started["UploadId"]
                    number = len(parts) + 1
                    done = await asyncio.to_thread(
                        self._client.upload_part, **where, UploadId=upload, PartNumber=number, Body=part
                    )
                    parts.append({"PartNumber": number, "ETag": done["ETag"]})
                    size += len(part)
                await asyncio.to_thread(
                    self._client.complete_multipart_upload, **where, UploadId=upload, MultipartUpload={"Parts": parts}
                )
            except BaseException:
                if upload:
                    await self._abort(where, upload)
                raise
        return size

    async def open(self, name: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """See FileStore."""
        if length is not None and length <= 0:
            return
        where = self._where(name)
        if start or length is not None:
            where["Range"] = f"bytes={start}-{'' if length is None else start + length - 1}"
        with _spoken(self._bucket):
            try:
                answer = await asyncio.to_thread(self._client.get_object, **where)
            except ClientError as error:
                if _code(error) in MISSING:
                    raise NotFound(f"There is no file {name!r} in the store.") from None
                if _code(error) in {"InvalidRange", "416"}:
                    return
                raise
            body = answer["Body"]
            try:
                while chunk := await asyncio.to_thread(body.read, CHUNK):
                    yield chunk
            finally:
                body.close()

    async def delete(self, name: str) -> None:
        """See FileStore."""
        with _spoken(self._bucket):
            await asyncio.to_thread(self._client.delete_object, **self._where(name))

    async def exists(self, name: str) -> bool:
        """See FileStore."""
        with _spoken(self._bucket):
            try:
                await asyncio.to_thread(self._client.head_object, **self._where(name))
            except ClientError as error:
                if _code(error) in MISSING:
                    return False
                raise
        return True

    async def check(self) -> None:
        """Whether the bucket answers."""
        with _spoken(self._bucket):
            try:
                async with asyncio.timeout(5):
                    await asyncio.to_thread(self._client.head_bucket, Bucket=self._bucket)
            except TimeoutError as error:
                raise Unavailable(f"The bucket {self._bucket!r} did not answer in 5 s; look at the service.") from error

    async def close(self) -> None:
        """Close the connections."""
        await asyncio.to_thread(self._client.close)

    def _where(self, name: str) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}

    async def _abort(self, where: dict[str, Any], upload: str) -> None:
        # A lost abort costs room until the bucket's own life-cycle rule clears it; the first error matters more.
        with contextlib.suppress(ClientError, BotoCoreError):
            await asyncio.shield(asyncio.to_thread(self._client.abort_multipart_upload, **where, UploadId=upload))


async def _parts(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream in parts of PART bytes; the last one is shorter, and the only one may be empty."""
    held = bytearray()
    sent = False
    async for chunk in chunks:
        held += chunk
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
            sent = True
    if held or not sent:
        yield bytes(held)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _spoken(bucket: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if _code(error) in FULL:
            raise StorageFull(f"The bucket {bucket!r} has no room for the file: {error}.") from error
        raise Unavailable(f"The bucket {bucket!r} refused: {error}.") from error
    except BotoCoreError as error:
        raise Unavailable(f"The bucket {bucket!r} does not answer: {error}.") from error
