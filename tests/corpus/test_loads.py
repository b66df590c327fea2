from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb.corpus import loads
from smarttag_nb.corpus.loads import first_load_id, new_load_id


def test_each_load_id_is_greater_than_those_before_it() -> None:
    made = [new_load_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {uuid.UUID(one).version for one in made} == {7}
    assert {uuid.UUID(one).variant for one in made} == {uuid.RFC_4122}


def test_a_clock_that_is_set_back_makes_no_smaller_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_load_id()
    monkeypatch.setattr(loads.time, "time_ns", lambda: 1)
    assert new_load_id() > first


@given(st.integers(0, 2**47 * 10**6))
def test_one_after_an_id_of_a_clock_that_is_ahead_is_greater(moment: int) -> None:
    ahead = loads._id_at(moment, loads._CHANCE)
    assert new_load_id(after=ahead) > max(ahead, first_load_id(time.time_ns() - 10**9))


def test_threads_make_none_twice() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = [made for made in threads.map(lambda _: new_load_id(), range(4_000))]
    assert len(set(made)) == 4_000


@given(st.integers(0, 2**47 * 10**6), st.integers(0, 10**9))
def test_the_first_of_a_moment_is_no_greater_than_any_made_since(moment: int, later: int) -> None:
    assert first_load_id(moment) <= first_load_id(moment + later)
    assert first_load_id(time.time_ns() - 10**9) < new_load_id()
