"""The command line, ``smarttag``: demo, report, tables, align, query, emulate, notebooks."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import shutil
import sys
import warnings
import webbrowser
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .errors import (
    CloudError,
    InvalidArgument,
    MissingCredentials,
    SmarttagError,
    printable,
)

if TYPE_CHECKING:
    from .cloud import Client
    from .cloud.questions import Query
    from .job import Job

_WAIT = 3600.0
"""Seconds that ``query --wait`` waits."""
_TOLD = 5
"""How many jobs of one failure are named."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 failed, 2 called wrongly."""
    _encode_leniently(sys.stdout)
    _encode_leniently(sys.stderr)
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int | None] = given.run
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = _show_warning
            status = run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has read enough; nothing must be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except SmarttagError as error:
        return _fail(str(error))
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        return _fail(f"{what}{error.strerror or error}")
    return status or 0


def _fail(message: str) -> int:
    print(printable(f"smarttag: {message}"), file=sys.stderr)
    return 1


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(printable(f"smarttag: warning: {message}"), file=sys.stderr)


def _encode_leniently(stream: TextIO) -> None:
    # Names in an answer may be in any script; a terminal that lacks it gets escapes, not an end.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smarttag",
        description="Answers of Alibaba Cloud's smart tagging as tables and pictures.",
    )
    version = importlib.metadata.version("smarttag-nb")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="read the bundled sample; write its report and tables")
    demo.add_argument("--out", type=Path, default=Path("smarttag-demo"), metavar="DIR",
                      help="where to write (default: %(default)s)")  # fmt: skip
    demo.add_argument("--open", action="store_true", help="open what was written")
    demo.set_defaults(run=_demo)

    report = commands.add_parser("report", help="write a page that tells all of an answer")
    report.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    report.add_argument("--video", metavar="FILE", help="its video or image, or the URL of that")
    report.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE",
                        help="where to write (default: %(default)s)")  # fmt: skip
    report.add_argument("--title", metavar="TEXT", help="a title, in place of the answer's own")
    report.add_argument("--lang", choices=("en", "zh"), default="en",
                        help="the page's language (default: %(default)s)")  # fmt: skip
    report.add_argument("--pdf", action="store_true", help="print it too, beside the page")
    report.set_defaults(run=_report, refuse=report.error)

    tables = commands.add_parser("tables", help="write an answer's tables")
    tables.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    tables.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    tables.add_argument("--format", choices=("csv", "json", "parquet"), default="csv",
                        help="how to write (default: %(default)s)")  # fmt: skip
    tables.set_defaults(run=_tables)

    align = commands.add_parser("align", help="align what was said with what was on screen")
    align.add_argument("answer", metavar="ANSWER", help="a file with an answer, or - for stdin")
    align.add_argument("--srt", metavar="FILE", help="write the subtitles as SubRip; - for stdout")
    align.add_argument("--vtt", metavar="FILE", help="write the subtitles as WebVTT; - for stdout")
    align.add_argument("--csv", type=Path, metavar="DIR", help="write lines, links and all else")
    align.add_argument("--fused", action="store_true",
                       help="take the speech as the screen corrects it, not the lines on screen; "
                       "without a file, print it")  # fmt: skip
    align.set_defaults(run=_align, refuse=align.error)

    query = commands.add_parser(
        "query",
        help="ask the cloud for jobs",
        description="Ask the cloud for jobs: print what each holds, or write its answer.",
        epilog="The access key is read from ALIBABA_CLOUD_ACCESS_KEY_ID and "
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET, or where alibabacloud-credentials looks. Exit status: "
        "0 all jobs are finished, 1 some are not or could not be had, 2 called wrongly.",
    )
    query.add_argument("jobs", nargs="*", metavar="JOB", help="ids of jobs")
    query.add_argument("--ids", metavar="FILE", help="a file with an id a line, or - for stdin")
    query.add_argument("--store", type=Path, metavar="FILE",
                       help="keep answers in this file, and ask for none that it has")  # fmt: skip
    query.add_argument("--out", type=Path, metavar="DIR",
                       help="write the answer of each finished job, JOB.json")  # fmt: skip
    query.add_argument("--wait", action="store_true",
                       help="ask again until all are finished, for an hour at most")  # fmt: skip
    query.add_argument("--product", choices=("ice", "mts"), default="ice",
                       help="where the jobs are (default: %(default)s)")  # fmt: skip
    query.add_argument("--region", default="cn-shanghai", metavar="REGION",
                       help="where the jobs are (default: %(default)s)")  # fmt: skip
    query.add_argument("--endpoint", metavar="HOST",
                       help="a host to ask in place of the product's own")  # fmt: skip
    query.add_argument("--operation", default="QuerySmarttagJob",
                       choices=("QuerySmarttagJob", "QueryVideoCognitionJob", "GetSmartHandleJob"),
                       help="what to ask (default: %(default)s)")  # fmt: skip
    query.set_defaults(run=_query, refuse=query.error)

    emulate = commands.add_parser("emulate", help="stand in for the cloud on this machine")
    emulate.add_argument("--port", type=int, default=8765, metavar="PORT",
                         help="where it is reached (default: %(default)s)")  # fmt: skip
    emulate.add_argument("--jobs", type=Path, metavar="DIR",
                         help="a folder of answers, JOB.json (default: the sample's)")  # fmt: skip
    emulate.set_defaults(run=_emulate)

    notebooks = commands.add_parser("notebooks", help="copy the notebooks into a folder")
    notebooks.add_argument("folder", type=Path, metavar="DIR", help="where to copy them")
    notebooks.set_defaults(run=_notebooks)
    return parser


def _demo(given: argparse.Namespace) -> None:
    import matplotlib as mpl

    from . import exports, measures, samples
    from .report import report

    mpl.use("agg")
    folder: Path = given.out
    job = samples.load("magazine", answer="cognition")
    title = "晨间手记 · Morning Notes"
    page = report(job, folder / "report.html", samples.video("magazine"), title=title)
    print(f"Wrote {page}: open it in a browser. It plays, and needs nothing else.")
    written = exports.write_tables(job, folder / "tables")
    print(f"Wrote {len(written)} tables to {folder / 'tables'}.")

    print(f"\nIt is of {job.operation}, for a clip of {job.duration.seconds:.1f} s:\n")
    for name, frame in job.tables.items():
        if len(frame):
            print(f"  {name:13}{len(frame):6} rows")
    shown = measures.presence(job).query("kind == 'person'").nlargest(3, "seconds")
    print("\nLongest on screen:")
    for row in shown.itertuples():
        print(f"  {row.name}: {row.seconds:.1f} s, {row.ratio_measured:.0%} of the clip")
    print(
        "\nNext:\n"
        "  smarttag report YOUR_ANSWER.json --video CLIP.mp4  the report of your own answer\n"
        "  smarttag tables YOUR_ANSWER.json --out tables      its tables\n"
        "  smarttag notebooks notebooks                       the notebooks, to run and change\n"
    )
    if given.open:
        webbrowser.open(page.resolve().as_uri())


def _report(given: argparse.Namespace) -> None:
    import matplotlib as mpl

    from .readers import load
    from .report import report
    from .report.pdf import find_browser, print_pdf

    mpl.use("agg")
    printed = given.out.with_suffix(".pdf")
    if given.pdf:
        if printed == given.out:
            given.refuse("--out names the page, as report.html; the PDF is written beside it")
        # Before the work: without a browser it is in vain.
        find_browser()
    job = load(_source(given.answer))
    page = report(job, given.out, given.video, title=given.title, lang=given.lang)
    print(job)
    print(page)
    if given.pdf:
        print(print_pdf(page, printed))


def _tables(given: argparse.Namespace) -> None:
    from . import exports
    from .readers import load

    job = load(_source(given.answer))
    written = exports.write_tables(job, given.out, given.format)
    print(job)
    if job.reason:
        print(printable(f"The job says: {job.reason}"))
    for path in written:
        print(path)
    if not written:
        print("No table has rows; nothing was written.")


def _align(given: argparse.Namespace) -> None:
    from . import exports
    from .alignment import align
    from .intervals import clock
    from .readers import load

    if given.srt == given.vtt == "-":
        given.refuse("--srt - and --vtt -: only one can be written to stdout")
    alignment = align(load(_source(given.answer)))
    lines, scores = alignment.lines, alignment.scores
    subtitles = alignment.fused if given.fused else lines[lines["role"] == "subtitle"]
    asked = [(exports.srt, given.srt), (exports.webvtt, given.vtt)]
    asked = [(write, file) for write, file in asked if file is not None]
    # Whoever reads subtitles from stdout wants nothing else there.
    told = sys.stderr if any(file == "-" for _, file in asked) else sys.stdout
    print(alignment, file=told)
    if scores.matched:
        print(f"Against what is written, the speech has a character error rate of "
              f"{scores.CER:.1%} and a word error rate of {scores.WER:.1%}; its own character "
              f"error rate is estimated at {scores.true_CER:.1%}.", file=told)  # fmt: skip
    if given.fused and not asked:
        columns = (subtitles[name].tolist() for name in ("start_time", "text", "review"))
        for start, text, review in zip(*columns, strict=True):
            print(printable(f"{clock(start, 2)}  {text}{'  (to review)' if review else ''}"))
    tables = exports.write_tables(alignment.tables, given.csv) if given.csv is not None else []
    for path in tables:
        print(path, file=told)
    if asked and not subtitles["start_time"].notna().any():
        what = "nothing was" if not tables else "only tables were"
        print(f"No subtitles; {what} written.", file=told)
        return
    for write, file in asked:
        if file == "-":
            # As in a file, UTF-8 with plain line ends, whatever this machine prefers.
            sys.stdout.buffer.write(write(subtitles).encode())
        else:
            write(subtitles, file)
            print(file, file=told)


def _query(given: argparse.Namespace) -> int:
    from tqdm.auto import tqdm

    from .cloud import Client
    from .cloud.operations import FAILED, FINAL
    from .cloud.questions import check_product
    from .exports.names import answer_file
    from .exports.whole import write_whole
    from .job import Job

    try:
        # Each once, in their order.
        ids = list(dict.fromkeys([*given.jobs, *_listed(given.ids)]))
        if not ids:
            given.refuse("no JOB is given, and none by --ids FILE")
        check_product(given.product, given.operation)
        client = Client(given.product, given.region, endpoint=given.endpoint, store=given.store)
    except InvalidArgument as error:
        given.refuse(str(error))
    if given.out is not None:
        # Before the work: where nothing can be written it is in vain.
        given.out.mkdir(parents=True, exist_ok=True)
    failures: dict[str, list[tuple[str, str]]] = {}
    try:
        with client, closing(_answers(client, ids, given.operation, given.wait)) as answers:
            for job_id, job in answers:
                if not isinstance(job, Job):
                    code = job.code if isinstance(job, CloudError) else type(job).__name__
                    failures.setdefault(code, []).append((job_id, str(job)))
                    continue
                status = job.status or ""
                if status not in FINAL:
                    failures.setdefault(status, []).append((job_id, f"{status}, not finished."))
                elif status in FAILED:
                    why = f"{status}: {job.reason or 'the cloud gave no reason'}"
                    failures.setdefault(why, []).append((job_id, why))
                told = str(job)
                if given.out is not None and status in FINAL:
                    file = given.out / answer_file(job_id)
                    write_whole(file, job.raw)
                    told = str(file)
                # Above the progress bar, where there is one.
                tqdm.write(printable(told))
    except MissingCredentials as error:
        return _fail(_without_key(error, given.endpoint))
    if not failures:
        return 0
    missing = sum(map(len, failures.values()))
    _fail(f"{missing:,} of {len(ids):,} jobs did not come, failed or are not finished:")
    for jobs in failures.values():
        named = ", ".join(job_id for job_id, _ in jobs[:_TOLD])
        more = f" and {len(jobs) - _TOLD:,} more" if len(jobs) > _TOLD else ""
        print(printable(f"  {named}{more}: {jobs[0][1]}"), file=sys.stderr)
    return 1


def _answers(
    client: Client, ids: list[str], operation: Query, wait: bool
) -> Generator[tuple[str, Job | SmarttagError]]:
    """Ask for jobs; to wait, ask again for those that are not finished, with growing pauses."""
    from .cloud.operations import FINAL
    from .cloud.retry import looks, may_pass
    from .job import Job

    running: set[str] = set()
    for left in looks(_WAIT if wait else 0.0):
        open_ids = []
        with closing(client.query_many(ids, operation=operation)) as answers:
            for job_id, job in answers:
                if isinstance(job, Job):
                    again = job.status not in FINAL
                else:
                    # The job is there, and an outage of minutes does not end an hour's wait.
                    again = job_id in running and isinstance(job, CloudError) and may_pass(job)
                if again and left:
                    open_ids.append(job_id)
                else:
                    yield job_id, job
        running, ids = set(open_ids), open_ids
        if not ids:
            return


def _listed(file: str | None) -> list[str]:
    """Read ids, a line each."""
    if file is None:
        return []
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InvalidArgument("--ids", "a text file with an id a line", file) from None
    return [line.strip() for line in lines if line.strip()]


def _without_key(error: MissingCredentials, endpoint: str | None) -> str:
    found = f"Expected an access key; found none in {error.looked}."
    variables = "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
    if endpoint is None:
        return f"{found} {variables}, or try without an account what smarttag emulate serves."
    return f"{found} {variables}: testid and testsecret, where smarttag emulate serves."


def _emulate(given: argparse.Namespace) -> None:
    from .emulator.server import KEY, serve

    def told(endpoint: str) -> None:
        print(f"The cloud on this machine: http://{endpoint} (Ctrl-C ends it)")
        print(f"Access key id {KEY[0]}, secret {KEY[1]}.")
        variables = "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        print(f"Ask it: smarttag query JOB --endpoint {endpoint}, the key in {variables}.",
              flush=True)  # fmt: skip

    serve(given.jobs, given.port, told)


def _source(answer: str) -> bytes | Path:
    return sys.stdin.buffer.read() if answer == "-" else Path(answer)


def _notebooks(given: argparse.Namespace) -> None:
    package = Path(__file__).parent
    # Beside the package in a checkout, inside of it once installed.
    folders = (package / "notebooks", package.parent / "notebooks")
    source = next(folder for folder in folders if folder.is_dir())
    given.folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(source.glob("*.ipynb")):
        target = given.folder / notebook.name
        if target.exists():
            print(f"{target} is there already and was left as it is")
            continue
        shutil.copyfile(notebook, target)
        print(target)
    # The pictures that their text shows.
    shutil.copytree(source / "images", given.folder / "images", dirs_exist_ok=True)
