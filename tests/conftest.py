"""Settings of all tests."""

import gc
import os

import matplotlib
import pytest
from hypothesis import HealthCheck, settings

matplotlib.use("agg")

_slow = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=300, deadline=None, suppress_health_check=_slow)
# Derandomised: what CI refuses, it refuses on every run; the default profile goes on looking.
settings.register_profile(
    "ci", settings.get_profile("default"), max_examples=1_000, derandomize=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
# For the tests of what comes from anywhere: in CI they look much longer than the others.
_examples = 10_000 if settings().derandomize else settings().max_examples
settings.register_profile("thorough", settings(), max_examples=_examples)


def pytest_collection_finish() -> None:
    """Keep what is imported out of later collections: up to a fifth of the longest tests' time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Give it back: extensions tell what of theirs is left when Python ends."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that no core is left alone with one at the end."""
    items.sort(key=lambda item: not item.path.name.startswith("test_mutations"))
