from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarttag_nb.exports.names import answer_file

ODD = st.text() | st.from_regex(r"[A-Za-z0-9._/\\:-]{1,12}", fullmatch=True)


def test_an_id_of_the_cloud_is_the_files_name() -> None:
    assert answer_file("88c6ca184c0e47098a5b665e2a126797") == (
        "88c6ca184c0e47098a5b665e2a126797.json"
    )


@pytest.mark.parametrize("job_id", ["", ".", "..", "con", "COM1", "a/b", "a\\b", "C:x", "a\0", "é"])
def test_what_leads_elsewhere_becomes_harmless(job_id: str) -> None:
    assert re.fullmatch(r"[0-9A-Za-z_-]+\.[0-9a-f]{16}\.json", answer_file(job_id))
    assert answer_file(job_id).split(".")[0].lower() not in {"con", "com1"}


@given(ODD)
def test_any_name_is_one_that_every_system_takes(job_id: str) -> None:
    assert re.fullmatch(r"[0-9A-Za-z_-][0-9A-Za-z_.-]*\.json", name := answer_file(job_id))
    assert len(name) <= 100


@given(ODD, ODD)
def test_two_jobs_never_share_a_file(one: str, other: str) -> None:
    same = answer_file(one).lower() == answer_file(other).lower()
    assert same == (one == other)
