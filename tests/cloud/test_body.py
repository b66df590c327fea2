"""What is compressed comes out whole, within a limit and in time, or not at all."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb.cloud.body import decompress
from smarttag_nb.errors import BadAnswer


def test_unpacking_ends_at_its_deadline() -> None:
    with pytest.raises(TimeoutError):
        decompress(gzip.compress(b"x"), 1, time.monotonic() - 1)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=3), st.data())
def test_gzip_comes_out_whole_or_not_at_all(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    members = [gzip.compress(part, mtime=0) for part in parts]
    compressed = b"".join(members)
    assert decompress(compressed, len(whole)) == whole
    ends = {sum(map(len, members[:n])) for n in range(len(members))}
    cut = data.draw(st.integers(0, len(compressed) - 1).filter(lambda at: at not in ends))
    with pytest.raises(BadAnswer):
        decompress(compressed[:cut], len(whole))
    if whole:
        with pytest.raises(BadAnswer, match="TooLarge"):
            decompress(compressed, len(whole) - 1)
