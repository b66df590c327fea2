from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import smarttag_nb as stag
from smarttag_nb.measures import compare, precision_recall

AUTO, HMI = (stag.samples.load("magazine", answer) for answer in ("cpv-auto", "cpv-hmi"))
RATIOS = ["label_precision", "label_recall", "time_precision", "time_recall"]


def test_hits_are_divided_by_hits_and_misses() -> None:
    counts = pd.DataFrame(
        {
            "true_positives": [3, 0],
            "false_positives": [1, 0],
            "false_negatives": [2, 1],
            "true_positive_seconds": [8.0, 0.0],
            "false_positive_seconds": [2.0, 0.0],
            "false_negative_seconds": [0.0, 0.0],
            "month": ["2026-10", "2026-11"],
        }
    )
    table = precision_recall(counts)
    assert table[RATIOS].iloc[0].tolist() == [0.75, 0.6, 0.8, 1.0]
    assert table[RATIOS].iloc[1].to_numpy() == pytest.approx(
        [np.nan, 0, np.nan, np.nan], nan_ok=True
    )
    assert table["month"].equals(counts["month"])


def test_sums_of_counts_are_the_counts_of_all_labels() -> None:
    pair, reverse = compare(AUTO, HMI), compare(HMI, AUTO)
    library = pd.concat([pair.counts, reverse.counts, pair.counts])
    kinds = library.groupby("kind", as_index=False).sum()
    table = precision_recall(kinds).set_index("kind")
    entity = pair.counts.set_index("kind").loc["entity"]
    back = reverse.counts.set_index("kind").loc["entity"]
    hits = 2 * entity["true_positive_seconds"] + back["true_positive_seconds"]
    misses = 2 * entity["false_positive_seconds"] + back["false_positive_seconds"]
    assert table.loc["entity", "time_precision"] == pytest.approx(hits / (hits + misses))
    overall = precision_recall(library.drop(columns="kind").sum().to_frame().T)
    assert overall[RATIOS].notna().to_numpy().all()


def test_one_comparison_s_ratios_are_those_of_its_counts() -> None:
    result = compare(AUTO, HMI)
    assert result.ratios.equals(precision_recall(result.counts))
    overall = precision_recall(result.counts.drop(columns="kind").sum().to_frame().T)
    assert overall[RATIOS].iloc[0].tolist() == pytest.approx(
        [getattr(result, name) for name in RATIOS]
    )


@pytest.mark.parametrize("counts", ["x", pd.DataFrame({"true_positives": [1]})])
def test_what_holds_no_counts_is_refused(counts: object) -> None:
    with pytest.raises(stag.errors.InvalidArgument, match="counts: expected a frame with true_pos"):
        precision_recall(counts)  # type: ignore[arg-type]
