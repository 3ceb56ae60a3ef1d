import importlib

import pytest

from roschat.kernel.features import features, needs_of, order

SERVER = "roschat.modules.server.module"


def test_features_come_after_those_they_need() -> None:
    assert order({"b": ["a"], "c": ["b", "a"], "a": []}) == ["a", "b", "c"]
    with pytest.raises(KeyError, match="nowhere"):
        order({"b": ["nowhere"]})


def test_every_feature_folder_is_found() -> None:
    importlib.import_module(SERVER)
    needs = {name: needs_of(start) for name, start in features(SERVER).items()}
    assert {"messages", "chats"} <= set(needs)
    names = order(needs)
    assert names.index("messages") < names.index("chats")
