"""The rules of docs/architecture.md, one function each: it yields a sentence for every place that breaks it.

Every rule here has bad and good examples in test_rules.py, which prove that it can fail.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator

from tests.architecture.source import LAYERS, Source, layer

Rule = Callable[[Source], Iterator[str]]

LONGEST = 600
"""Lines of a file; most are far below."""

_SQL = re.compile(
    r"^\s*(SELECT|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|WITH\s+\w+.*\sAS\s*\(|COPY\s+\w+|LISTEN\s|NOTIFY\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|SCHEMA|SEQUENCE|FUNCTION|TRIGGER|DATABASE))\b",
    re.DOTALL,
)
_LOOP_CALLS = {
    "get_running_loop", "get_event_loop", "new_event_loop", "set_event_loop", "create_task", "ensure_future",
    "call_later", "call_at", "call_soon", "call_soon_threadsafe", "callLater", "callFromThread", "callInThread",
    "run_in_executor", "run_coroutine_threadsafe", "run_until_complete", "run_forever", "add_reader", "add_writer",
    "start_server", "start_unix_server", "create_server", "create_datagram_endpoint",
}  # fmt: skip
_LOOP_PACKAGES = {"twisted", "autobahn", "txaio", "uvloop", "selectors"}
_WALL_CLOCK = {
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime",
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
}  # fmt: skip
_EMPTY_WORDS = {"manager", "managers", "helper", "helpers", "util", "utils", "handler", "handlers"}


def layers(source: Source) -> Iterator[str]:
    """types ← wire, proto ← kernel ← transports ← modules ← drivers; api.py only wire and types."""
    for line, name in source.imports():
        there = tuple(name.split("."))
        if there[0] != "roschat" or len(there) < 2:
            continue
        higher = layer(there) > source.layer
        beside = layer(there) == source.layer == LAYERS["wire"] and there[1] != source.place[1]
        if (higher and there[1] in LAYERS) or beside:
            yield f"{source.path}:{line}: {'.'.join(source.place)} may not import {name}"


def declarations_stand_alone(source: Source) -> Iterator[str]:
    """api.py imports the standard library, msgspec, roschat.types and roschat.wire, and no other api.py."""
    if source.path.name != "api.py":
        return
    for line, name in source.imports():
        top = name.split(".")[0]
        ours = name.startswith(("roschat.wire.", "roschat.types."))
        if not ours and top != "msgspec" and top not in sys.stdlib_module_names:
            yield f"{source.path}:{line}: api.py may not import {name}, only roschat.wire and roschat.types"


def modules_meet_in_api(source: Source) -> Iterator[str]:
    """A module sees another through its api.py, and names it in `uses`; a starting file sees api.py alone."""
    for line, name in source.imports():
        there = tuple(name.split("."))
        if there[:2] != ("roschat", "modules") or len(there) < 4 or there[2] == source.module:
            continue
        if "api" not in there[3:]:
            yield f"{source.path}:{line}: {name} is inside another module; only its api.py may be imported"
        elif source.module is not None and there[2] not in source.uses:
            yield f"{source.path}:{line}: name {there[2]!r} in `uses` of {source.module}/module.toml to import {name}"


def drivers_see_the_driver(source: Source) -> Iterator[str]:
    """A driver imports of its module driver.py, api.py and its own folder."""
    if "drivers" not in source.place or source.module is None:
        return
    at = source.place.index("drivers")
    own, vendor = source.place[:at], source.place[: at + 2]
    for line, name in source.imports():
        there = tuple(name.split("."))
        inside = there[: len(own)] == own and there[: len(vendor)] != vendor
        if inside and there[len(own)] not in ("driver", "api"):
            yield f"{source.path}:{line}: a driver may not import {name}; what it needs belongs to driver.py"


def wiring_is_imported_by_nobody(source: Source) -> Iterator[str]:
    """module.py is loaded, never imported."""
    for line, name in source.imports():
        there = tuple(name.split("."))
        if there[:2] == ("roschat", "modules") and "module" in there[3:5]:
            yield f"{source.path}:{line}: {name} is wiring; nobody imports module.py"


def sql_in_stores(source: Source) -> Iterator[str]:
    """SQL stands in store.py and schema/, and in the kernel for the tables of the runtime itself."""
    if source.path.name == "store.py" or source.place[1:2] == ("kernel",):
        return
    documents = set(_docstrings(source.tree))
    for node in ast.walk(source.tree):
        match node:
            case ast.Constant(value=str() as text) if _SQL.match(text) and node not in documents:
                yield f"{source.path}:{node.lineno}: SQL belongs to store.py or schema/: {text.strip()[:60]!r}"


def loop_in_kernel(source: Source) -> Iterator[str]:
    """Reactor, Deferred and event-loop calls stand in kernel and transports, and where the program starts.

    Elsewhere asyncio is what one awaits: Queue, Event, Lock, Future, timeout, gather, TaskGroup, to_thread. A task
    of its own is made by kernel.aio, which holds it and logs how it failed.
    """
    if source.layer in (LAYERS["kernel"], LAYERS["transports"]) or len(source.place) == 2:
        return
    for line, name in source.imports():
        if name.split(".")[0] in _LOOP_PACKAGES or _last(name) in _LOOP_CALLS or name == "asyncio.run":
            yield f"{source.path}:{line}: {name} belongs to kernel or transports"
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="asyncio"), attr="run")):
                yield f"{source.path}:{node.lineno}: asyncio.run belongs to kernel or transports"
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _LOOP_CALLS:
                # A TaskGroup's create_task is held by the group.
                if not (name == "create_task" and isinstance(owner, ast.Name) and owner.id == "group"):
                    yield f"{source.path}:{node.lineno}: {name} belongs to kernel or transports (see kernel/aio.py)"


def wall_clock_in_clock(source: Source) -> Iterator[str]:
    """The wall clock is read in kernel/clock.py; everything else gets a Clock."""
    if str(source.path) == "roschat/kernel/clock.py":
        return
    for line, name in source.imports():
        if name in _WALL_CLOCK:
            yield f"{source.path}:{line}: {name} reads the wall clock; take a kernel.clock.Clock"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in _WALL_CLOCK:
            yield f"{source.path}:{node.lineno}: {ast.unparse(node)} reads the wall clock; take a kernel.clock.Clock"


def context_in_wiring(source: Source) -> Iterator[str]:
    """Context is for module.py, and for wiring.py of a feature, which is the module.py of its folder."""
    if source.module is None or source.path.name in ("module.py", "wiring.py"):
        return
    for line, name in source.imports():
        if name in ("roschat.kernel.service.Context", "roschat.kernel.service"):
            yield f"{source.path}:{line}: Context is for module.py; give the service what it needs by its constructor"


def absolute_imports(source: Source) -> Iterator[str]:
    """No relative imports."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{source.path}:{node.lineno}: write the import with its full name"


def no_type_checking(source: Source) -> Iterator[str]:
    """No TYPE_CHECKING blocks: a circle of imports is mended, not hidden."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute) and _last(ast.unparse(node)) == "TYPE_CHECKING":
            yield f"{source.path}:{node.lineno}: TYPE_CHECKING hides a circle of imports; move what both need below"


def init_is_a_docstring(source: Source) -> Iterator[str]:
    """`__init__.py` is a docstring and nothing else."""
    if source.path.name == "__init__.py" and (len(source.tree.body) != 1 or not ast.get_docstring(source.tree)):
        yield f"{source.path}: __init__.py holds a docstring and nothing else"


def says_what_it_owns(source: Source) -> Iterator[str]:
    """Every file begins with a docstring."""
    if not ast.get_docstring(source.tree):
        yield f"{source.path}: begin with a docstring that says what the file owns"


def short_files(source: Source) -> Iterator[str]:
    """A file can be read in one go."""
    if (lines := source.text.count("\n")) > LONGEST:
        yield f"{source.path}: {lines} lines; split it by its nouns (no file is over {LONGEST})"


def domain_nouns(source: Source) -> Iterator[str]:
    """Files and classes are named by nouns of the domain."""
    if set(source.path.stem.lower().split("_")) & _EMPTY_WORDS:
        yield f"{source.path}: name the file by what it is, a noun of the domain"
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.ClassDef)
            and {word.lower() for word in re.findall("[A-Z][a-z]*", node.name)} & _EMPTY_WORDS
        ):
            yield f"{source.path}:{node.lineno}: name {node.name} by what it is, a noun of the domain"


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        layers,
        declarations_stand_alone,
        modules_meet_in_api,
        drivers_see_the_driver,
        wiring_is_imported_by_nobody,
        sql_in_stores,
        loop_in_kernel,
        wall_clock_in_clock,
        context_in_wiring,
        absolute_imports,
        no_type_checking,
        init_is_a_docstring,
        says_what_it_owns,
        short_files,
        domain_nouns,
    )
}


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall("[A-Z][a-z]*", name)}


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]
