"""The chatbench driver of this server: Engine.IO 4 over WebSocket, signed in with stored access tokens.

Accounts and tokens are made through the control socket (`control=PATH`), so that preparing five thousand people
does not measure password hashing. Options: port, control, host (127.0.0.1).
"""

import asyncio
import json
from typing import Any

from chatbench.session import Session, ws_text

PING = b"\x81\x012"
PONG = ws_text(b"3")


class SocketIoSession(Session):
    """One signed-in socket. Message keys are sent as the web client sends them, so resend protection is on."""

    def __init__(self, user: str, idx: int, driver: "Driver") -> None:
        super().__init__(user, idx)
        self.driver = driver
        self.requests = 0

    def data_received(self, data: bytes) -> None:
        """Answer the server's pings, leave the rest to chatbench."""
        if PING in data:
            self.write(PONG)
        super().data_received(data)

    async def start(self) -> "SocketIoSession":
        """Open the socket and sign in."""
        host, port = self.driver.host, self.driver.port
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        await self.ws_upgrade(f"{host}:{port}", "/socket.io/?EIO=4&transport=websocket")
        await self.expect(b"pingTimeout")
        self.write(ws_text(b"40"))
        await self.expect(b'40{"sid"')
        reply = await self.call("login", {"token": self.driver.tokens[self.user], "APILevel": 9}, b'"status":')
        if b'"ok"' not in reply and b'"ok"' not in bytes(self.buf):
            raise ConnectionError(f"{self.user}: {bytes(self.buf[-300:])!r}")
        return self

    async def call(self, name: str, payload: Any, until: bytes) -> bytes:
        """Send a request; the answer up to and with the bytes `until`."""
        self.requests += 1
        number = 10_000_000 + self.requests
        self.write(ws_text(b"42%d" % number + json.dumps([name, payload], separators=(",", ":")).encode()))
        await self.expect(b"43%d[" % number)
        return (await self.expect(until))[1]

    async def join(self, group: str) -> None:
        """Members are in from the group's creation."""

    def render_direct(self, to: str, body: str, seq: int) -> bytes:
        """A message to one person."""
        return self._message("user", self.driver.contacts[to], body, seq)

    def render_group(self, group: str, body: str, seq: int) -> bytes:
        """A message to a group."""
        return self._message("group", self.driver.groups[group], body, seq)

    def _message(self, kind: str, cid: int, body: str, seq: int) -> bytes:
        return ws_text(
            b'42%d["send-message",{"cidType":"%s","cid":%d,"dataType":"text","data":"%s","key":"%s-%d"}]'
            % (seq, kind.encode(), cid, body.encode(), self.driver.run, seq)
        )

    async def history(self, peer: str, count: int) -> int:
        """Fetch the newest page; how many messages it held."""
        request = {"cidType": "user", "cid": self.driver.contacts[peer], "count": count}
        return (await self.call("get-messages", request, b"}]")).count(b"~cb")


class Driver:
    """Makes people and groups, and opens their sockets."""

    def __init__(self, args: Any) -> None:
        options = args.opt
        self.host, self.port = options.get("host", "127.0.0.1"), int(options["port"])
        self.control = options["control"]
        self.run = args.prefix.encode()
        self.contacts: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        self.groups: dict[str, int] = {}

    async def prepare(self, users: list[str], groups: dict[Any, list[str]]) -> None:
        """Create cards, tokens and groups."""
        reader, writer = await asyncio.open_unix_connection(self.control, limit=2**24)

        async def command(name: str, payload: Any) -> Any:
            writer.write(json.dumps({"command": name, "payload": payload}).encode() + b"\n")
            answer = json.loads(await reader.readline())
            if "error" in answer:
                raise RuntimeError(f"{name}: {answer}")
            return answer["reply"]

        for user in users:
            added = await command("add-contact", {"fields": [{"type": "surname", "value": user}]})
            self.contacts[user] = added["cid"]
            await command("set-contact-services", {"cid": added["cid"], "services": [{"type": "computer"}]})
            tokens = await command("issue-tokens", {"cid": added["cid"], "client": "bench"})
            self.tokens[user] = tokens["access_token"]
        writer.close()
        for name, members in groups.items():
            if isinstance(name, str):
                owner = await self.connect(members[0], 0)
                request = {"name": name, "members": [self.contacts[m] for m in members[1:]]}
                self.groups[name] = int((await owner.call("create-group", request, b"}"))[len(b'{"cid":') : -1])
                await owner.close()

    async def connect(self, user: str, idx: int) -> SocketIoSession:
        """A signed-in session."""
        return await SocketIoSession(user, idx, self).start()
