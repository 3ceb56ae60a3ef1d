"""What a client meets under an address, tried by a process of its own: `python probe.py`, the question on stdin.

    {"address": "chat.example.org", "http": 80, "https": 443, "websocket": 8080, "limit": 5.0}

It prints a list of {"name", "good", "target", "text", "duration"}. Only the standard library is used, and nothing of
the server: a wrong name, a firewall on this machine, a port that another program holds, a certificate that browsers do
not trust all look here as they look to a client. A port of 0 is not asked.
"""

import json
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any


def probes(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Try everything; the first failure of the name ends it, for nothing else can be right then."""
    address, limit = str(asked["address"]), float(asked.get("limit", 5.0))
    found = tried("dns", address, lambda: named(address))
    yield found
    if not found["good"]:
        return
    if port := int(asked.get("http", 0)):
        yield tried("http", f"{address}:{port}", lambda: answers_http(address, port, limit))
    if port := int(asked.get("https", 0)):
        yield tried("certificate", f"{address}:{port}", lambda: trusted(address, port, limit))
        yield tried("https", f"{address}:{port}", lambda: answers_https(address, port, limit))
    if port := int(asked.get("websocket", 0)):
        yield tried("websocket", f"{address}:{port}", lambda: answers_sockets(address, port, limit))


def tried(name: str, target: str, work: Callable[[], str]) -> dict[str, Any]:
    """One probe; what goes wrong is its text."""
    began = time.monotonic()
    try:
        text, good = work(), True
    except Wrong as error:
        text, good = str(error), False
    except ssl.SSLCertVerificationError as error:
        text, good = f"the certificate is not trusted: {error.verify_message}", False
    except ssl.SSLError as error:
        text, good = f"TLS failed: {error.reason or error}", False
    except TimeoutError:
        text, good = "no answer in time", False
    except ConnectionRefusedError:
        text, good = "nobody listens there, or a firewall refuses", False
    except (OSError, HTTPException) as error:
        text, good = str(error) or type(error).__name__, False
    return {"name": name, "good": good, "target": target, "text": text, "duration": (time.monotonic() - began) * 1000}


class Wrong(Exception):
    """Something answers, but not this server."""


def named(address: str) -> str:
    """The addresses of a name."""
    try:
        found = socket.getaddrinfo(address, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise Wrong(f"the name is not known: {error.strerror}") from None
    return ", ".join(dict.fromkeys(str(one[4][0]) for one in found))


def trusted(address: str, port: int, limit: float) -> str:
    """Whether a browser on this machine would trust the certificate."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((address, port), limit) as plain,
        context.wrap_socket(plain, server_hostname=address) as secure,
    ):
        return str(secure.version())


def answers_http(address: str, port: int, limit: float) -> str:
    """The redirect to https, or the page itself."""
    status, headers, _ = ask(HTTPConnection(address, port, timeout=limit), "/")
    if status in (301, 302, 307, 308) and headers.get("location", "").startswith("https://"):
        return f"leads to {headers['location']}"
    if status != 200:
        raise Wrong(f"answered {status}, not with the page or the way to https; another program may listen here")
    return "answers"


def answers_https(address: str, port: int, limit: float) -> str:
    """The health of the server."""
    _, _, body = ask(untrusting(address, port, limit), "/health")
    try:
        return f"health: {json.loads(body)['state']}"
    except (ValueError, KeyError, TypeError):
        raise Wrong("answered, but not like this server; another program may listen here") from None


def answers_sockets(address: str, port: int, limit: float) -> str:
    """The first packet of a client's socket (Engine.IO 4)."""
    status, _, body = ask(untrusting(address, port, limit), "/socket.io/?EIO=4&transport=polling")
    if status != 200 or not body.startswith(b"0{"):
        raise Wrong(f"answered {status}, but speaks no Socket.IO; another program may listen here")
    return "speaks Socket.IO"


def untrusting(address: str, port: int, limit: float) -> HTTPSConnection:
    """A connection that takes any certificate: whether it is trusted is a question of its own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(address, port, timeout=limit, context=context)


def ask(connection: HTTPConnection, path: str) -> tuple[int, dict[str, str], bytes]:
    """One GET: status, headers with lower-case names, the beginning of the body."""
    try:
        connection.request("GET", path, headers={"user-agent": "roschat-check", "connection": "close"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read(4096)
    finally:
        connection.close()


if __name__ == "__main__":
    json.dump(list(probes(json.load(sys.stdin))), sys.stdout)
