"""``smarttag query``: jobs in the cloud."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CloudError, InvalidArgument, MissingCredentials, SmarttagError, printable
from .console import Commands, fail

if TYPE_CHECKING:
    from ..cloud import Client
    from ..cloud.questions import Query
    from ..job import Job

_WAIT = 3600.0
"""Seconds that ``query --wait`` waits."""
_TOLD = 5
"""How many jobs of one failure are named."""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "query",
        help="ask the cloud for jobs",
        description="Ask the cloud for jobs: print what each holds, or write its answer.",
        epilog="The access key is read from ALIBABA_CLOUD_ACCESS_KEY_ID and "
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET, or where alibabacloud-credentials looks. Exit status: "
        "0 all jobs are finished, 1 some are not or could not be had, 2 called wrongly.",
    )
    parser.add_argument("jobs", nargs="*", metavar="JOB", help="ids of jobs")
    parser.add_argument("--ids", metavar="FILE", help="a file with an id a line, or - for stdin")
    parser.add_argument("--store", type=Path, metavar="FILE",
                        help="keep answers in this file, and ask for none that it has")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="write the answer of each finished job, JOB.json")  # fmt: skip
    parser.add_argument("--wait", action="store_true",
                        help="ask again until all are finished, for an hour at most")  # fmt: skip
    parser.add_argument("--product", choices=("ice", "mts"), default="ice",
                        help="where the jobs are (default: %(default)s)")  # fmt: skip
    parser.add_argument("--region", default="cn-shanghai", metavar="REGION",
                        help="where the jobs are (default: %(default)s)")  # fmt: skip
    parser.add_argument("--endpoint", metavar="HOST",
                        help="a host to ask in place of the product's own")  # fmt: skip
    parser.add_argument("--operation", default="QuerySmarttagJob",
                        choices=("QuerySmarttagJob", "QueryVideoCognitionJob", "GetSmartHandleJob"),
                        help="what to ask (default: %(default)s)")  # fmt: skip
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(given: argparse.Namespace) -> int:
    from tqdm.auto import tqdm

    from ..cloud import Client
    from ..cloud.operations import FAILED, FINAL
    from ..cloud.questions import check_product
    from ..exports.names import answer_file
    from ..exports.whole import write_whole
    from ..job import Job

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
        return fail(_without_key(error, given.endpoint))
    if not failures:
        return 0
    missing = sum(map(len, failures.values()))
    fail(f"{missing:,} of {len(ids):,} jobs did not come, failed or are not finished:")
    for jobs in failures.values():
        named = ", ".join(job_id for job_id, _ in jobs[:_TOLD])
        more = f" and {len(jobs) - _TOLD:,} more" if len(jobs) > _TOLD else ""
        print(printable(f"  {named}{more}: {jobs[0][1]}"), file=sys.stderr)
    return 1


def _answers(
    client: Client, ids: list[str], operation: Query, wait: bool
) -> Generator[tuple[str, Job | SmarttagError]]:
    """Ask for jobs; to wait, ask again for those that are not finished, with growing pauses."""
    from ..cloud.operations import FINAL
    from ..cloud.retry import looks, may_pass
    from ..job import Job

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
