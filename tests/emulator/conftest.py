from __future__ import annotations

from collections.abc import Iterator

import pytest

from smarttag_nb import emulator


@pytest.fixture(scope="session")
def endpoint() -> Iterator[emulator.Endpoint]:
    """An emulator of the samples that lets in as many as come."""
    with emulator.running(rate=100_000) as endpoint:
        yield endpoint
