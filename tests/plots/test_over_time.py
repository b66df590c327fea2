"""Plots of when labels and words appear, of cuts and of speakers."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection

import smarttag_nb as stag
from smarttag_nb import intervals
from smarttag_nb.plots.matrix import _by_similarity
from tests.plots.jobs import job_of
from tests.plots.test_timeline import job_of as video_label

MAGAZINE = stag.samples.load("magazine", answer="cognition")


def test_a_cell_of_the_heatmap_is_the_share_that_is_covered() -> None:
    job = video_label({"p": [(0, 10), (5, 15)], "q": [(95, 100)]}, {})
    ax = stag.plots.presence_heatmap(job, bins=10)
    (image,) = ax.images
    shares = np.asarray(image.get_array())[..., 3]
    assert shares[0].tolist() == pytest.approx([1, 0.5, *[0] * 8])
    assert shares[1].tolist() == pytest.approx([*[0] * 9, 0.5])


def test_the_heatmap_is_ordered_by_first_appearance() -> None:
    job = video_label({"late": [(50, 90)], "early": [(1, 2)]}, {"between": [(20, 30)]})
    ax = stag.plots.presence_heatmap(job)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["early", "between", "late"]


def test_cells_of_the_matrix_are_jaccard_indices() -> None:
    job = video_label({"a": [(0, 10)], "b": [(5, 10)], "c": [(50, 60)]}, {})
    ax = stag.plots.co_appearance(job)
    assert [text.get_text() for text in ax.texts] == ["50"]


def test_labels_that_appear_together_stand_together() -> None:
    groups = np.array([0, 1, 0, 1, 0, 1, 2])
    shares = (groups[:, None] == groups) * 0.8 * (1 - np.eye(7))
    ordered = groups[_by_similarity(shares)]
    assert np.count_nonzero(np.diff(ordered)) == 2


def test_shots_are_as_wide_and_as_high_as_they_are_long() -> None:
    ax = stag.plots.shot_pace(MAGAZINE)
    pace = stag.measures.shot_pace(MAGAZINE)
    columns = next(c for c in ax.collections if isinstance(c, PolyCollection))
    heights = [path.vertices[:, 1].max() for path in columns.get_paths()]
    assert heights == pytest.approx(pace["length"].tolist())
    (average,) = ax.lines
    assert average.get_ydata()[0] == pytest.approx(pace["length"].mean())
    (line,) = next(other for other in ax.figure.axes if other is not ax).lines
    assert line.get_ydata().tolist() == pytest.approx(pace["cuts_per_minute"].tolist())
    assert line.get_xdata().tolist() == pytest.approx(
        ((pace["start_time"] + pace["end_time"]) / 2).tolist()
    )


def test_speakers_are_bars_with_times_and_shares() -> None:
    ax = stag.plots.speaking_time(MAGAZINE)
    talk = stag.measures.speaking_time(MAGAZINE)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(talk["seconds"].tolist())
    assert ax.texts[0].get_text() == f"{intervals.clock(talk.seconds[0])}  {talk.share[0]:.0%}"


def test_speech_without_a_speaker_is_told_apart() -> None:
    ax = stag.plots.speaking_time(MAGAZINE, result_type="ASR")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["speaker not told"]


def test_words_are_ticks_where_said_and_bars_where_seen() -> None:
    ax = stag.plots.words(MAGAZINE, words=["咖啡", "nowhere"])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["咖啡", "nowhere"]
    said = stag.measures.search(MAGAZINE, "咖啡", tables="words")["start_time"]
    ticks = [c for c in ax.collections if isinstance(c, LineCollection)][1]
    assert [line[0][0] for line in ticks.get_segments()] == pytest.approx(said.tolist())
    seen = next(c for c in ax.collections if isinstance(c, PolyCollection))
    assert len(seen.get_paths()) > 3


def test_words_are_chosen_from_keywords_and_then_by_number() -> None:
    ax = stag.plots.words(MAGAZINE, top=5)
    chosen = [t.get_text() for t in ax.get_yticklabels()]
    keywords = MAGAZINE.highlights.query("kind == 'keyword'")["text"].tolist()
    assert chosen[: len(keywords)] == keywords[:5]


@pytest.mark.parametrize("words", ["咖啡", [""], [3]])
def test_words_must_be_a_list_of_text(words: object) -> None:
    with pytest.raises(stag.errors.InvalidArgument):
        stag.plots.words(MAGAZINE, words=words)  # type: ignore[arg-type]


def test_a_topic_stands_amid_those_below_it() -> None:
    ax = stag.plots.mindmap(job_of(["a", "b", "c"]))
    rows = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert rows == {"root": 1, "a": 0, "b": 1, "c": 2}
    assert len(ax.patches) == 3


def test_a_large_mind_map_counts_what_it_leaves_out() -> None:
    ax = stag.plots.mindmap(job_of([f"t{k}" for k in range(300)]))
    texts = [text.get_text() for text in ax.texts]
    assert len(texts) == 121
    assert "181 more" in texts


def test_a_deep_mind_map_is_cut_where_it_no_longer_reads() -> None:
    topic = {"title": "end"}
    for depth in reversed(range(50)):
        topic = {"title": f"d{depth}", "topic": [topic]}  # type: ignore[dict-item]
    body = {"summarization": {"mindMapSummary": [topic]}}
    ax = stag.plots.mindmap(stag.load(body))
    assert [text.get_text() for text in ax.texts] == [*(f"d{k}" for k in range(8)), "43 more"]


def test_text_lasts_to_the_next_frame_looked_at() -> None:
    seen = {10: [{"content": "title"}], 60: [{"content": "title"}]}
    details = [{"timestamp": second, "info": seen.get(second, [])} for second in range(100)]
    ax = stag.plots.words(stag.load({"details": details}, duration=100), words=["title"])
    bars = next(c for c in ax.collections if isinstance(c, PolyCollection))
    spans = [path.vertices[:, 0] for path in bars.get_paths()]
    assert [(x.min(), x.max()) for x in spans] == [(10, 11), (60, 61)]


def test_words_without_times_fall_back_on_their_sentences() -> None:
    body = {
        "transcription": {
            "paragraphs": [{"paragraphId": "p", "words": [{"id": 1, "text": "咖啡"}]}]
        }
    }
    said = {"details": [{"from": 3, "to": 5, "content": "喝咖啡"}]}
    results = [{"Type": "NLP", "Data": body}, {"Type": "ASR", "Data": said}]
    job = stag.load({"JobStatus": "Success", "Results": {"Result": results}}, duration=10)
    ax = stag.plots.words(job, words=["咖啡"])
    ticks = [c for c in ax.collections if isinstance(c, LineCollection)][1]
    assert [line[0][0] for line in ticks.get_segments()] == [3]


@pytest.mark.filterwarnings("ignore:.*problem.* in this answer")
def test_a_label_that_begins_a_hair_too_early_is_in_the_heatmap() -> None:
    ax = stag.plots.presence_heatmap(video_label({"b": [(-0.04, 30)], "c": [(2, 3)]}, {}))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["b", "c"]


def test_a_ratio_far_above_the_whole_is_told_in_numbers() -> None:
    tag = {
        "mainTagName": "m",
        "subTagName": "a",
        "ratio": 0.1,
        "occurrences": [{"from": 0, "to": 90}],
    }
    ax = stag.plots.ratios(stag.load({"tags": [tag]}, duration=20))
    assert ax.texts[0].get_text() == "10.0%, measured 450.0%"
    (tick,) = ax.collections[0].get_segments()
    assert tick[0][0] == pytest.approx(1.2)
