"""What must stand beside the sources: manifests and readmes of modules, locks with hashes and without addresses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, module_folders, texts

# Written in halves, so that this file keeps the rule that it tests.
_HOSTS = (
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(org|com)",
    "yarn" + r"pkg\.com",
    "npm" + "mirror",
)
REGISTRIES = re.compile("|".join(_HOSTS))
RESOLVED = re.compile(r'"resolved":\s*"\w+:')
REQUIREMENT = re.compile(r"^(?P<pin>[A-Za-z0-9._\[\],-]+==\S+)(?P<rest>[^\n]*(?:\n(?:    |$)[^\n]*)*)", re.MULTILINE)


def unexplained(folder: Path) -> Iterator[str]:
    """What a module's folder lacks."""
    for name in ("module.toml", "README.md"):
        if not (folder / name).is_file():
            yield f"{folder.name} has no {name}"


def addresses(text: str) -> Iterator[str]:
    """Hosts of package registries and addresses of packages in a text."""
    for found in (*REGISTRIES.finditer(text), *RESOLVED.finditer(text)):
        yield found[0]


def unlocked(text: str) -> Iterator[str]:
    """What in a lock is not a version with hashes."""
    if "--index-url" in text or "--find-links" in text:
        yield "an address of an index"
    for found in REQUIREMENT.finditer(text):
        if "--hash=sha256:" not in found["rest"]:
            yield found["pin"]


def dead_links(page: Path) -> Iterator[str]:
    """Links of a page to files that are not there."""
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if "://" not in link and not (page.parent / link).exists():
            yield f"{page}: {link}"


@pytest.mark.parametrize("folder", module_folders(), ids=lambda folder: folder.name)
def test_module_explains_itself(folder: Path) -> None:
    assert not list(unexplained(folder))


def test_no_address_of_a_package_registry() -> None:
    found = []
    for path in texts():
        try:
            found += [f"{path.relative_to(ROOT)}: {address}" for address in addresses(path.read_text())]
        except UnicodeDecodeError:
            continue
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_lock_has_hashes(lock: Path) -> None:
    text = lock.read_text()
    assert list(REQUIREMENT.finditer(text))
    assert not list(unlocked(text))


def test_every_lock_is_made_from_its_list() -> None:
    lists = {path.stem for path in ROOT.glob("requirements*.in")}
    assert lists == {path.stem for path in ROOT.glob("requirements*.txt")}


def test_links_between_pages_lead_somewhere() -> None:
    pages = [path for path in texts() if path.suffix == ".md"]
    assert pages
    assert not [link for page in pages for link in dead_links(page)]


def test_the_tests_above_can_fail(tmp_path: Path) -> None:
    assert len(list(unexplained(tmp_path))) == 2
    (tmp_path / "page.md").write_text("[a](page.md#x) [b](https://example.com) [c](gone.md)")
    assert [link.split(": ")[1] for link in dead_links(tmp_path / "page.md")] == ["gone.md"]
    assert list(addresses("https://files.python" + "hosted.org/x"))
    assert list(addresses('"resolved"' + ': "https://example.com/x.tgz"'))
    assert not list(addresses('"resolved": "client", "link": true'))
    assert list(unlocked("a==1\n")) == ["a==1"]
    assert list(unlocked("a==1 \\\n    --hash=sha256:00\nb==2 ; x\n")) == ["b==2"]
    assert not list(unlocked("a==1 \\\n    --hash=sha256:00\n    # via b\nb==2 ; x \\\n    --hash=sha256:11\n"))
    assert list(unlocked("--index-url https://example.com\na==1 \\\n    --hash=sha256:00\n"))
