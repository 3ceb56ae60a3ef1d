"""How often Python looks for garbage that refers to itself.

Nearly all of our garbage goes by reference counts. With Python's defaults every 700 new objects cost a look at the
young ones, and a look at everything comes whenever the memory of messages has grown a little: a fifth of the server's
time under a load of messages. What was made at the start stays, so it is never looked at again; the rest is looked at
rarely. Sockets, the one thing with cycles that comes and goes by thousands, are small.
"""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 20
"""New objects until a look; looks until one takes in older objects too, and all objects (gc.set_threshold)."""


def settle() -> None:
    """Call it once, when the program has started."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
