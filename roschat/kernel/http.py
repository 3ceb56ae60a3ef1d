"""HTTP as handlers see it: a request, a response, and the routes of a listener. No sockets here.

`transports/http.py` reads bytes and builds a `Request`; `Routes.answer` finds the handler and turns every outcome,
errors included, into a `Response`; the transport writes it. A body is never read before its handler asks for it, so a
body that breaks the route's limit is refused before it travels.
"""

import logging
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import formatdate
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

from roschat.kernel.errors import Invalid, NotFound, RoschatError, TooLarge, Unavailable

log = logging.getLogger(__name__)

STATUS = {
    "bad-request": 400,
    "not-authorized": 401,
    "bad-token": 401,
    "access-denied": 403,
    "password-must-change": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "timeout": 408,
    "too-large": 413,
    "bad-range": 416,
    "too-many-requests": 429,
    "unknown": 500,
    "unavailable": 503,
    "no-space": 507,
}
"""The HTTP status of each error code; a code that is not here is 400."""

MAX_BODY = 1_048_576
"""Bytes of a request body when a route names no limit of its own."""

_encode = msgspec.json.Encoder().encode

Body = bytes | AsyncIterator[bytes] | Path


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


class Request:
    """One request. Header names are lower-case; of a repeated query key the first value counts.

    `path` is as sent, still percent-encoded, with runs of slashes made one; `params` are the decoded parts that the
    pattern of the route named. `address` is the client's, behind a configured proxy the one the proxy vouches for.
    """

    def __init__(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        source: bytes | AsyncIterator[bytes] = b"",
        address: str = "",
        secure: bool = False,
        host: str = "",
    ) -> None:
        self.method = method
        self.path = one_slash(path)
        self.params: dict[str, str] = {}
        self.query_string = query
        self.headers: Mapping[str, str] = headers or {}
        self.address = address
        self.secure = secure
        self.host = host
        self.limit: int | None = None
        """Bytes of body that the route takes; set by `Routes.answer`."""
        self.ends_with_client = method in ("GET", "HEAD")
        """Whether the handler is cancelled when the client hangs up; a handler that waits for news sets it."""
        length = self.headers.get("content-length", "")
        self.length: int | None = int(length) if length.isascii() and length.isdigit() else None
        if isinstance(source, bytes):
            self.length = len(source) if source else self.length
            source = _once(source) if source else _nothing()
        self._source = source

    @cached_property
    def query(self) -> dict[str, str]:
        """The decoded query."""
        values: dict[str, str] = {}
        for key, value in parse_qsl(self.query_string, keep_blank_values=True, max_num_fields=None):
            values.setdefault(key, value)
        return values

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The cookies; empty when the header is not well-formed."""
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives, no faster than it is read. Raises TooLarge over the limit of the route."""
        total = 0
        async for chunk in self._source:
            total += len(chunk)
            if self.limit is not None and total > self.limit:
                raise too_large(total, self.limit)
            yield chunk

    async def body(self, limit: int = MAX_BODY) -> bytes:
        """The whole body. Raises TooLarge, before reading when the length was announced."""
        if self.length is not None and self.length > limit:
            raise too_large(self.length, limit)
        parts: list[bytes] = []
        total = 0
        async for chunk in self.chunks():
            total += len(chunk)
            if total > limit:
                raise too_large(total, limit)
            parts.append(chunk)
        return b"".join(parts)


def too_large(size: int, limit: int) -> TooLarge:
    """The refusal of a body."""
    return TooLarge(f"The body has {size} bytes or more, the limit here is {limit}; send less.")


class Response:
    """What a handler answers.

    A `Path` body is streamed from disk, an iterator as it yields, both no faster than the client reads. `start` and
    `length` cut a range of bytes out of a `Path`. `cookies` are complete Set-Cookie values.
    """

    __slots__ = ("body", "cookies", "headers", "length", "start", "status")

    def __init__(
        self,
        status: int = 200,
        body: Body = b"",
        headers: Mapping[str, str] | None = None,
        *,
        start: int = 0,
        length: int | None = None,
        cookies: tuple[str, ...] = (),
    ) -> None:
        self.status = status
        self.body = body
        self.headers: dict[str, str] = dict(headers or {})
        self.start = start
        self.length = length
        self.cookies = cookies


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A value (msgspec structs, dicts, lists …) as JSON, not to be cached."""
    return Response(
        status,
        _encode(value),
        {"content-type": "application/json; charset=utf-8", "cache-control": "no-store", **(headers or {})},
    )


def text_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Plain text."""
    return Response(status, text.encode(), {"content-type": "text/plain; charset=utf-8", **(headers or {})})


def error_response(error: RoschatError) -> Response:
    """`{"error": code, "text": text}`, with `fields` when single values are bad, and the fitting status."""
    body: dict[str, Any] = {"error": error.code, "text": error.text}
    if error.fields:
        body["fields"] = error.fields
    return json_response(body, STATUS.get(error.code, 400))


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """`(start, length)` of a Range header over `size` bytes (RFC 9110 section 14).

    None when the whole is meant: no header, another unit, several ranges, bad syntax. Raises an error of code
    `bad-range` (416) when nothing of the range exists.
    """
    unit, _, spec = header.partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash or "," in spec:
        return None
    if not all(not part or (part.isascii() and part.isdigit() and len(part) < 19) for part in (first, last)):
        return None
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    elif last:
        start, end = max(0, size - int(last)), size - 1
    else:
        return None
    if start >= size or end < start:
        raise RoschatError(f"The range {header!r} lies outside of the {size} bytes that there are.", "bad-range")
    return start, end - start + 1


def file_response(request: Request, path: Path, headers: Mapping[str, str] | None = None) -> Response:
    """A file with its size, entity tag, ranges and 304. Raises NotFound when it is not there."""
    try:
        stat = path.stat()
    except OSError:
        raise NotFound(f"There is no file {path.name!r}.") from None
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    kind, coding = mimetypes.guess_type(path.name)
    answer = {
        "content-type": kind if kind and not coding else "application/octet-stream",
        "accept-ranges": "bytes",
        "etag": tag,
        "last-modified": formatdate(stat.st_mtime, usegmt=True),
        **(headers or {}),
    }
    if tag in (part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")):
        return Response(304, b"", answer)
    condition = request.headers.get("if-range", tag)
    part = byte_range(request.headers.get("range", ""), stat.st_size) if condition == tag else None
    if part is None:
        return Response(200, path, answer, length=stat.st_size)
    start, length = part
    answer["content-range"] = f"bytes {start}-{start + length - 1}/{stat.st_size}"
    return Response(206, path, answer, start=start, length=length)


Handler = Callable[[Request], Awaitable[Response]]


def one_slash(path: str) -> str:
    """The path with runs of slashes made one: the FF7F bot SDK asks for `//ajax/config.json`."""
    while "//" in path:
        path = path.replace("//", "/")
    return path


class Route:
    """One pattern with its handler."""

    __slots__ = ("handler", "max_body", "method", "parts", "pattern", "rest", "suspended")

    def __init__(self, method: str, pattern: str, handler: Handler, max_body: int | None) -> None:
        if not pattern.startswith("/"):
            raise ValueError(f"The pattern {pattern!r} must begin with a slash.")
        self.method = method.upper()
        self.pattern = pattern
        self.handler = handler
        self.max_body = max_body
        self.parts = pattern[1:].split("/")
        self.rest = self.parts.pop()[1:-6] if self.parts[-1].endswith(":path}") else ""
        self.suspended = False
        """Whether its handler is taken back: who asks gets 503, and another may serve it."""

    @property
    def order(self) -> tuple[bool, int, tuple[int, ...]]:
        """Sorts exact parts before those with a beginning, these before named ones, and all before a rest.

        Of two with a rest the longer one is the more exact.
        """
        kinds = tuple(0 if "{" not in part else 1 + part.startswith("{") for part in self.parts)
        return bool(self.rest), -len(self.parts) if self.rest else 0, kinds

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """The named parts of a path that was cut at its slashes, or None when it is another path."""
        count = len(self.parts)
        if len(parts) != count and not (self.rest and len(parts) > count):
            return None
        params: dict[str, str] = {}
        for wanted, found in zip(self.parts, parts, strict=False):
            beginning, brace, name = wanted.partition("{")
            if not brace:
                if wanted != found:
                    return None
            elif not found.startswith(beginning) or found == beginning:
                return None
            else:
                params[name[:-1]] = unquote(found[len(beginning) :])
        if self.rest:
            tail = [unquote(part) for part in parts[count:]]
            if any(part in (".", "..") or "/" in part for part in tail):
                return None
            params[self.rest] = "/".join(tail)
        return None if any("\0" in value for value in params.values()) else params


class Routes:
    """The handlers of one listener. The order of `add` does not matter: the more exact pattern wins."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def add(self, method: str, pattern: str, handler: Handler, *, max_body: int | None = MAX_BODY) -> Route:
        """Serve `method` ("*": any; GET serves HEAD too) of a pattern.

        `/files/{name}` names a part, `/bot{token}` what follows the beginning of one, a last `{rest:path}` takes the
        rest with its slashes. `max_body` are the bytes of body that are let in, None: the handler checks. ValueError
        when the same is served already.
        """
        route = Route(method, pattern, handler, max_body)
        if self.has(route.method, pattern):
            raise ValueError(f"{method} {pattern} has two handlers; remove one.")
        self._routes[:] = [known for known in self._routes if (known.method, known.pattern) != (route.method, pattern)]
        self._routes.append(route)
        self._routes.sort(key=lambda known: known.order)
        return route

    def suspend(self, route: Route, text: str) -> None:
        """Take a handler back: from now on the answer is 503 `unavailable` with this text."""

        async def unavailable(_: Request) -> Response:
            raise Unavailable(text)

        route.handler = unavailable
        route.suspended = True

    def has(self, method: str, pattern: str) -> bool:
        """Whether exactly this is served."""
        return any(
            known.method == method and known.pattern == pattern and not known.suspended for known in self._routes
        )

    def listed(self) -> list[Route]:
        """All routes."""
        return list(self._routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route of a path and its named parts. Raises NotFound, or `method-not-allowed`."""
        parts = one_slash(path)[1:].split("/")
        wanted = {method, "*", "GET"} if method == "HEAD" else {method, "*"}
        others: set[str] = set()
        for route in self._routes:
            params = route.match(parts)
            if params is None:
                continue
            if route.method in wanted:
                return route, params
            others.add(route.method)
        if others:
            raise RoschatError(
                f"{path!r} does not take {method}; it takes {', '.join(sorted(others))}.", "method-not-allowed"
            )
        raise NotFound(f"There is nothing at {path!r}.")

    async def answer(self, request: Request) -> Response:
        """The response to a request; an error of any kind is a JSON response as well."""
        try:
            route, request.params = self.find(request.method, request.path)
            request.limit = route.max_body
            if request.length is not None and route.max_body is not None and request.length > route.max_body:
                raise too_large(request.length, route.max_body)
            return await route.handler(request)
        except RoschatError as error:
            return error_response(error)
        except msgspec.ValidationError as error:
            return error_response(Invalid(f"The request does not have the form it should: {error}."))
        except msgspec.DecodeError as error:
            return error_response(Invalid(f"The request is not well-formed JSON: {error}."))
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return json_response({"error": "unknown"}, 500)
