"""The files that are written from the declarations, and writing them: `scripts/generate`.

They are committed, so that nobody needs Python to read them; a test compares them with what would be written now.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from roschat.wire import console_typescript, describe, reference, typescript

GENERATED: Mapping[str, Callable[[], str]] = {
    "roschat/web/shared/protocol.ts": typescript.protocol,
    "roschat/web/console/src/api/generated.ts": console_typescript.ways,
    "docs/protocol.md": reference.protocol,
}
"""What to write where, under the root of the source tree."""


def write(root: Path) -> list[str]:
    """Write every generated file that is not as it should be; answers their paths."""
    describe.import_declarations()
    changed = []
    for name, make in GENERATED.items():
        text, path = make(), root / name
        if not path.is_file() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            changed.append(name)
    return changed


if __name__ == "__main__":
    for written in write(Path(__file__).parents[2]):
        print(f"written: {written}")
