"""The whole of `align`, on the sample, on made cases, and on what is hardly anything."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

import smarttag_nb as stag
from smarttag_nb import errors
from smarttag_nb.alignment.result import ROLES
from smarttag_nb.tables import conform, empty

from .cases import make
from .judge import judge

EMPTY = {"speech": empty("speech"), "ocr": empty("ocr")}


def speech_of(*rows: tuple[float, float, str]) -> pd.DataFrame:
    return conform(pd.DataFrame(rows, columns=["start_time", "end_time", "text"]), "speech")


def ocr_of(*rows: tuple[float, str, float]) -> pd.DataFrame:
    """OCR rows of (time, text, top edge), in the middle of a frame of 1280 × 720."""
    half = {text: 16.0 * len(text) for _, text, _ in rows}
    frame = pd.DataFrame(
        {
            "timestamp": [time for time, _, _ in rows],
            "text": [text for _, text, _ in rows],
            "x1": [640 - half[text] for _, text, _ in rows],
            "x2": [640 + half[text] for _, text, _ in rows],
            "y1": [top for _, _, top in rows],
            "y2": [top + 40 for _, _, top in rows],
            "score": 0.95,
        }
    )
    return conform(frame, "ocr")


def shown(text: str, start: float, end: float, top: float = 640) -> list[tuple[float, str, float]]:
    return [(float(time), text, top) for time in np.arange(start, end, 0.5)]


SENTENCES = [
    "大家好，今天我们去看海边的灯塔。",
    "灯塔已经有一百二十年的历史。",
    "守塔人每天傍晚把灯点亮。",
    "船长们远远地就能看见它的光。",
    "到了冬天，海风会把窗户吹得很响。",
    "可是守塔人说，他从来不觉得孤单。",
]


def video(late: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    speech = speech_of(*((4.0 * k, 4.0 * k + 3, text) for k, text in enumerate(SENTENCES)))
    rows = [
        row
        for k, text in enumerate(SENTENCES)
        for row in shown(text.rstrip("。"), 4.0 * k + late, 4.0 * k + late + 3.2)
    ]
    return speech, ocr_of(*rows)


@pytest.fixture(scope="module")
def sample() -> stag.alignment.Alignment:
    return stag.align(stag.samples.load("magazine"))


def test_the_sample_is_linked_as_its_truth_has_it(sample: stag.alignment.Alignment) -> None:
    lines = stag.samples.truth("magazine")["lines"]
    true = {
        (int(row.speech_id), row.text)
        for row in lines.itertuples()
        if row.role == "subtitle" and not np.isnan(row.speech_id)
    }
    texts = sample.lines.set_index("line_id")["text"]
    linked = sample.links[sample.links["kind"] == "text"]
    found = set(zip(linked["speech_id"], texts.loc[linked["line_id"]], strict=True))
    assert len(found) == len(true) == 23
    assert len({speech for speech, _ in found & true}) >= 22  # One is misread on every frame.


def test_the_samples_speech_is_corrected_by_its_screen(sample: stag.alignment.Alignment) -> None:
    true = stag.samples.truth("magazine")["speech"]["text"].tolist()
    heard = stag.samples.load("magazine").best("speech")["text"].tolist()
    fused = sample.fused["text"].tolist()
    assert len(fused) == len(true) == len(heard)
    assert errors_between(fused, true) <= 0.4 * errors_between(heard, true)


def errors_between(texts: list[str], true: list[str]) -> int:
    pairs = zip(texts, true, strict=True)
    return sum(Levenshtein.distance(*(t.rstrip("。.") for t in pair)) for pair in pairs)


@pytest.mark.parametrize("answer", ["cognition", "mts", "smarttag", "process"])
def test_answers_of_any_dialect_are_aligned(answer: str) -> None:
    job = stag.samples.load("magazine", answer)
    made = stag.align(job)
    assert made.clock.method == "anchors"
    assert abs(made.clock(0.0)) < 0.3
    assert made.scores.matched >= 20
    given = stag.align(speech=job.best("speech"), ocr=job.best("ocr"))
    assert given.links["kind"].tolist() == made.links["kind"].tolist()


def test_the_tables_are_as_the_contract_has_them(sample: stag.alignment.Alignment) -> None:
    lines, links, fused = sample.lines, sample.links, sample.fused
    assert lines.columns.tolist() == [
        "line_id", "start_time", "end_time", "text", "role", "x1", "y1", "x2", "y2", "rows",
        "frames", "vote_share", "speech_support",
    ]  # fmt: skip
    assert links.columns.tolist() == [
        "speech_id", "line_id", "group_id", "kind", "matched", "purity", "overlap", "delay",
        "speech_span", "line_span",
    ]  # fmt: skip
    assert fused.columns.tolist() == [
        "speech_id", "start_time", "end_time", "text", "source", "changes", "review",
    ]  # fmt: skip
    assert lines["line_id"].tolist() == list(range(len(lines)))
    assert set(lines["role"]) <= set(ROLES)
    assert lines["speech_support"].between(0, 1).all()
    assert set(links["line_id"]) <= set(lines["line_id"])
    assert set(links["kind"]) <= {"text", "time"}
    assert set(fused["source"]) <= {"speech", "screen", "both"}


def test_spans_are_positions_in_the_texts_as_received(sample: stag.alignment.Alignment) -> None:
    said = sample.speech.set_index("speech_id")["text"]
    written = sample.lines.set_index("line_id")["text"]
    for link in sample.links[sample.links["kind"] == "text"].itertuples():
        heard = said[link.speech_id][slice(*link.speech_span)]
        read = written[link.line_id][slice(*link.line_span)]
        assert heard[0].isalnum()
        assert read[-1].isalnum()
        equal = stag.alignment.diff(heard.lower(), read.lower()).query("operation == 'equal'")
        assert equal["a"].str.len().sum() >= link.matched
        assert 0.45 <= link.purity <= 1


def test_changes_lead_from_the_sentence_to_the_fused_text(
    sample: stag.alignment.Alignment,
) -> None:
    said = sample.speech.set_index("speech_id")["text"]
    changed = sample.fused[sample.fused["changes"].str.len() > 0]
    assert len(changed) >= 5
    for row in changed.itertuples():
        text = said[row.speech_id]
        for place, before, after in reversed(row.changes):
            assert text[place : place + len(before)] == before
            text = text[:place] + after + text[place + len(before) :]
        assert text == row.text


def test_counts_are_summed(sample: stag.alignment.Alignment) -> None:
    scores = sample.scores
    for name in ("hits", "substitutions", "deletions", "insertions", "words", "word_errors"):
        assert scores.lines[name].sum() == getattr(scores, name) >= 0
    wrong = scores.substitutions + scores.deletions + scores.insertions
    length = scores.hits + scores.substitutions + scores.deletions
    assert wrong / length == scores.CER
    assert len(scores.lines) == scores.matched
    subtitles = (sample.lines["role"] == "subtitle").sum()
    assert scores.matched + scores.missed == subtitles
    assert 0 < scores.true_CER < scores.CER < scores.WER < 0.1


def test_an_alignment_is_the_same_each_time_and_in_any_order() -> None:
    job = stag.samples.load("magazine")
    speech, ocr = job.best("speech"), job.best("ocr")
    once = stag.align(speech=speech, ocr=ocr)
    mixed = stag.align(
        speech=speech.sample(frac=1, random_state=3), ocr=ocr.sample(frac=1, random_state=4)
    )
    for name in ("lines", "links"):
        a, b = getattr(once, name), getattr(mixed, name)
        order = ["speech_id", "line_id"] if name == "links" else ["line_id"]
        b = b.sort_values(order, ignore_index=True)
        dropped = ["group_id"] if name == "links" else []
        pd.testing.assert_frame_equal(a.drop(columns=dropped), b.drop(columns=dropped))
    pd.testing.assert_frame_equal(once.clock.pieces, mixed.clock.pieces)


def test_an_alignment_is_frozen_pickles_and_is_copied(sample: stag.alignment.Alignment) -> None:
    with pytest.raises(AttributeError):
        sample.lines = sample.lines  # type: ignore[misc]
    for other in (pickle.loads(pickle.dumps(sample)), copy.deepcopy(sample)):
        pd.testing.assert_frame_equal(other.links, sample.links)
        assert other.clock(3.0) == sample.clock(3.0)


def test_the_card_tells_lines_links_clock_and_scores(sample: stag.alignment.Alignment) -> None:
    card = sample._repr_html_()
    for told in ("lines", "links", "clock", "by anchors", "CER", "subtitle", "to review"):
        assert told in card
    assert repr(sample).startswith("<Alignment 23 sentences, ")


def test_hostile_text_is_inert_in_the_card() -> None:
    made = stag.align(speech=speech_of((0, 1, "<script>x</script>")), ocr=empty("ocr"))
    assert "<script" not in made._repr_html_()


LEVELS = [("zh", "easy", 0.99), ("en", "easy", 0.99), ("zh", "hard", 0.97), ("en", "hard", 0.97)]


@pytest.mark.parametrize(("language", "level", "least"), LEVELS)
def test_made_videos_are_linked_rightly(language: str, level: str, least: float) -> None:
    case = make(language, level, seed=40, minutes=5)
    made = judge(case, stag.align(speech=case.speech, ocr=case.ocr, size=case.size))
    assert made.plain_links.f1 >= least
    assert made.lines.f1 >= 0.97
    assert made.off(95) <= 0.2
    assert made.fused.rate <= 0.45 * made.asr.rate


@pytest.mark.parametrize(
    "stress", ["offset", "cut", "rate", "shared", "merged", "sparse", "reveals", "bilingual",
               "wrapped", "ranges"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh", "en"])
def test_videos_under_stress_are_linked_rightly(language: str, stress: str) -> None:
    case = make(language, "mid", stress=stress, seed=41, minutes=6)
    found = stag.align(speech=case.speech, ocr=case.ocr, size=case.size)
    assert found.clock.method == "anchors"
    assert judge(case, found).plain_links.f1 >= 0.96


def test_a_normaliser_brings_two_spellings_together() -> None:
    case = make("zh", "mid", stress="traditional", seed=42, minutes=4)
    with_it = stag.align(speech=case.speech, ocr=case.ocr, normaliser=case.normaliser)
    without = stag.align(speech=case.speech, ocr=case.ocr)
    assert judge(case, with_it).plain_links.f1 > 0.95
    assert with_it.scores.CER < without.scores.CER


@pytest.mark.parametrize("stress", ["none", "mismatched"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_there_is_no_ground_nothing_is_linked(language: str, stress: str) -> None:
    case = make(language, "mid", stress=stress, seed=43, minutes=6)
    made = stag.align(speech=case.speech, ocr=case.ocr, size=case.size)
    assert len(made.links) == 0
    assert not made.clock.ok
    assert made.clock.reason
    assert made.fused["text"].tolist() == made.speech["text"].tolist()


def test_foreign_subtitles_are_linked_by_time_alone() -> None:
    case = make("zh", "easy", stress="foreign", seed=44, minutes=8)
    made = stag.align(speech=case.speech, ocr=case.ocr, size=case.size)
    assert made.clock.method == "activity"
    assert set(made.links["kind"]) == {"time"}
    assert made.links["matched"].eq(0).all()
    assert made.scores.matched == 0


@pytest.mark.parametrize("late", [0.0, -95.0, 600.0])
def test_a_short_video_is_aligned_at_any_offset(late: float) -> None:
    speech, ocr = video(late)
    made = stag.align(speech=speech, ocr=ocr)
    assert made.clock(10.0) == pytest.approx(10.0 + late, abs=0.3)
    assert made.links["speech_id"].tolist() == list(range(6))
    assert made.scores.CER == 0


@pytest.mark.parametrize(
    ("speech", "ocr", "reason"),
    [
        ([], [], "no sentence"),
        ([], shown("大家好", 0, 2), "no sentence"),
        ([(0, 2, "大家好")], [], "no text"),
        ([(0, 2, "大家好")], shown("再见了", 0, 2), "no text of the speech"),
        ([(0, 2, "。，")], shown("！？", 0, 2), "no sentence"),
    ],
)
def test_hardly_anything_is_no_ground_and_says_why(
    speech: list[Any], ocr: list[Any], reason: str
) -> None:
    made = stag.align(speech=speech_of(*speech), ocr=ocr_of(*ocr))
    assert (len(made.links), made.clock.ok) == (0, False)
    assert reason in made.clock.reason
    assert len(made.fused) == len(speech)
    assert np.isnan(made.scores.CER)
    assert made._repr_html_()


def test_one_sentence_and_its_line_are_enough() -> None:
    speech = speech_of((1.0, 3.0, "今天我们去看海边的灯塔。"))
    made = stag.align(speech=speech, ocr=ocr_of(*shown("今天我们去看海边的灯塔", 1, 3)))
    assert made.links[["speech_id", "line_id", "kind"]].values.tolist() == [[0, 0, "text"]]


def test_sentences_without_times_are_kept_in_the_transcript() -> None:
    speech, ocr = video()
    speech.loc[2, ["start_time", "end_time"]] = np.nan
    made = stag.align(speech=speech, ocr=ocr)
    spoken = made.fused[made.fused["speech_id"].notna()]
    assert sorted(spoken["text"]) == sorted(speech["text"])
    assert 2 not in set(made.links["speech_id"])


def test_a_misheard_word_is_corrected_and_a_misread_one_is_not() -> None:
    speech, ocr = video()
    speech.loc[1, "text"] = "灯他已经有一百二十年的历史。"
    rows = ocr.index[ocr["text"].str.startswith("守塔人")]
    ocr.loc[rows, "text"] = "守塔人每天傍晚把灯点凉"
    ocr.loc[rows[0], "text"] = "守塔人每天傍晚把灯点亮"
    made = stag.align(speech=speech, ocr=ocr)
    assert made.fused["text"].tolist()[1:3] == [
        "灯塔已经有一百二十年的历史。", "守塔人每天傍晚把灯点亮。",
    ]  # fmt: skip
    assert made.fused["changes"][1] == [(1, "他", "塔")]
    assert made.fused["review"].tolist()[1:3] == [False, True]


def test_a_subtitle_that_the_speech_lacks_is_in_the_transcript() -> None:
    speech, ocr = video()
    speech = speech.drop(index=3).reset_index(drop=True)
    made = stag.align(speech=speech, ocr=ocr)
    row = made.fused.iloc[3]
    assert (row["text"], row["source"], row["review"]) == (
        "船长们远远地就能看见它的光", "screen", True,
    )  # fmt: skip
    assert pd.isna(row["speech_id"])
    assert made.scores.missed == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "speech"),
        ({"speech": empty("speech")}, "ocr"),
        ({"job": 3}, "a Job"),
        (EMPTY | {"size": (0, 9)}, "width and height"),
        (EMPTY | {"size": 5}, "width and height"),
        (EMPTY | {"size": "12"}, "width and height"),
        (EMPTY | {"size": (np.inf, 9)}, "width and height"),
        (EMPTY | {"normaliser": "t2s"}, "a function"),
    ],
)
def test_what_is_missing_or_wrong_is_told(given: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.InvalidArgument, match=message):
        stag.align(**given)


def test_a_normaliser_that_returns_no_text_is_told() -> None:
    speech, ocr = video()
    with pytest.raises(errors.InvalidArgument, match="returns a text"):
        stag.align(speech=speech, ocr=ocr, normaliser=lambda text: None)  # type: ignore[arg-type, return-value]


def test_a_job_and_tables_at_once_are_refused() -> None:
    with pytest.raises(errors.InvalidArgument, match="not both"):
        stag.align(stag.samples.load("magazine"), speech=empty("speech"))


TEXTS = st.text(alphabet="今天好a b。<\n\u202e", max_size=12)
TIMES = st.one_of(st.none(), st.floats(-5, 40, width=16))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(TIMES, TIMES, TEXTS), max_size=8),
    st.lists(st.tuples(TIMES, TEXTS, st.sampled_from([600.0, 640.0, 20.0])), max_size=16),
)
def test_anything_at_all_is_aligned_or_not(speech: list[Any], ocr: list[Any]) -> None:
    said = speech_of(*speech) if speech else empty("speech")
    made = stag.align(speech=said, ocr=ocr_of(*ocr) if ocr else empty("ocr"))
    assert made.fused["speech_id"].dropna().tolist().sort() == said["speech_id"].tolist().sort()
    assert made.clock.ok or not len(made.links)
    assert len(made.scores.lines) == made.scores.matched


ENGLISH = [
    "the city council met on monday", "residents had complained about noise",
    "the mayor promised a quick solution", "engineers said the tunnel was hard",
    "a second station will open soon", "shop owners fear an empty summer",
    "the ministry offered to pay a third", "critics call the project too slow",
    "supporters point to cleaner air", "a final vote is due in september",
    "buses will replace trams on weekends", "tickets stay valid everywhere else",
]  # fmt: skip


def cues(texts: list[str], step: float = 5.0, last: float = 4.0) -> pd.DataFrame:
    """Sentences, or subtitles as in a file: with times, without places."""
    rows = [(step * k, step * k + last, text) for k, text in enumerate(texts)]
    return pd.DataFrame(rows, columns=["start_time", "end_time", "text"])


def test_words_are_not_moved_across_the_borders_of_sentences() -> None:
    said = ["大家好欢迎收看今天的节目", "我们先来看国内的消息", "北京今天下了第一场雪"]
    seen = ["大家好欢迎收看今天的节", "目我们先来看国内的消息", "北京今天下了第一场雪"]
    made = stag.align(speech=cues(said), ocr=cues(seen))
    assert made.fused["text"].tolist() == said
    assert (made.scores.CER, made.scores.true_CER) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("the temperature rose to minus 10 degrees", "The temperature rose to −10 °C"),
        ("what do you want from me", "MAN: What do you want from me?"),
        ("it is 25 percent of the whole budget", "It is 25% of the whole budget"),
        ("the fine is forty dollars for a start", "the fine is $40 for a start"),
        ("I think he will go home now", "I think he'll go home now"),
    ],
)
def test_signs_stay_with_their_words(said: str, seen: str) -> None:
    made = stag.align(speech=cues([said]), ocr=cues([seen]))
    assert made.links["kind"].tolist() == ["text"]
    assert made.fused["text"].tolist() == [said]


def test_a_filler_takes_its_comma_along() -> None:
    made = stag.align(
        speech=cues(["he will go, um, home for the night"]),
        ocr=cues(["he will go, home for the night"]),
    )
    assert made.fused["text"].tolist() == ["he will go, home for the night"]


@pytest.mark.parametrize("stay", [4.5, 6.0, 8.0])
def test_subtitles_that_stay_on_do_not_set_the_clock_late(stay: float) -> None:
    speech = cues(ENGLISH, 9.0, 2.0)
    ocr = speech.assign(end_time=speech["start_time"] + stay)
    assert stag.align(speech=speech, ocr=ocr).clock(50.0) == pytest.approx(50.0, abs=0.1)


@pytest.mark.parametrize("cuts", [(5,), (4,), (4, 8)])
def test_cuts_between_few_sentences_are_found(cuts: tuple[int, ...]) -> None:
    speech = cues(ENGLISH)
    ocr = speech.copy()
    for cut in cuts:
        ocr.loc[cut:, ["start_time", "end_time"]] += 30
    made = stag.align(speech=speech, ocr=ocr)
    assert len(made.clock.pieces) == len(cuts) + 1
    assert made.links["line_id"].tolist() == list(range(12))


@pytest.mark.parametrize("end", [1e7, 1e12, np.inf])
def test_a_time_that_is_none_costs_only_its_sentence(end: float) -> None:
    speech = cues(ENGLISH)
    speech.loc[11, "end_time"] = end
    made = stag.align(speech=speech, ocr=cues(ENGLISH))
    assert made.links["speech_id"].tolist() == list(range(11))


def test_a_song_that_is_sung_twice_is_aligned() -> None:
    made = stag.align(speech=cues(ENGLISH[:6] * 2), ocr=cues(ENGLISH[:6] * 2))
    assert made.links["line_id"].tolist() == list(range(12))


def talk(seed: int, count: int, first: int) -> pd.DataFrame:
    """Talk with hardly a pause, of characters from `first` on."""
    random = np.random.default_rng(seed)
    pause, lasts = random.uniform(0, 0.4, count), random.uniform(1.5, 4, count)
    start = np.cumsum(pause + np.append(0, lasts[:-1]))
    texts = ["".join(map(chr, random.integers(first, first + 0x1C00, 9))) for _ in range(count)]
    return pd.DataFrame({"start_time": start, "end_time": start + lasts, "text": texts})


@pytest.mark.parametrize("count", [8, 15, 60])
def test_talk_without_pauses_is_no_ground(count: int) -> None:
    for seed in range(6):
        made = stag.align(speech=talk(seed, count, 0x4E00), ocr=talk(seed + 50, count, 0x7000))
        assert not made.clock.ok
        assert not len(made.links)


def test_what_repeats_in_equal_steps_fits_everywhere_and_nowhere() -> None:
    speech = cues(
        ["".join(map(chr, range(0x4E00 + 9 * k, 0x4E09 + 9 * k))) for k in range(60)], 3, 2
    )
    assert not stag.align(speech=speech, ocr=cues(ENGLISH * 5, 3.0, 2.0)).clock.ok


def test_two_scripts_in_one_text_are_two_lines() -> None:
    both = [f"{a}\n{b}" for a, b in zip(SENTENCES, ENGLISH, strict=False)]
    made = stag.align(speech=cues(SENTENCES), ocr=cues(both))
    assert made.lines["role"].value_counts().to_dict() == {"subtitle": 6, "translation": 6}
    assert made.scores.CER == 0
    assert set(made.lines["rows"].explode()) == set(range(6))


def test_speech_that_a_cut_took_away_stays_in_its_order() -> None:
    speech = cues(ENGLISH)
    ocr = cues(ENGLISH)
    ocr.loc[8:, ["start_time", "end_time"]] -= 20
    made = stag.align(speech=speech, ocr=ocr.drop(index=range(4, 8)))
    assert made.fused["speech_id"].tolist() == list(range(12))


def test_sentences_that_share_a_range_with_a_pause_in_it_are_linked() -> None:
    speech = cues(ENGLISH, 10.0, 9.0)
    pairs = np.arange(12) // 2
    speech["start_time"], speech["end_time"] = 20.0 * pairs, 20.0 * pairs + 19
    made = stag.align(speech=speech, ocr=cues(ENGLISH, 10.0, 3.0))
    assert made.links["line_id"].tolist() == list(range(12))
