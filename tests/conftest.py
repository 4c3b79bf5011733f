"""Collects garbage nearly as seldom as a run does: what a test makes is mostly gone when its last name is."""

import gc


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
