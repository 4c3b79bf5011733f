"""How all tests run: garbage is collected nearly as seldom as in a run, and CI draws the same examples each time."""

import gc
import os

from hypothesis import settings

# A red CI means that the change broke something; new examples are for those who develop. Machines are slow at times.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("develop", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "develop")


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
