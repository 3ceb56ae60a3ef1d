"""The language of the scenario files, and who plays them.

One step per line; `#` begins a remark. A message is known by its text, a group by its name, a person by a login.
`alice's phone` is a second session of alice. A step that is expected to fail ends with `fails: <error code>`.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

Json = dict[str, Any]


class Actor(Protocol):
    """A signed-in session, over the bus or over a socket; everything is plain JSON, as on the wire."""

    async def call(self, event: str, payload: Any = None) -> Any:
        """Send a request; the argument of its ack."""

    async def next(self, event: str, **match: Any) -> Any:
        """Wait for an event whose fields are as given."""


class Stage(Protocol):
    """Where a scenario is played."""

    async def person(self, login: str) -> int:
        """Add somebody who can sign in; the cid."""

    async def session(self, login: str) -> Actor:
        """Sign in."""


Step = Callable[..., Awaitable[None]]
_steps: list[tuple[re.Pattern[str], Step]] = []

_WHO = r"(\w+(?:'s phone)?)"
_TEXT = r'"([^"]*)"'
_PLACE = r'(\w+|"[^"]*")'


def step(pattern: str) -> Callable[[Step], Step]:
    """Declare a step; WHO, TEXT and PLACE stand for a person, a quoted text, a person or quoted group."""
    for word, meaning in (("WHO", _WHO), ("TEXT", _TEXT), ("PLACE", _PLACE)):
        pattern = pattern.replace(word, meaning)

    def declare(fn: Step) -> Step:
        _steps.append((re.compile(pattern), fn))
        return fn

    return declare


class Play:
    """One scenario on its way."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cids: dict[str, int] = {}
        self._actors: dict[str, Actor] = {}
        self.groups: dict[str, int] = {}
        self.messages: dict[str, int] = {}

    async def run(self, text: str) -> None:
        """Play all lines; an AssertionError names the line."""
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            try:
                await self._line(line)
            except AssertionError as error:
                raise AssertionError(f"line {number}: {line}: {error}") from error

    async def _line(self, line: str) -> None:
        action, _, code = line.partition(" fails: ")
        for pattern, fn in _steps:
            found = pattern.fullmatch(action)
            if found is None:
                continue
            if not code:
                await fn(self, *found.groups())
                return
            refused = ""
            try:
                await fn(self, *found.groups())
            except Refused as error:
                refused = error.code
            assert refused == code, f"it failed with {refused!r}"
            return
        raise AssertionError("no step reads like this")

    async def cid(self, login: str) -> int:
        """Somebody's cid; made when the name appears first."""
        login = login.removesuffix("'s phone")
        if login not in self._cids:
            self._cids[login] = await self._stage.person(login)
        return self._cids[login]

    async def actor(self, who: str) -> Actor:
        """Somebody's session; signed in when the name appears first."""
        await self.cid(who)
        if who not in self._actors:
            self._actors[who] = await self._stage.session(who.removesuffix("'s phone"))
        return self._actors[who]

    async def place(self, name: str) -> Json:
        """The address of a conversation."""
        if name.startswith('"'):
            return {"cidType": "group", "cid": self.groups[name.strip('"')]}
        return {"cid": await self.cid(name)}

    async def ask(self, who: str, event: str, payload: Json) -> Any:
        """A request that must succeed; raises Refused."""
        reply = await (await self.actor(who)).call(event, payload)
        if isinstance(reply, dict) and reply.get("error"):
            raise Refused(reply["error"])
        return reply

    async def hear(self, who: str, event: str, **match: Any) -> Json:
        """An event that must come."""
        heard: Json = await (await self.actor(who)).next(event, **match)
        return heard


class Refused(Exception):
    """The server said no."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@step("WHO is here")
async def _here(play: Play, who: str) -> None:
    await play.actor(who)


@step("WHO sends TEXT to PLACE")
async def _sends(play: Play, who: str, text: str, place: str) -> None:
    sent = await play.ask(who, "send-message", {**await play.place(place), "data": text})
    play.messages[text] = sent["id"]


@step("WHO sends TEXT to PLACE again under the key TEXT")
async def _resends(play: Play, who: str, text: str, place: str, key: str) -> None:
    sent = await play.ask(who, "send-message", {**await play.place(place), "data": text, "key": key})
    assert play.messages.setdefault(text, sent["id"]) == sent["id"], "the id is another one"


@step("WHO replies TEXT to TEXT in PLACE")
async def _replies(play: Play, who: str, text: str, to: str, place: str) -> None:
    payload = {**await play.place(place), "data": text, "replyId": play.messages[to]}
    play.messages[text] = (await play.ask(who, "send-message", payload))["id"]


@step("WHO receives TEXT from PLACE")
async def _receives(play: Play, who: str, text: str, place: str) -> None:
    event = await play.hear(who, "message-event", data=text, **await play.place(place))
    assert event["id"] == play.messages[text], f"its id is {event['id']}"


@step("WHO receives the reply TEXT to TEXT")
async def _receives_reply(play: Play, who: str, text: str, to: str) -> None:
    await play.hear(who, "message-event", data=text, replyId=play.messages[to])


@step("WHO shows TEXT to PLACE")
async def _shows(play: Play, who: str, text: str, place: str) -> None:
    """An own message that was written on another device."""
    await play.hear(who, "message-event", data=text, senderId=await play.cid(who), **await play.place(place))


@step(r"WHO makes group TEXT with ([\w, ]+)")
async def _makes(play: Play, who: str, name: str, members: str) -> None:
    cids = [await play.cid(member) for member in members.split(", ")]
    for member in members.split(", "):
        await play.actor(member)
    play.groups[name] = (await play.ask(who, "create-group", {"name": name, "members": cids}))["cid"]


@step(r"WHO gets the notice ([\w-]+) in PLACE")
async def _notice(play: Play, who: str, what: str, place: str) -> None:
    while True:
        event = await play.hear(who, "message-event", dataType="system", **await play.place(place))
        if json.loads(event["data"])["what"] == what:
            assert "senderId" not in event, "a notice has no sender"
            return


@step("WHO invites WHO to TEXT")
async def _invites(play: Play, who: str, whom: str, group: str) -> None:
    await play.actor(whom)
    await play.ask(who, "add-group-members", {"cid": play.groups[group], "members": [await play.cid(whom)]})


@step("WHO removes WHO from TEXT")
async def _removes(play: Play, who: str, whom: str, group: str) -> None:
    await play.ask(who, "remove-group-member", {"cid": play.groups[group], "member": await play.cid(whom)})


@step("WHO leaves TEXT")
async def _leaves(play: Play, who: str, group: str) -> None:
    await play.ask(who, "leave-group", {"cid": play.groups[group]})


@step(r"WHO is (owner|admin|member|left) of TEXT")
async def _role(play: Play, who: str, role: str, group: str) -> None:
    chat = await play.ask(who, "get-chat", {"cidType": "group", "cid": play.groups[group]})
    assert chat.get("role", "member") == role, f"he is {chat.get('role')}"


@step(r"WHO makes WHO (owner|admin|member) of TEXT")
async def _gives_role(play: Play, who: str, whom: str, role: str, group: str) -> None:
    payload = {"cid": play.groups[group], "member": await play.cid(whom), "role": role}
    await play.ask(who, "set-group-role", payload)


@step("WHO reads TEXT")
async def _reads(play: Play, who: str, text: str) -> None:
    await play.ask(who, "message-watched", {"id": play.messages[text]})


@step("WHO sees that WHO read TEXT")
async def _sees_read(play: Play, who: str, reader: str, text: str) -> None:
    await play.hear(who, "message-marks-event", reader=await play.cid(reader), watchedId=play.messages[text])
    details = await play.ask(who, "get-message-details", {"id": play.messages[text]})
    (found,) = [entry for entry in details if entry["cid"] == play._cids[reader]]
    assert found.get("watchedTime"), "details do not know"


@step("WHO edits TEXT to TEXT")
async def _edits(play: Play, who: str, text: str, new: str) -> None:
    await play.ask(who, "edit-message", {"id": play.messages[text], "data": new})
    play.messages[new] = play.messages[text]


@step("WHO sees TEXT changed to TEXT")
async def _sees_edit(play: Play, who: str, text: str, new: str) -> None:
    event = await play.hear(who, "message-change-event", id=play.messages[text], data=new)
    assert event["editedTime"], "it has no time"


@step("WHO deletes TEXT")
async def _deletes(play: Play, who: str, text: str) -> None:
    await play.ask(who, "delete-message", {"id": play.messages[text]})


@step("WHO sees TEXT deleted")
async def _sees_deleted(play: Play, who: str, text: str) -> None:
    event = await play.hear(who, "message-change-event", id=play.messages[text], data="")
    assert event["deletedTime"], "it has no time"


@step(r"WHO puts (\S+) under TEXT")
async def _reacts(play: Play, who: str, reaction: str, text: str) -> None:
    await play.ask(who, "set-reaction", {"id": play.messages[text], "reaction": reaction})


@step(r"WHO sees (\S+) of WHO under TEXT")
async def _sees_reaction(play: Play, who: str, reaction: str, whom: str, text: str) -> None:
    expected = [{"reaction": reaction, "cids": [await play.cid(whom)]}]
    await play.hear(who, "message-change-event", id=play.messages[text], reactions=expected)


@step(r"WHO has (\d+) unread in PLACE")
async def _unread(play: Play, who: str, count: str, place: str) -> None:
    chat = await play.ask(who, "get-chat", await play.place(place))
    assert chat.get("unread", 0) == int(count), f"there are {chat.get('unread', 0)}"


@step(r"WHO finds in PLACE (nothing|\".*\")")
async def _finds(play: Play, who: str, place: str, texts: str) -> None:
    """The texts of a conversation, oldest first; notices are passed over."""
    page = await play.ask(who, "get-messages", await play.place(place))
    found = [m["data"] for m in reversed(page["messages"]) if m["dataType"] != "system"]
    expected = [] if texts == "nothing" else re.findall(_TEXT, texts)
    assert found == expected, f"there is {found}"


@step("WHO deletes the conversation with PLACE")
async def _forgets(play: Play, who: str, place: str) -> None:
    await play.ask(who, "delete-conversation", await play.place(place))


@step(r"WHO lists (nothing|.+)")
async def _lists(play: Play, who: str, places: str) -> None:
    """The conversations of somebody, newest first."""
    answer = await play.ask(who, "get-chats", {})
    found = [(chat.get("cidType", "user"), chat["cid"]) for chat in answer["chats"]]
    names = [] if places == "nothing" else places.split(", ")
    wanted = [await play.place(name) for name in names]
    expected = [(address.get("cidType", "user"), address["cid"]) for address in wanted]
    assert found == expected, f"there is {found}"
