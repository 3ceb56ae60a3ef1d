import gc
from collections.abc import Iterator

import pytest

from roschat.kernel import garbage


@pytest.fixture
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_what_was_made_at_the_start_is_never_looked_at_again() -> None:
    made = [object() for _ in range(10)]
    garbage.settle()
    assert gc.get_freeze_count() > 0
    assert not any(one is made for one in gc.get_objects())


@pytest.mark.usefixtures("collector")
def test_what_refers_to_itself_later_is_still_found() -> None:
    garbage.settle()
    gc.collect()
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
