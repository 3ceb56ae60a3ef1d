"""The bus between processes and hosts, over a NATS server; kernel/bus.py says what it promises.

What is served or heard in this process goes through a LocalBus inside, at once; NATS carries the rest, and its interest
graph is the only table of who is where. Subjects under a prefix that separates installations:

    PREFIX.event.<name>             a JSON array of events, all that were published in one turn of the loop
    PREFIX.command.<name>           request and reply; servers of a command are one queue group
    PREFIX.hook.<process>.<name>    request and reply: the opinions that one process has at one order
    PREFIX.hooks                    announcements of processes: that they live, and which hooks they answer

`asked` and the order of questions come from the announcements on the last subject (kernel/bus_peers.py). While the NATS
server is away, calls fail at once and events wait in a small buffer; what was lost nobody knows, so at its return
`EventsMissed` is told in every process, as `BusLost` is at the beginning. Events of the kind LocalEvent do not travel.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from secrets import token_hex
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError, SlowConsumerError
from nats.errors import TimeoutError as NatsTimeout

from roschat.kernel.bus import Undo
from roschat.kernel.bus_codec import decoder_of, defect, encode, error_of, name_of, reply_decoder_of
from roschat.kernel.bus_local import LocalBus
from roschat.kernel.bus_peers import Announcement, Peers
from roschat.kernel.bus_peers import decode as decode_announcement
from roschat.kernel.errors import RoschatError, TooLarge, Unavailable
from roschat.wire.message import SYSTEM, Caller, Command, Event, Hook, LocalEvent
from roschat.wire.process import BusLost

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
H = TypeVar("H", bound=Hook)
R = TypeVar("R")

BATCH = 256 * 1024
"""Bytes after which a batch of events is sent on its way; far below the 1 MB that a NATS server takes by default."""
HOOK_TIMEOUT = 5.0
CONNECT_TIMEOUT = 5.0


class Request(Struct, frozen=True):
    """A command or a hook on its way. `order` is for hooks, `timeout` in seconds."""

    message: Raw
    caller: Caller = SYSTEM
    timeout: float = 10.0
    order: int = 0


class Reply(Struct, frozen=True, omit_defaults=True):
    """What came of it: a reply, or an error."""

    reply: Raw = Raw(b"null")
    error: str = ""
    text: str = ""
    hang_up: bool = False
    fields: dict[str, str] = {}


_request = msgspec.json.Decoder(Request).decode
_reply = msgspec.json.Decoder(Reply).decode


class NatsBus:
    """`await open()` before use, `await settled()` when what was served must be known to others, `await close()`."""

    def __init__(
        self,
        address: str,
        *,
        prefix: str = "roschat",
        strict: bool = False,
        on_error: Callable[[str], None] | None = None,
    ) -> None:
        self._address = address
        self._prefix = prefix
        self.process = token_hex(4)
        """The name of this process on the bus, eight characters."""
        self._local = LocalBus(strict=strict, on_error=on_error)
        self._nats = Client()
        self._away = ""
        self._heard: set[type[Event]] = set()
        self._answered: set[type[Hook]] = set()
        self._subscriptions: dict[str, Subscription] = {}
        self._peers = Peers(self.process, self._hooks, self._say_later, self._local.publish)
        self._outgoing: list[Event | Callable[[], Awaitable[None]]] = []
        self._wake = asyncio.Event()
        self._sent = asyncio.Event()
        self._sent.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._steady: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect. Raises Unavailable when the server does not answer within five seconds."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._nats.connect(
                    self._address,
                    name=f"roschat {self.process}",
                    no_echo=True,
                    allow_reconnect=True,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    ping_interval=10,
                    error_cb=self._on_error,
                    disconnected_cb=self._on_disconnect,
                    reconnected_cb=self._on_reconnect,
                )
        except (NatsError, OSError, TimeoutError) as error:
            await self._nats.close()
            raise Unavailable(
                f"The NATS server at {self._address} does not answer ({error or 'no answer in time'}); "
                "start it, or run everything in one process with --bus local."
            ) from None
        await self._listen(f"{self._prefix}.hooks", self._on_announcement)
        self._steady = [
            asyncio.create_task(self._send_all(), name="bus sender"),
            asyncio.create_task(self._peers.keep_announcing(), name="bus announcements"),
        ]
        self._peers.announce(ask=True)

    def introduce(self) -> None:
        """All that is served and heard here is set up: let the other processes tell what one must know of them."""
        self._peers.announce(ask=True)

    def publish(self, event: Event) -> None:
        """See Bus. The subscribers of this process have heard it when this returns, the others hear it soon."""
        name_of(type(event))
        self._local.publish(event)
        if not isinstance(event, LocalEvent):
            self._later(event)

    def subscribe(self, kind: type[E], fn: Callable[[E], Awaitable[None] | None]) -> Undo:
        """See Bus."""
        undo = self._local.subscribe(kind, fn)
        if kind in self._heard or issubclass(kind, LocalEvent):
            return undo
        self._heard.add(kind)
        decode = msgspec.json.Decoder(list[kind]).decode  # type: ignore[valid-type]

        async def on_events(msg: Msg) -> None:
            try:
                events = decode(msg.data)
            except msgspec.MsgspecError as error:
                log.error("events of type %s from another process cannot be read: %s", name_of(kind), error)
                return
            for event in events:
                self._local.hand_out(event)

        # Once heard, a kind keeps its subscription: who comes back finds it, and nobody misses what came meanwhile.
        self._later(lambda: self._listen(f"{self._prefix}.event.{name_of(kind)}", on_events))
        return undo

    async def call(self, command: Command[R], caller: Caller = SYSTEM, timeout: float = 10.0) -> R:  # noqa: ASYNC109
        """See Bus. A server in this process is preferred."""
        kind = type(command)
        if self._local.serves(kind):
            return await self._local.call(command, caller, timeout)
        name = name_of(kind)
        request = Request(Raw(encode(command)), caller, timeout)
        reply = await self._request(f"{self._prefix}.command.{name}", name, request, timeout)
        decoded: R = reply_decoder_of(kind).decode(reply)
        return decoded

    def serve(self, kind: type[Command[R]], fn: Callable[[Any, Caller], Awaitable[R]]) -> Undo:
        """See Bus. The same command may be served by several processes; each call reaches one of them."""
        undo_here = self._local.serve(kind, fn)
        name = name_of(kind)
        subject = f"{self._prefix}.command.{name}"

        async def on_request(msg: Msg) -> None:
            self._spawn(self._carry_out(kind, name, msg), f"command {name}")

        self._later(lambda: self._listen(subject, on_request, queue="servers"))

        served = True

        async def undo() -> None:
            nonlocal served
            if served:
                served = False
                await undo_here()
                self._later(lambda: self._leave(subject))

        return undo

    def answer(self, kind: type[H], fn: Callable[[H], Awaitable[None]], order: int = 100) -> Undo:
        """See Bus."""
        undo_here = self._local.answer(kind, fn, order)
        if kind not in self._answered:
            self._answered.add(kind)
            name = name_of(kind)

            async def on_question(msg: Msg) -> None:
                self._spawn(self._give_opinion(kind, name, msg), f"hook {name}")

            self._later(lambda: self._listen(f"{self._prefix}.hook.{self.process}.{name}", on_question))
        self._peers.announce()

        async def undo() -> None:
            await undo_here()
            self._peers.announce()

        return undo

    async def ask(self, hook: Hook) -> None:
        """See Bus. Opinions of all processes are asked in one order."""
        kind = type(hook)
        name = name_of(kind)
        remote = self._peers.answering(name)
        if not remote:
            return await self._local.ask(hook)
        for order in self.orders(kind):
            await self._local.ask_at(hook, order)
            for process, theirs in remote:
                if order in theirs:
                    subject = f"{self._prefix}.hook.{process}.{name}"
                    await self._request(subject, name, Request(Raw(encode(hook)), order=order), HOOK_TIMEOUT)
        return None

    def asked(self, kind: type[Hook]) -> bool:
        """See Bus."""
        return self._local.asked(kind) or bool(self._peers.answering(name_of(kind)))

    def orders(self, kind: type[Hook]) -> list[int]:
        """The orders at which a hook is answered, here or elsewhere."""
        theirs = (order for _, orders in self._peers.answering(name_of(kind)) for order in orders)
        return sorted({*self._local.orders(kind), *theirs})

    async def settled(self) -> None:
        """Wait until the NATS server knows everything that was published, subscribed and served up to now."""
        async with asyncio.timeout(CONNECT_TIMEOUT):
            await self._sent.wait()
            await self._nats.flush(int(CONNECT_TIMEOUT))

    def health(self) -> str:
        """Empty when connected, else a sentence."""
        return self._away

    async def close(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Send what waits, finish what others asked for, and go; at most about `timeout` seconds."""
        if self._nats.is_connected:
            self._peers.leave()
            try:
                await self.settled()
                for subscription in self._subscriptions.values():
                    await subscription.unsubscribe()
            except (NatsError, TimeoutError) as error:
                log.warning("the bus was closed before everything was sent: %s", error or "no answer in time")
        for task in self._steady:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)
        for late in list(self._tasks):
            late.cancel()
        await asyncio.gather(*self._steady, *self._tasks, return_exceptions=True)
        await self._local.close(timeout)
        if self._nats.is_connected:
            try:
                await self._nats.flush(1)
            except (NatsError, TimeoutError):
                log.warning("the NATS server did not take the last replies")
        await self._nats.close()

    async def _request(self, subject: str, name: str, request: Request, timeout: float) -> Raw:  # noqa: ASYNC109
        if not self._nats.is_connected:
            raise Unavailable(f"{name} cannot be sent: {self._away or 'the bus is closed.'}")
        data = encode(request)
        if len(data) > self._nats.max_payload:
            raise TooLarge(f"{name} has {len(data)} bytes, the NATS server takes {self._nats.max_payload}.")
        try:
            msg = await self._nats.request(subject, data, timeout)
        except NoRespondersError:
            raise Unavailable(f"Nobody serves {name}: the module that does is not running.") from None
        except NatsTimeout:
            raise Unavailable(f"{name} was not carried out within {timeout:g} seconds; try again.") from None
        except NatsError as error:
            raise Unavailable(f"{name} could not be sent ({error}); try again.") from None
        reply = _reply(msg.data)
        if reply.error:
            refusal = error_of(reply.error, reply.text, reply.fields)
            refusal.hang_up = reply.hang_up
            raise refusal
        return reply.reply

    async def _carry_out(self, kind: type[Command[Any]], name: str, msg: Msg) -> None:
        async def work() -> Any:
            request = _request(msg.data)
            command = decoder_of(kind).decode(request.message)
            return await self._local.call(command, request.caller, request.timeout)

        await self._respond(msg, name, work())

    async def _give_opinion(self, kind: type[Hook], name: str, msg: Msg) -> None:
        async def work() -> None:
            request = _request(msg.data)
            await self._local.ask_at(decoder_of(kind).decode(request.message), request.order)

        await self._respond(msg, name, work())

    async def _respond(self, msg: Msg, name: str, work: Coroutine[Any, Any, Any]) -> None:
        try:
            data = encode(Reply(Raw(encode(await work))))
            if len(data) > self._nats.max_payload:
                raise TooLarge(f"The reply to {name} has {len(data)} bytes; ask for less at once.")
        except RoschatError as error:
            data = encode(Reply(error=error.code, text=error.text, hang_up=error.hang_up, fields=dict(error.fields)))
        except Exception:
            log.exception("%s from another process failed", name)
            data = encode(Reply(error=RoschatError.code, text=defect(name).text))
        try:
            await msg.respond(data)
        except NatsError as error:
            log.warning("the reply to %s was lost: %s", name, error)

    async def _listen(self, subject: str, fn: Callable[[Msg], Awaitable[None]], queue: str = "") -> None:
        self._subscriptions[subject] = await self._nats.subscribe(subject, queue=queue, cb=fn)

    async def _leave(self, subject: str) -> None:
        subscription = self._subscriptions.pop(subject, None)
        if subscription is not None:
            await subscription.unsubscribe()

    def _later(self, item: Event | Callable[[], Awaitable[None]]) -> None:
        self._outgoing.append(item)
        self._sent.clear()
        self._wake.set()

    async def _send_all(self) -> None:
        """The only sender: what one turn of the loop left in line goes out together and in its order."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            items, self._outgoing = self._outgoing, []
            batch: list[bytes] = []
            size = 0
            kind: type[Event] = Event
            for item in items:
                if not isinstance(item, Event):
                    await self._flush(kind, batch)
                    await self._do(item)
                    continue
                encoded = encode(item)
                if type(item) is not kind or size + len(encoded) > BATCH:
                    await self._flush(kind, batch)
                    size, kind = 0, type(item)
                batch.append(encoded)
                size += len(encoded) + 1
            await self._flush(kind, batch)
            if not self._outgoing:
                self._sent.set()

    async def _do(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except NatsError as error:
            log.error("the NATS server did not take a subscription: %s", error)

    async def _flush(self, kind: type[Event], batch: list[bytes]) -> None:
        if not batch:
            return
        data = b"[" + b",".join(batch) + b"]"
        batch.clear()
        try:
            await self._nats.publish(f"{self._prefix}.event.{name_of(kind)}", data)
        except NatsError as error:
            log.error("%d bytes of %s were not sent to other processes: %s", len(data), name_of(kind), error)

    def _hooks(self) -> dict[str, list[int]]:
        return {name_of(kind): orders for kind in self._answered if (orders := self._local.orders(kind))}

    def _say_later(self, announcement: Announcement) -> None:
        self._later(lambda: self._say(announcement))

    async def _say(self, announcement: Announcement) -> None:
        try:
            await self._nats.publish(f"{self._prefix}.hooks", encode(announcement))
        except NatsError as error:
            log.warning("this process could not be announced: %s", error)

    async def _on_announcement(self, msg: Msg) -> None:
        self._peers.hear(decode_announcement(msg.data))

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _on_disconnect(self) -> None:
        if not self._nats.is_closed:
            self._away = f"the NATS server at {self._address} is away; calls between processes fail until it is back."
            log.error("%s", self._away)
            self._peers.lose()
            self._local.publish(BusLost())

    async def _on_reconnect(self) -> None:
        log.warning("the NATS server at %s is back", self._address)
        self._away = ""
        self._peers.find()

    async def _on_error(self, error: Exception) -> None:
        if isinstance(error, SlowConsumerError):
            self._peers.miss("this process reads its events too slowly")
        if not isinstance(error, OSError):
            log.warning("bus: %s", error or type(error).__name__)
