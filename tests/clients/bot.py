"""A bot as the SDKs for Python run one, in threads; it does what the lines on its standard input say.

    python bot.py <official|ff7f|old> <base> <https port> <name> <token>

official: the vendor's SDK since 2023: Engine.IO 4 on `webSocketsPortVer4`, marker in headers, certificates are not
verified. ff7f: adds a slash to the base, so asks for `//ajax/config.json`, and builds `https://host/:PORT`, which leads
to the port of the base itself. old: Engine.IO 3 on `webSocketsPort`, no marker, certificates must verify.

Lines in and out are those of bot.js.
"""

import json
import sys
import threading
from typing import Any

import requests
import socketio

EVENTS = ("bot-message-event", "bot-button-event", "delete-bot-conversation-event", "bot-message-change-event")
PATIENCE = 5.0
"""Seconds in which start-bot must be answered (ff7f)."""

_writing = threading.Lock()


def say(*line: Any) -> None:
    """Write a line."""
    with _writing:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def connect(client: Any, sdk: str, base: str, https_port: str) -> None:
    """Find the server as the SDK does."""
    here = f"{base}:{https_port}"
    marker = {"query": "type-bot", "rejectUnauthorized": "false"}
    if sdk == "ff7f":
        here += "/"
    config = requests.get(here + "/ajax/config.json", verify=sdk == "old", timeout=PATIENCE).json()
    say("config", config)
    if sdk == "official":
        client.connect(f"{base}:{config['webSocketsPortVer4']}", headers=marker)
    elif sdk == "ff7f":
        client.connect(f"{here}:{config['webSocketsPortVer4']}", headers=marker)
    else:
        client.connect(f"{base}:{config['webSocketsPort']}")


def start(client: Any, name: str, token: str) -> bool:
    """Sign in; exactly one argument must come back in time."""
    answered = threading.Event()
    acks: list[tuple[Any, ...]] = []

    def on_start(*ack: Any) -> None:
        acks.append(ack)
        answered.set()

    client.emit("start-bot", {"token": token, "name": name}, callback=on_start)
    if not answered.wait(PATIENCE):
        say("started")
        return False
    say("started", *acks[0])
    return not (acks[0] and acks[0][0].get("error"))


def upload(url: str, file: str, content: str, verify: bool) -> None:
    """Send a file without a word of who sends it; a redirect would be followed as GET."""
    answer = requests.post(url, files={"file": (file, content.encode())}, verify=verify, timeout=PATIENCE)
    say("uploaded", answer.status_code, answer.headers["content-type"], answer.text)


def main(sdk: str, base: str, https_port: str, name: str, token: str) -> None:
    """Run until the standard input ends."""
    client = socketio.Client(ssl_verify=sdk == "old", reconnection_attempts=5)

    def listener(event: str) -> Any:
        return lambda *arguments: say("event", event, *arguments)

    for event in EVENTS:
        client.on(event, listener(event))
    client.on("disconnect", lambda *reason: say("disconnect", *map(str, reason)))
    connect(client, sdk, base, https_port)
    if start(client, name, token):
        for line in sys.stdin:
            what, *rest = json.loads(line)
            if what == "call":
                client.emit(rest[0], *rest[1:], callback=lambda *ack: say("ack", *ack))
            elif what == "emit":
                client.emit(*rest)
            elif what == "transport":
                say("transport", client.transport())
            elif what == "upload":
                upload(f"{base}:{https_port}{rest[0]}", rest[1], rest[2], sdk == "old")
    else:
        sys.stdin.read()
    client.disconnect()


if __name__ == "__main__":
    requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
    main(*sys.argv[1:])
