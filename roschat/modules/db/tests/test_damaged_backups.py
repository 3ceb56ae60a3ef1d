"""Every way in which an archive can be bad: each is refused with what is wrong, and nothing is changed by it."""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from roschat.kernel.clock import ManualClock
from roschat.kernel.errors import RoschatError
from roschat.kernel.restore import Place
from roschat.modules.db import archive, making, rehearsal, store
from roschat.modules.db.archive import Manifest, Member
from roschat.modules.db.course import Course
from roschat.modules.db.making import Installation
from roschat.modules.db.seal import CHUNK, Damaged, Opener, Sealer, WrongPassphrase
from roschat.modules.db.shelf import Archive, Note, Shelf

clock = ManualClock(1_790_000_000)
ROOT = "backup-20260102030405"


def nothing(name: str, size: int) -> None:
    """Unpack nothing."""


def tarred(*members: tarfile.TarInfo | tuple[str, bytes], path: Path) -> Path:
    """A tar file with these members, as anybody could make it."""
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as packed:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                packed.addfile(member)
            else:
                info = tarfile.TarInfo(f"{ROOT}/{member[0]}")
                info.size = len(member[1])
                packed.addfile(info, io.BytesIO(member[1]))
    return path


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(f"{ROOT}/{name}")
    info.type, info.linkname = kind, target
    return info


def whole(path: Path, *members: tuple[str, bytes], sums: bytes | None = None, **changes: object) -> Path:
    """An archive whose sums and manifest are right, but for what is given otherwise."""
    lines = b"".join(
        f"{hashlib.sha256(content).hexdigest()}  {len(content)}  {name}\n".encode() for name, content in members
    )
    lines = lines if sums is None else sums
    made = Manifest(
        1, "1.0", 0.0, 15, {}, [], len(members), sum(len(c) for _, c in members), hashlib.sha256(lines).hexdigest()
    )
    made = msgspec.structs.replace(made, **changes)
    return tarred(*members, (archive.SUMS, lines), (archive.MANIFEST, msgspec.json.encode(made)), path=path)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("files/../../etc/passwd", "no backup has"),
        ("../secrets/x", "no backup has"),
        ("/etc/passwd", "no backup has"),
        ("files//x", "no backup has"),
        ("files/./x", "no backup has"),
        ("other/x", "no backup has"),
        ("files", "no backup has"),
        ("files/" + "x" * 300, "no backup has"),
    ],
)
def test_names_that_lead_elsewhere(tmp_path: Path, name: str, told: str) -> None:
    bad = tarred((archive.DUMP, b"dump"), (name, b"x"), path=tmp_path / "a.tar.gz")
    with pytest.raises(Damaged, match=told):
        archive.read(bad, "", nothing, Course())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_what_is_no_regular_file(tmp_path: Path, kind: bytes) -> None:
    bad = tarred((archive.DUMP, b"dump"), link("files/x", "/etc/passwd", kind), path=tmp_path / "a.tar.gz")
    with pytest.raises(Damaged, match="no regular file"):
        archive.read(bad, "", nothing, Course())


def test_two_folders_in_one_archive(tmp_path: Path) -> None:
    other = tarfile.TarInfo("another/files/x")
    with pytest.raises(Damaged, match="one folder"):
        archive.read(tarred((archive.DUMP, b"d"), other, path=tmp_path / "a.tar.gz"), "", nothing, Course())


def test_nonsense(tmp_path: Path) -> None:
    bad = tmp_path / "a.tar.gz"
    for content in (b"", b"hello", os.urandom(5000), gzip.compress(os.urandom(5000)), gzip.compress(b"\0" * 1024)):
        bad.write_bytes(content)
        with pytest.raises(Damaged):
            archive.read(bad, "", nothing, Course())
        with pytest.raises(Damaged):
            archive.beginning(bad)


def test_a_good_one_is_good(tmp_path: Path) -> None:
    good = whole(tmp_path / "a.tar.gz", (archive.DUMP, b"dump"), ("files/x", b"y"))
    assert archive.read(good, "", nothing, Course()).files == 2
    assert archive.beginning(good) is False


@pytest.mark.parametrize(
    "make",
    [
        lambda path: tarred((archive.DUMP, b"dump"), path=path),
        lambda path: whole(path, (archive.DUMP, b"dump"), sums=b"0" * 64 + b"  4  dbs/roschat.dump\n"),
        lambda path: whole(path, (archive.DUMP, b"dump"), sums=b""),
        lambda path: whole(path, (archive.DUMP, b"dump"), files=5),
        lambda path: whole(path, (archive.DUMP, b"dump"), sums=b"", files=0, bytes=0),
        lambda path: whole(path, (archive.DUMP, b"dump"), format=99),
        lambda path: tarred((archive.DUMP, b"dump"), (archive.MANIFEST, b"{}"), path=path),
        lambda path: tarred((archive.DUMP, b"dump"), (archive.SUMS, b""), ("files/x", b""), path=path),
    ],
    ids=["no manifest", "wrong sum", "no sums", "count", "all empty", "newer format", "empty manifest", "behind sums"],
)
def test_manifest_that_does_not_fit(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(Damaged):
        archive.read(make(tmp_path / "a.tar.gz"), "", nothing, Course())


def test_the_damaged_file_is_named(tmp_path: Path) -> None:
    members = ((archive.DUMP, b"dump"), ("files/a", b"1"), ("files/b", b"2"))
    lines = b"".join(f"{hashlib.sha256(c).hexdigest()}  {len(c)}  {n}\n".encode() for n, c in members)
    changed = lines.replace(hashlib.sha256(b"1").hexdigest().encode(), b"f" * 64)
    bad = whole(tmp_path / "a.tar.gz", *members, sums=changed)
    with pytest.raises(Damaged, match="'files/a'"):
        archive.read(bad, "", nothing, Course())


def test_a_huge_name_costs_no_memory(tmp_path: Path) -> None:
    """A head that announces a name of a gigabyte."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    bad = tmp_path / "a.tar.gz"
    bad.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(10240)))
    with pytest.raises(Damaged, match="longest"):
        archive.read(bad, "", nothing, Course())


# ---- the real thing: an archive of an installation, then spoilt


async def spoilt(here: Installation, shelf: Shelf, passphrase: str, change: Callable[[bytes], bytes]) -> Archive:
    made = await making.make(here, shelf, clock, Course(), origin="hand", who="", passphrase=passphrase)
    made.path.write_bytes(change(made.path.read_bytes()))
    return made


async def refused(here: Installation, found: Archive, passphrase: str = "") -> RoschatError:
    """The error of preparing a restore; nothing of the installation has changed."""
    with pytest.raises(RoschatError) as caught:
        await rehearsal.prepare(here, found, passphrase, Course(), clock, "admin")
    place = Place(here.data)
    assert place.plan() is None
    assert not place.staged.exists()
    assert not list(here.work.iterdir())
    assert await store.databases(here.dsn, str(conninfo_to_dict(here.dsn)["dbname"]) + "_") == []
    with pytest.raises(RoschatError) as proven:
        await rehearsal.prove(here, found, passphrase, Course())
    assert proven.value.code == caught.value.code
    return caught.value


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.9999])
async def test_cut_off(here: Installation, shelf: Shelf, passphrase: str, part: float) -> None:
    bad = await spoilt(here, shelf, passphrase, lambda content: content[: int(len(content) * part)])
    assert (await refused(here, bad, passphrase)).code in ("backup-damaged", "bad-passphrase")


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.99])
async def test_a_flipped_bit(here: Installation, shelf: Shelf, passphrase: str, part: float) -> None:
    def flip(content: bytes) -> bytes:
        place = int(len(content) * part)
        return content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :]

    bad = await spoilt(here, shelf, passphrase, flip)
    assert (await refused(here, bad, passphrase)).code in ("backup-damaged", "bad-passphrase")


async def test_wrong_passphrase(here: Installation, shelf: Shelf) -> None:
    made = await spoilt(here, shelf, "correct horse", lambda content: content)
    for tried in ("", "another horse"):
        assert (await refused(here, made, tried)).code == "bad-passphrase"


async def test_dump_that_is_none(here: Installation, shelf: Shelf) -> None:
    path = whole(shelf.folder / "x.tar.gz", (archive.DUMP, b"not a dump at all"))
    error = await refused(here, Archive(path.name, path, 1, sealed=False, note=Note()))
    assert error.code == "backup-damaged"
    assert "pg_restore" in error.text


async def test_rows_that_are_not_those_of_the_manifest(here: Installation, shelf: Shelf, tmp_path: Path) -> None:
    made = await making.make(here, shelf, clock, Course(), origin="hand", who="", passphrase="")
    with tarfile.open(made.path) as packed:
        found = {name.partition("/")[2]: packed.extractfile(name) for name in packed.getnames()}
        content = {name: file.read() for name, file in found.items() if file is not None}
    manifest = msgspec.json.decode(content.pop(archive.MANIFEST), type=Manifest)
    sums = content.pop(archive.SUMS)
    path = whole(
        shelf.folder / "x.tar.gz",
        *content.items(),
        sums=sums,
        files=manifest.files,
        bytes=manifest.bytes,
        tables={**manifest.tables, "kernel.outbox": 7},
    )
    error = await refused(here, Archive(path.name, path, 1, sealed=False, note=Note()))
    assert "kernel.outbox has 1000 rows instead of 7" in error.text


async def test_a_bomb_is_refused_before_it_fills_the_disk(
    here: Installation, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = whole(shelf.folder / "x.tar.gz", (archive.DUMP, bytes(30_000_000)))
    assert path.stat().st_size < 100_000
    room = type("Usage", (), {"free": 70_000_000})()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: room)
    error = await refused(here, Archive(path.name, path, 1, sealed=False, note=Note()))
    assert error.code == "no-space"


async def test_a_file_that_is_there_twice(here: Installation, shelf: Shelf) -> None:
    made = await making.make(here, shelf, clock, Course(), origin="hand", who="", passphrase="")
    with tarfile.open(made.path) as packed:
        dump = packed.extractfile(next(name for name in packed.getnames() if name.endswith(archive.DUMP)))
        assert dump is not None
        content = dump.read()
    path = whole(shelf.folder / "x.tar.gz", (archive.DUMP, content), ("files/a", b"1"), ("files/a", b"2"))
    with pytest.raises(Damaged, match="twice"):
        await rehearsal.prepare(
            here, Archive(path.name, path, 1, sealed=False, note=Note()), "", Course(), clock, "admin"
        )


# ---- the seal


def seal(content: bytes, passphrase: str = "a passphrase") -> bytes:
    target = io.BytesIO()
    sealer = Sealer(target, passphrase)
    sealer.write(content)
    sealer.close()
    return target.getvalue()


def unseal(sealed: bytes, passphrase: str = "a passphrase") -> bytes:
    opener = Opener(io.BytesIO(sealed), passphrase)
    return b"".join(iter(lambda: opener.read(70_000), b""))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 3), st.integers(-2, 2))
def test_sealed_content_comes_back(chunks: int, more: int) -> None:
    content = os.urandom(max(0, chunks * CHUNK + more))
    assert unseal(seal(content)) == content


def test_chunks_cannot_be_left_out_moved_or_cut() -> None:
    sealed = seal(os.urandom(3 * CHUNK + 10))
    head, size = 32, CHUNK + 16
    chunks = [sealed[head + i * size : head + (i + 1) * size] for i in range(4)]
    for order in ([0, 1, 3], [0, 2, 1, 3], [0, 1, 2], [0, 1, 2, 3, 3], [0], [0, 1, 1, 2, 3]):
        with pytest.raises((Damaged, WrongPassphrase)):
            unseal(sealed[:head] + b"".join(chunks[i] for i in order))
    with pytest.raises(WrongPassphrase):
        unseal(sealed, "another passphrase")
    with pytest.raises(WrongPassphrase):
        unseal(bytes([*sealed[:20], sealed[20] ^ 1]) + sealed[21:])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000))
def test_the_reader_survives_anything(content: bytes) -> None:
    from roschat.modules.db.tar import Reader

    reader = Reader(io.BytesIO(content))
    try:
        while reader.next():
            while reader.read():
                pass
    except Damaged:
        pass


def test_a_long_name_comes_back(tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"content")
    name = "files/" + "/".join("n" * 200 for _ in range(5))
    made = archive.write(
        tmp_path / "a.tar.gz",
        ROOT,
        [Member(archive.DUMP, source), Member(name, source)],
        lambda count, total, sums: Manifest(1, "1", 0.0, 15, {}, [], count, total, sums),
        "",
        Course(),
        0,
    )
    seen: list[tuple[str, int]] = []

    def note(found: str, size: int) -> None:
        seen.append((found, size))

    assert archive.read(tmp_path / "a.tar.gz", "", note, Course()) == made
    assert seen == [(archive.DUMP, 7), (name, 7)]
