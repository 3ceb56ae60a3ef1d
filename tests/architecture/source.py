"""Sources of the program as the rules see them: where a file stands, what it says, and what it imports."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
SKIPPED = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__", "node_modules"}
SKIPPED |= {"dist", "build", "var"}
LAYERS = {"types": 0, "wire": 1, "proto": 1, "kernel": 2, "transports": 3, "modules": 4}
TOP = 6
"""The layer of the files that start the program (cli.py): above everything."""


@dataclass(frozen=True)
class Source:
    """One Python file. `path` is relative to the root of the tree; `uses` is that of its module.toml."""

    path: PurePosixPath
    text: str
    uses: frozenset[str] = field(default=frozenset())

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, str(self.path))

    @property
    def place(self) -> tuple[str, ...]:
        """Dotted name in parts: ("roschat", "modules", "server", "chats", "store")."""
        return self.path.with_suffix("").parts

    @property
    def layer(self) -> int:
        """How high the file stands; drivers above the modules that hold them."""
        return layer(self.place)

    @property
    def module(self) -> str | None:
        """The module (in the product's sense) that the file belongs to."""
        return self.place[2] if self.place[1:2] == ("modules",) and len(self.place) > 3 else None

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every absolute import as (line, dotted name); `from a import b` is `a.b`, which may be a name inside `a`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def layer(place: tuple[str, ...]) -> int:
    """The layer of a dotted name of ours, in parts."""
    if len(place) < 2:
        return 0
    return LAYERS.get(place[1], TOP) + (place[1] == "modules" and "drivers" in place)


def program() -> list[Source]:
    """Every file of the program, without its tests."""
    return [_read(path) for path in sorted(_files(ROOT / "roschat", ".py")) if "tests" not in path.parts]


def module_folders(root: Path = ROOT) -> list[Path]:
    """The folder of every module."""
    return [path for path in sorted((root / "roschat/modules").iterdir()) if any(_files(path, ".py"))]


def texts() -> list[Path]:
    """Every file of the tree that is read by people or tools, pictures and the like left out."""
    return [path for path in _files(ROOT, "") if path.suffix not in {".png", ".ico", ".woff2", ".webp", ".jpg", ".bin"}]


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in SKIPPED and not path.name.endswith(".egg-info"):
                yield from _files(path, suffix)
        elif path.name.endswith(suffix):
            yield path


def _read(path: Path) -> Source:
    where = path.relative_to(ROOT)
    manifest = ROOT.joinpath(*where.parts[:3], "module.toml")
    uses = tomllib.loads(manifest.read_text()).get("uses", []) if manifest.is_file() else []
    return Source(PurePosixPath(where.as_posix()), path.read_text(), frozenset(uses))
