"""Unix sockets whose path is longer than the 107 bytes of a socket address: the handle of their folder is short."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """Another name of the path, good inside the block, to bind or connect to. Raises OSError without its folder."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
