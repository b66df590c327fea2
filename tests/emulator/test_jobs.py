from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from smarttag_nb import samples
from smarttag_nb.emulator.jobs import Jobs
from smarttag_nb.emulator.refusals import Refusal
from smarttag_nb.errors import InvalidArgument
from smarttag_nb.readers import load

BASE = "http://127.0.0.1:1"
ALL = '{"NeedAsr":true,"NeedOcr":true,"NeedProcess":true}'


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def jobs(source: Any = None, clock: Any = lambda: 0.0) -> Jobs:
    return Jobs(source, (1.0, 2.0), clock)


def answer(
    job_id: str,
    operation: str = "QuerySmarttagJob",
    product: str = "ice",
    source: Jobs | None = None,
    **given: str,
) -> dict[str, Any]:
    asked = {"JobId": job_id, **given}
    return (source or jobs()).answer(product, operation, asked, BASE)


def types(answer: dict[str, Any]) -> list[str]:
    (results,) = answer["Results"].values()
    return [result["Type"] for result in results]


def saved(name: str) -> Any:
    return json.loads(samples.path("magazine", name).read_bytes())


@pytest.mark.parametrize(
    ("product", "operation", "name"),
    [
        ("ice", "QuerySmarttagJob", "smarttag"),
        ("mts", "QuerySmarttagJob", "mts"),
        ("ice", "QueryVideoCognitionJob", "cognition"),
        ("ice", "GetSmartHandleJob", "smart-handle-asr"),
    ],
)
def test_the_samples_name_gives_the_answer_that_fits(
    product: str, operation: str, name: str
) -> None:
    given = answer("magazine", operation, product, IncludeResults=ALL)
    assert given.keys() == saved(name).keys()
    ours = load({**given, "JobId": None})
    assert ours.operation == operation
    for table in ("labels", "speech", "ocr", "words"):
        assert ours.tables[table].equals(samples.load("magazine", name).tables[table])


@pytest.mark.parametrize("name", ["cpv-auto", "failed", "image", "pending", "smarttag"])
def test_every_answer_is_a_job_by_its_own_name(name: str) -> None:
    given, expected = answer(name), saved(name)
    assert given["JobStatus"] == expected["JobStatus"]
    assert name == "smarttag" or given == expected


@pytest.mark.parametrize("wanted", ["auto", "hmi"])
@pytest.mark.parametrize("name", ["magazine", "cpv", "cpv-auto", "cpv-hmi"])
def test_who_tagged_is_chosen_by_label_result_type(name: str, wanted: str) -> None:
    given = answer(name, Params=f'{{"labelResultType":"{wanted}"}}')
    assert given == saved(f"cpv-{wanted}")


def test_without_a_wish_a_job_of_both_is_the_machines() -> None:
    assert answer("cpv") == saved("cpv-auto")


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ("", ["VideoLabel", "TextLabel", "NLP"]),
        ("{}", ["VideoLabel", "TextLabel", "NLP"]),
        ('{"NeedAsr":true}', ["VideoLabel", "TextLabel", "ASR", "NLP"]),
        ('{"NeedAsr":"true","NeedOcr":false}', ["VideoLabel", "TextLabel", "ASR", "NLP"]),
        (ALL, ["VideoLabel", "TextLabel", "ASR", "OCR", "NLP", "Process"]),
    ],
)
def test_results_are_included_as_asked(needs: str, expected: list[str]) -> None:
    given = answer("magazine", "QueryVideoCognitionJob", IncludeResults=needs)
    assert types(given) == expected


def test_a_job_of_tagging_can_be_asked_for_in_the_other_operation() -> None:
    given = answer("smarttag", "QueryVideoCognitionJob")
    assert "result" in given["Results"]
    assert "Usages" not in given
    assert "Usages" in answer("smarttag")
    assert "Usages" not in answer("smarttag", product="mts")
    given = answer("cognition", "QuerySmarttagJob", "mts")
    assert "Result" in given["Results"]
    assert not {"Input", "Params", "TemplateId"} & given.keys()


@pytest.mark.parametrize(
    ("job_id", "operation"),
    [
        ("nobody", "QuerySmarttagJob"),
        ("../magazine", "QuerySmarttagJob"),
        ("process", "QuerySmarttagJob"),
        ("smart-handle-asr", "QuerySmarttagJob"),
        ("smarttag", "GetSmartHandleJob"),
        ("x" * 5000, "QuerySmarttagJob"),
        ("\0", "QuerySmarttagJob"),
    ],
)
def test_what_is_no_job_is_not_found(job_id: str, operation: str) -> None:
    with pytest.raises(Refusal) as told:
        answer(job_id, operation)
    assert told.value.code == "JobNotFound"


@pytest.mark.parametrize(
    "given",
    [
        {"Params": "auto"},
        {"Params": "[]"},
        {"Params": '{"labelResultType":"both"}'},
        {"Params": "[" * 5000},
        {"IncludeResults": "NeedAsr"},
        {"IncludeResults": '"yes"'},
    ],
)
def test_parameters_that_are_no_objects_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(Refusal) as told:
        answer("magazine", "QueryVideoCognitionJob", **given)
    assert told.value.code == "InvalidParameter"


def test_a_smart_handle_job_says_the_id_that_was_asked() -> None:
    assert answer("smart-handle-tts", "GetSmartHandleJob")["JobId"] == "smart-handle-tts"


def test_what_is_submitted_goes_its_way_by_the_clock() -> None:
    clock = Clock()
    source = jobs(clock=clock)
    media = '{"Type":"OSS","Media":"oss://bucket/talk.mp4"}'
    job_id = source.submit({"Input": media, "UserData": "ours", "TemplateId": "T1"})
    seen = []
    for clock.now in (0, 0.9, 1, 2.9, 3, 1000):
        given = answer(job_id, source=source)
        assert given["UserData"] == "ours"
        seen.append(given["JobStatus"])
    assert seen == ["Submitted"] * 2 + ["Processing"] * 2 + ["Success"] * 2
    other = answer(job_id, "QueryVideoCognitionJob", source=source)
    assert (other["Input"]["Media"], other["TemplateId"]) == ("oss://bucket/talk.mp4", "T1")
    assert "Input" not in answer(job_id, source=source)
    with pytest.raises(Refusal):
        answer(job_id, "GetSmartHandleJob", source=source)


@pytest.mark.parametrize(
    "media",
    [
        '{"Type":"OSS","Media":"oss://bucket/failed.mp4"}',
        '{"Bucket":"bucket","Location":"oss-cn-shanghai","Object":"failed.mp4"}',
        "https://bucket.example/failed.mp4?x=1",
        '{"Type":"URL","Media":"https://bucket.example/a%20b/f%61iled.mp4"}',
    ],
)
def test_the_media_may_choose_the_answer(media: str) -> None:
    clock = Clock()
    source = jobs(clock=clock)
    job_id = source.submit({"Input": media})
    clock.now = 3
    assert answer(job_id, source=source)["JobStatus"] == "Fail"


def test_jobs_submitted_are_listed_and_the_oldest_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smarttag_nb.emulator.jobs._MOST_SUBMITTED", 3)
    source = jobs()
    made = [source.submit({"Input": "oss://a/b.mp4"}) for _ in range(5)]
    assert source.names()[-3:] == made[2:]
    assert "magazine" in source.names()


def test_addresses_of_files_lead_here() -> None:
    source = jobs()
    job = load(answer("smarttag", source=source))
    assert len(job.files) == 3
    for url in job.files["url"]:
        file = source.file(url.removeprefix(f"{BASE}/files/"))
        assert file == samples.path("magazine", "subtitles")
    job = load(answer("mts", product="mts", source=source))
    (url,) = job.files["url"]
    assert source.file(url.removeprefix(f"{BASE}/files/")) == samples.path("magazine", "process")


def test_only_files_that_were_pointed_to_are_given() -> None:
    source = jobs()
    assert source.file("subtitles.txt") is None
    assert source.file("../../../etc/passwd") is None


def test_a_folder_is_served_by_its_file_names(tmp_path: Path) -> None:
    smarttag = samples.path("magazine", "smarttag").read_bytes()
    (tmp_path / "节目 1.json").write_bytes(b"\xef\xbb\xbf" + smarttag)
    (tmp_path / "节目 1.txt").write_text("1 00:00:01,000 --> 00:00:02,000 Hello", encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"JobStatus": ', encoding="utf-8")
    (tmp_path / "raw.json").write_text("[]", encoding="utf-8")
    source = jobs(tmp_path)
    assert source.names() == ["broken", "节目 1"]
    job = load(answer("节目 1", source=source))
    file = source.file(unquote(job.files["url"].iloc[0]).removeprefix(f"{BASE}/files/"))
    assert file == tmp_path / "节目 1.txt"
    for name in ("broken", "raw", "magazine"):
        with pytest.raises(Refusal) as told:
            answer(name, source=source)
        assert told.value.code == "JobNotFound"


def test_an_address_without_a_file_beside_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(samples.path("magazine", "mts").read_bytes())
    job = load(answer("a", product="mts", source=jobs({"b": file, "a": file})))
    assert job.files["url"].iloc[0].startswith("https://results.example/")


def test_a_mapping_gives_many_jobs_of_one_answer() -> None:
    file = samples.path("magazine", "smarttag")
    source = jobs({f"job-{number}": file for number in range(2000)} | {"own": {"JobStatus": "X"}})
    assert len(source.names()) == 2001
    assert answer("job-1999", source=source)["JobStatus"] == "Success"
    assert answer("own", source=source) == {"JobStatus": "X"}


def test_a_file_that_is_gone_is_no_job(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"JobStatus":"Success"}', encoding="utf-8")
    source = jobs(tmp_path)
    file.unlink()
    with pytest.raises(Refusal):
        answer("a", source=source)


@pytest.mark.parametrize(
    "name", ["节目 1", "100%", "%41", "q?x", "h#x", "..", "a.b", "a&b", "<b>", "c++", "..json"]
)
def test_files_of_any_name_are_found_under_their_address(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.json").write_bytes(samples.path("magazine", "smarttag").read_bytes())
    (tmp_path / f"{name}.txt").write_text("beside", encoding="utf-8")
    source = jobs(tmp_path)
    url = load(answer(name, source=source)).files["url"].iloc[0]
    # As a server sees it: without query and fragment, decoded.
    path = unquote(urlsplit(url).path)
    assert source.file(path.removeprefix("/files/")) == tmp_path / f"{name}.txt"


def pointing_to(url: str) -> dict[str, Any]:
    return {"JobStatus": "Success", "Results": {"Result": [{"Type": "Process", "Data": url}]}}


def test_an_address_is_decoded_to_find_its_file(tmp_path: Path) -> None:
    given = pointing_to("https://results.example/%E8%8A%82%E7%9B%AE%201.json?Expires=1")
    (tmp_path / "a.json").write_text(json.dumps(given), encoding="utf-8")
    (tmp_path / "节目 1.json").write_text("[]", encoding="utf-8")
    source = jobs(tmp_path)
    data = answer("a", source=source)["Results"]["Result"][0]["Data"]
    assert data.endswith("/%E8%8A%82%E7%9B%AE%201.json")


@pytest.mark.parametrize(
    "name",
    ["..%2Fsecret.json", "%2e%2e%2fsecret.json", "..", "%2Fetc%2Fpasswd", "x" * 300, "%00", "%ff"],
)
def test_an_address_leads_to_no_file_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    inside = tmp_path / "jobs"
    inside.mkdir()
    url = f"https://results.example/{name}"
    (inside / "a.json").write_text(json.dumps(pointing_to(url)), encoding="utf-8")
    assert answer("a", source=jobs(inside)) == pointing_to(url)


def test_what_is_no_file_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"JobStatus":"Success"}', encoding="utf-8")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "nowhere.json").symlink_to(tmp_path / "gone")
    (tmp_path / "round.json").symlink_to(tmp_path / "round.json")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / os.fsdecode(b"\xff.json")).write_text('{"JobStatus":"Success"}', encoding="utf-8")
    assert jobs(tmp_path).names() == ["a"]


def test_what_is_submitted_has_the_first_answer_of_its_kind(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"JobStatus":', encoding="utf-8")
    (tmp_path / "b.json").write_text('{"State":"Finished"}', encoding="utf-8")
    (tmp_path / "c.json").write_text('{"JobStatus":"Success"}', encoding="utf-8")
    clock = Clock()
    source = jobs(tmp_path, clock)
    # Neither what is none, nor one of another operation, though the media is called so.
    made = [source.submit({"Input": f"oss://bucket/{name}.mp4"}) for name in "abcd"]
    clock.now = 3
    assert [answer(job_id, source=source)["JobStatus"] for job_id in made] == ["Success"] * 4


@pytest.mark.parametrize(
    "source",
    ["nowhere", {"a": "not a path"}, {}, 5, ["a"], {1: {}}, {"a": {"x": object()}},
     {"a": {"x": "\ud800"}}, {"\ud800": {}}],
)  # fmt: skip
def test_what_holds_no_answers_is_refused(source: Any) -> None:
    with pytest.raises(InvalidArgument, match="jobs: expected"):
        jobs(source)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="a folder with answers"):
        jobs(tmp_path)
