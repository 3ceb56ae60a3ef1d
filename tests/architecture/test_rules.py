"""The program keeps every rule, and every rule can fail: it finds its bad examples and passes its good ones."""

from pathlib import PurePosixPath

import pytest

from tests.architecture.rules import LONGEST, RULES
from tests.architecture.source import Source, program

SERVER = "roschat/modules/server"
SURVEY = "roschat/modules/survey/service.py"
PERCO = "roschat/modules/acs/drivers/perco/x.py"

BAD = [
    ("layers", "roschat/types.py", "from roschat.wire import message"),
    ("layers", "roschat/wire/x.py", "import roschat.kernel.bus"),
    ("layers", "roschat/wire/x.py", "from roschat.proto import socketio"),
    ("layers", "roschat/proto/x.py", "from roschat.wire.message import Event"),
    ("layers", "roschat/kernel/x.py", "from roschat.transports.websocket import Session"),
    ("layers", "roschat/kernel/x.py", "def f():\n    from roschat.modules.server.chats import api"),
    ("layers", "roschat/transports/x.py", "from roschat.modules.server.accounts.api import Login"),
    ("layers", f"{SERVER}/files/service.py", "from roschat.modules.server.drivers.s3 import store"),
    ("declarations_stand_alone", f"{SERVER}/chats/api.py", "from roschat.kernel.errors import NotFound"),
    ("declarations_stand_alone", f"{SERVER}/chats/api.py", "from roschat.modules.server.files.api import FileInfo"),
    ("declarations_stand_alone", f"{SERVER}/chats/api.py", "import psycopg"),
    ("modules_meet_in_api", SURVEY, "from roschat.modules.server.chats.store import chat"),
    ("modules_meet_in_api", SURVEY, "from roschat.modules.bots.api import StartBot"),
    ("modules_meet_in_api", "roschat/cli.py", "from roschat.modules.server.accounts.store import account"),
    ("drivers_see_the_driver", PERCO, "from roschat.modules.acs.service import Acs"),
    (
        "drivers_see_the_driver",
        "roschat/modules/acs/drivers/perco/x.py",
        "from roschat.modules.acs.drivers.sigur import y",
    ),
    ("wiring_is_imported_by_nobody", f"{SERVER}/chats/service.py", "from roschat.modules.server.module import Server"),
    ("sql_in_stores", f"{SERVER}/chats/service.py", 'tx.rows("SELECT id FROM chats", kind=int)'),
    ("sql_in_stores", f"{SERVER}/chats/service.py", 'sql = """\n    INSERT INTO chats VALUES (%s)"""'),
    ("sql_in_stores", f"{SERVER}/chats/service.py", 'sql = f"UPDATE chats SET {name} = 1"'),
    ("sql_in_stores", "roschat/transports/rest.py", 'tx.run("WITH old AS (DELETE FROM x RETURNING 1) SELECT 1")'),
    ("loop_in_kernel", f"{SERVER}/chats/service.py", "import asyncio\nasyncio.get_running_loop().call_later(1, print)"),
    ("loop_in_kernel", f"{SERVER}/chats/service.py", "import asyncio\nasyncio.create_task(f())"),
    ("loop_in_kernel", f"{SERVER}/chats/service.py", "import asyncio\nasyncio.run(f())"),
    ("loop_in_kernel", f"{SERVER}/chats/service.py", "from asyncio import ensure_future"),
    ("loop_in_kernel", f"{SERVER}/chats/service.py", "from twisted.internet.defer import Deferred"),
    ("loop_in_kernel", "roschat/proto/sip.py", "from twisted.internet import reactor"),
    ("wall_clock_in_clock", f"{SERVER}/chats/service.py", "import time\nt = time.time()"),
    ("wall_clock_in_clock", f"{SERVER}/chats/service.py", "from time import time"),
    ("wall_clock_in_clock", "roschat/kernel/log.py", "from datetime import datetime\nt = datetime.now()"),
    ("wall_clock_in_clock", "roschat/kernel/log.py", "import datetime\nt = datetime.date.today"),
    ("context_in_wiring", f"{SERVER}/chats/service.py", "from roschat.kernel.service import Context"),
    ("context_in_wiring", f"{SERVER}/chats/service.py", "from roschat.kernel import service"),
    ("absolute_imports", f"{SERVER}/chats/service.py", "from . import store"),
    ("no_type_checking", "roschat/kernel/db.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x"),
    ("no_type_checking", "roschat/kernel/db.py", "import typing\nif typing.TYPE_CHECKING:\n    import x"),
    ("init_is_a_docstring", "roschat/kernel/__init__.py", '"""The kernel."""\nfrom roschat.kernel.bus import Bus'),
    ("init_is_a_docstring", "roschat/kernel/__init__.py", ""),
    ("says_what_it_owns", "roschat/kernel/db.py", "import os"),
    ("short_files", "roschat/kernel/db.py", "x = 1\n" * (LONGEST + 1)),
    ("domain_nouns", "roschat/kernel/http_utils.py", ""),
    ("domain_nouns", "roschat/kernel/db.py", "class ConnectionManager: ..."),
    ("domain_nouns", "roschat/kernel/db.py", "class HandlerForRequests: ..."),
]

GOOD = [
    ("layers", "roschat/cli.py", "from roschat.kernel.bus import Bus\nfrom roschat.transports import rest"),
    ("layers", PERCO, "from roschat.modules.acs.driver import Driver"),
    ("layers", f"{SERVER}/module.py", "import asyncio\nfrom roschat.kernel.service import Module\nimport roschat"),
    (
        "declarations_stand_alone",
        f"{SERVER}/chats/api.py",
        "from typing import Any\nfrom roschat.wire.declare import event",
    ),
    (
        "modules_meet_in_api",
        "roschat/modules/survey/service.py",
        "from roschat.modules.server.chats.api import GetChat",
    ),
    ("modules_meet_in_api", f"{SERVER}/chats/service.py", "from roschat.modules.server.chats.store import chat"),
    ("modules_meet_in_api", "roschat/cli.py", "from roschat.modules.server.directory.api import AddContact"),
    (
        "drivers_see_the_driver",
        "roschat/modules/acs/drivers/perco/x.py",
        "from roschat.modules.acs.drivers.perco import y",
    ),
    ("sql_in_stores", f"{SERVER}/chats/store.py", 'tx.rows("SELECT id FROM chats", kind=int)'),
    ("sql_in_stores", f"{SERVER}/chats/service.py", '"""SELECT is a word."""\nx = "Select a chat"\ny = "WITH LOVE"'),
    ("loop_in_kernel", "roschat/kernel/aio.py", "import asyncio\nasyncio.get_running_loop()"),
    ("loop_in_kernel", f"{SERVER}/x.py", "import asyncio\nq = asyncio.Queue()\nasync with asyncio.timeout(1): ..."),
    ("loop_in_kernel", f"{SERVER}/x.py", "async with asyncio.TaskGroup() as group:\n    group.create_task(f())"),
    ("wall_clock_in_clock", "roschat/kernel/clock.py", "import time\ntime.time()"),
    (
        "wall_clock_in_clock",
        f"{SERVER}/x.py",
        "import datetime, time\ndatetime.timedelta(1)\ntime.monotonic()",
    ),
    ("context_in_wiring", f"{SERVER}/module.py", "from roschat.kernel.service import Context"),
    ("context_in_wiring", f"{SERVER}/chats/service.py", "from roschat.kernel.service import Health"),
    ("init_is_a_docstring", "roschat/kernel/__init__.py", '"""The kernel."""'),
    ("domain_nouns", "roschat/modules/server_manager/module.py", "class ServerProcess: ..."),
]

PROGRAM = program()


@pytest.mark.parametrize("rule", RULES)
def test_program_keeps(rule: str) -> None:
    complaints = [complaint for source in PROGRAM for complaint in RULES[rule](source)]
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.parametrize(("rule", "path", "code"), BAD)
def test_rule_finds(rule: str, path: str, code: str) -> None:
    assert list(RULES[rule](_source(path, code)))


@pytest.mark.parametrize(("rule", "path", "code"), GOOD)
def test_rule_passes(rule: str, path: str, code: str) -> None:
    assert not list(RULES[rule](_source(path, code)))


def test_every_rule_has_been_seen_to_fail() -> None:
    assert {rule for rule, _, _ in BAD} == set(RULES)


def test_the_whole_program_is_read() -> None:
    paths = {str(source.path) for source in PROGRAM}
    assert {"roschat/types.py", "roschat/kernel/bus.py", "roschat/modules/server/chats/api.py"} <= paths
    assert not [path for path in paths if "/tests/" in path or "node_modules" in path]


def _source(path: str, code: str) -> Source:
    return Source(PurePosixPath(path), code, frozenset({"server"}))
