"""Jobs of answers to which anything was done."""

from __future__ import annotations

import json

from hypothesis import assume
from hypothesis import strategies as st

from smarttag_nb import Job
from tests.corpus.answers import HOSTILE
from tests.readers.mutations import FORMS, as_text, load, mutated

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8))


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    """A job of an answer to which anything was done, in any form in which answers come."""
    kind, body = draw(mutated())
    form = draw(st.sampled_from(sorted(FORMS)))
    source = FORMS[form](kind, body)
    envelope = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "JobId": TEXTS,
                "UserData": st.one_of(TEXTS, st.dictionaries(TEXTS, st.floats())),
                "RequestId": TEXTS,
                "Message": TEXTS,
            },
        )
    )
    if form == "objects":
        source = json.loads(as_text({**source, **envelope}, deep="[" * 50 + "]" * 50))
    job = load(source)
    assume(job is not None)
    assert job is not None
    return job
