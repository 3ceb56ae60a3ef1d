import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from roschat.kernel.bus_local import LocalBus
from roschat.kernel.errors import Invalid
from roschat.kernel.health import Parts
from roschat.kernel.http import Routes
from roschat.kernel.loader import Loader, ModuleFailed, chosen, scan
from roschat.kernel.metrics import Metrics
from roschat.kernel.service import Context, State

MODULE = """
from roschat.kernel.errors import Unavailable
from roschat.kernel.service import Context, Health, Module, State

class Fake(Module):
    async def start(self, context: Context) -> None:
        self.log = context.local["log"]
        if {fails!r}:
            raise Unavailable("Its server is away.")
        self.log.append("start " + context.name)

    async def stop(self) -> None:
        self.log.append("stop {name}")

    async def health(self) -> Health:
        return Health(State.DEGRADED, "tired") if {tired!r} else Health()
"""
_packages = itertools.count()

Write = Callable[..., None]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable folder for modules, with a name of its own in each test."""
    folder = tmp_path / f"loader_modules_{next(_packages)}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def write(package: Path, name: str, *, toml: str = "", fails: bool = False, tired: bool = False) -> None:
    folder = package / name
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "module.toml").write_text(f'name = "{name}"\nsummary = "A module."\n{toml}')
    (folder / "module.py").write_text(MODULE.format(name=name, fails=fails, tired=tired))


def loader(package: Path, log: list[str], parts: Parts) -> Loader:
    def context(name: str) -> Context:
        nothing = cast(Any, None)
        return Context(
            name=name,
            data=package,
            bus=LocalBus(strict=True),
            db=nothing,
            routes=lambda _: Routes(),
            settings=nothing,
            secrets=nothing,
            clock=nothing,
            leases=nothing,
            metrics=parts.metrics,
            jobs=nothing,
            local={"log": log},
        )

    return Loader(package.name, chosen(scan(package), [], alone=True), context, parts)


async def test_modules_start_in_the_order_of_their_needs_and_stop_backwards(package: Path) -> None:
    write(package, "aaa", toml='needs = ["zzz"]')
    write(package, "mmm", toml='needs = ["aaa"]')
    write(package, "zzz")
    log: list[str] = []
    running = loader(package, log, Parts(Metrics()))
    await running.start()
    await running.stop()
    assert log == ["start zzz", "start aaa", "start mmm", "stop mmm", "stop aaa", "stop zzz"]


async def test_a_required_module_that_fails_is_one_sentence_and_the_others_stop(package: Path) -> None:
    write(package, "base")
    write(package, "upper", toml='needs = ["base"]', fails=True)
    log: list[str] = []
    with pytest.raises(ModuleFailed, match=r"^Module upper did not start: Its server is away\.$"):
        await loader(package, log, Parts(Metrics())).start()
    assert log == ["start base", "stop base"]


async def test_an_optional_module_that_fails_is_failed_in_health_only(package: Path) -> None:
    write(package, "base", tired=True)
    write(package, "extra", toml="optional = true", fails=True)
    write(package, "more", toml='optional = true\nneeds = ["extra"]')
    log: list[str] = []
    parts = Parts(Metrics())
    running = loader(package, log, parts)
    await running.start()
    report = await parts.report()
    assert report.parts["extra"].state is State.FAILED
    assert report.parts["extra"].text == "Its server is away."
    assert report.parts["more"].state is State.FAILED
    assert "needs extra, which is not running" in report.parts["more"].text
    assert report.state is State.DEGRADED
    assert "base: tired" in report.text
    await running.stop()
    assert log == ["start base", "stop base"]


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('sumary = "x"', "did you mean 'summary'"),
        ('needs = ["bas"]', "did you mean 'base'"),
        ('needs = ["one"]', "in a circle"),
    ],
)
def test_a_wrong_manifest_is_refused(package: Path, toml: str, sentence: str) -> None:
    write(package, "base")
    write(package, "one", toml=toml)
    with pytest.raises(Invalid) as caught:
        scan(package)
    assert sentence in caught.value.text


def test_the_name_is_that_of_the_folder(package: Path) -> None:
    write(package, "base")
    (package / "base").rename(package / "other")
    with pytest.raises(Invalid, match="must be that of the folder"):
        scan(package)


def test_a_part_of_the_modules_brings_its_needs_only_when_alone(package: Path) -> None:
    write(package, "base")
    write(package, "upper", toml='needs = ["base"]')
    write(package, "other")
    manifests = scan(package)
    names: Any = lambda found: {manifest.name for manifest in found}  # noqa: E731
    assert names(chosen(manifests, ["upper"], alone=True)) == {"base", "upper"}
    assert names(chosen(manifests, ["upper"], alone=False)) == {"upper"}
    with pytest.raises(Invalid, match="did you mean 'upper'"):
        chosen(manifests, ["uper"], alone=True)
