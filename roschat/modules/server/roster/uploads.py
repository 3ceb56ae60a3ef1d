"""Uploaded tables between their upload and their preview: read once, kept as JSON lines for a day."""

import asyncio
import itertools
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from roschat.kernel.clock import Clock
from roschat.kernel.errors import NotFound, TooLarge
from roschat.modules.server.roster.api import ImportFile
from roschat.modules.server.roster.columns import described
from roschat.modules.server.roster.reading import LARGEST, read

KEPT = 86_400
"""Seconds."""
MOST = 100
"""Tables that are kept at the same time."""
_id = re.compile(r"[0-9a-f]{32}")
_rows = msgspec.json.Decoder(list[str]).decode
_file = msgspec.json.Decoder(ImportFile).decode


class Uploads:
    """The tables in `folder`."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    async def take(self, name: str, chunks: AsyncIterator[bytes]) -> ImportFile:
        """Read a table that arrives. Raises Invalid, TooLarge."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sum(1 for _ in self._folder.glob("*.json")) >= MOST:
            raise TooLarge(f"{MOST} uploaded tables wait for their preview; they are forgotten after a day.")
        number = secrets.token_hex(16)
        raw = self._folder / f"{number}.raw"
        try:
            size = 0
            with raw.open("xb") as file:
                raw.chmod(0o600)
                async for chunk in chunks:
                    size += len(chunk)
                    if size > LARGEST:
                        raise TooLarge(f"The table has more than {LARGEST // 10**6} MB; split it.")
                    file.write(chunk)
            found = await asyncio.to_thread(read, raw, self._lines(number))
            columns, header = described(found.first, found.columns)
            told = ImportFile(
                number, name[:200], found.format, found.rows - header, columns, header, found.encoding, found.delimiter
            )
            self._facts(number).write_bytes(msgspec.json.encode(told))
        except BaseException:
            self._lines(number).unlink(missing_ok=True)
            raise
        finally:
            raw.unlink(missing_ok=True)
        return told

    def known(self, number: str) -> ImportFile:
        """A table by its id. Raises NotFound."""
        if _id.fullmatch(number):
            try:
                return _file(self._facts(number).read_bytes())
            except FileNotFoundError:
                pass
        raise NotFound(f"There is no uploaded table {number[:40]!r}; they are kept for a day, upload it again.")

    async def rows(self, number: str, size: int) -> AsyncIterator[list[list[str]]]:
        """Its rows, headings included, `size` at a time. Raises NotFound."""
        self.known(number)
        with self._lines(number).open("rb") as file:
            while lines := await asyncio.to_thread(lambda: list(itertools.islice(file, size))):
                yield [_rows(line) for line in lines]

    async def clear(self) -> None:
        """Forget tables that are older than a day."""
        await asyncio.to_thread(self._clear, self._clock.now() - KEPT)

    def _clear(self, before: float) -> None:
        for path in self._folder.glob("*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _lines(self, number: str) -> Path:
        return self._folder / f"{number}.lines"

    def _facts(self, number: str) -> Path:
        return self._folder / f"{number}.json"
