"""The client of smart tagging: from a job's id to its tables."""

from __future__ import annotations

import os
import re
import threading
import warnings
from collections.abc import Generator, Iterable, Mapping, Sized
from contextlib import closing
from typing import Any, Literal, NoReturn, Self

from ..errors import (
    CloudError,
    DamagedEntry,
    InvalidArgument,
    JobFailed,
    MissingCredentials,
    MissingLibrary,
    SmarttagError,
    StoreError,
    Timeout,
    printable,
)
from ..job import Job, check_job
from ..readers import load
from . import credentials as keys
from . import questions
from .bulk import as_they_come
from .credentials import Credentials
from .fetch import fetch_files
from .gateway import Gateway, Stopped, url_of
from .operations import FAILED, FINAL, VERSIONS, Product
from .progress import Bar
from .questions import Params, Query, Question, Submission
from .rate import Rate
from .retry import looks, may_pass
from .store import Key, Store
from .wire import Wire

_LONGEST = 366 * 86_400.0
_FIRST_LOOK, _LONGEST_LOOK = 0.02, 1.0
"""Seconds between two looks into the store for what another process asks for."""


class Client:
    """Asks the cloud for jobs, starts them, and waits for them.

    A client may be used from many threads. Each call is tried again where that can help, with a
    signature of its own for each attempt, until it is answered or its time is over.

    Parameters
    ----------
    product : {"ice", "mts"}
        Intelligent Media Services (ICE) or ApsaraVideo Media Processing (MTS).
    region : str
        Where the jobs are. Smart tagging runs in cn-beijing, cn-hangzhou and cn-shanghai.
    credentials : Credentials, (str, str) or (str, str, str), optional
        An access key's id and secret, and a token where it is one of STS. Without them they are
        looked for at each request, as the official SDKs look for them: in
        ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (and
        ALIBABA_CLOUD_SECURITY_TOKEN), then where alibabacloud-credentials looks.
    endpoint : str, optional
        A host, with a port or not, in place of the product's own in the region. It is spoken to
        over HTTPS, but over HTTP where it is this machine or where http:// stands before it.
    store : path or Store, optional
        Where finished jobs' answers are kept. What is in it is not asked again.
    rate : int
        Most requests in any second, of this client and of all that share its store.
    timeout : float
        Seconds for a call with all its attempts, until the answer is here whole; reading it into
        tables comes after.
    proxies : mapping of str to str, optional
        As `requests` takes them, of proxies that are spoken to in plain HTTP. Those of the
        environment are not looked at.

    Raises
    ------
    InvalidArgument
        An argument is of the wrong kind.
    StoreError
        The store cannot be opened.

    Notes
    -----
    API pages: QuerySmarttagJob (ICE and MTS), QueryVideoCognitionJob, GetSmartHandleJob.

    Examples
    --------
    >>> Client(region="cn-beijing", credentials=("testid", "testsecret"))
    <Client ice cn-beijing at https://ice.cn-beijing.aliyuncs.com>
    """

    def __init__(
        self,
        product: Product = "ice",
        region: str = "cn-shanghai",
        credentials: Credentials | tuple[str, str] | tuple[str, str, str] | None = None,
        endpoint: str | None = None,
        store: str | os.PathLike[str] | Store | None = None,
        rate: int = 100,
        timeout: float = 60,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        try:
            key = keys.checked(credentials)
        finally:
            # A traceback can show what a frame holds.
            del credentials
        if product not in tuple(VERSIONS):
            raise InvalidArgument("product", '"ice" or "mts"', product)
        if not (isinstance(region, str) and re.fullmatch(r"[a-z0-9-]+", region)):
            raise InvalidArgument("region", "a region such as cn-shanghai", region)
        self.product: Product = product
        self.region = region
        self._timeout = _seconds("timeout", timeout)
        url = url_of(f"{product}.{region}.aliyuncs.com" if endpoint is None else endpoint)
        if isinstance(rate, bool) or not isinstance(rate, int) or rate < 1:
            raise InvalidArgument("rate", "a whole number above 0", rate)
        self._wire = Wire(proxies=proxies)
        self._owns_store = not isinstance(store, Store)
        self._store = store if store is None or isinstance(store, Store) else Store(store)
        self._rate = Rate(rate, None if self._store is None else self._store.path)
        self._gateway = Gateway(product, region, url, key, self._wire, self._rate)

    def __repr__(self) -> str:
        if not hasattr(self, "_gateway"):
            # As a traceback with locals shows it, where an argument was refused.
            return "<Client, not made>"
        store = "" if self._store is None else f", store {self._store.path.name}"
        return printable(f"<Client {self.product} {self.region} at {self._gateway.url}{store}>")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Client is not pickled: make one in each process, with one store.")

    def close(self) -> None:
        """Close the connections, and the store where a path was given."""
        self._wire.close()
        self._rate.close()
        if self._owns_store and self._store is not None:
            self._store.close()

    def query(self, job_id: str, result: Literal["auto", "hmi"] | None = None) -> Job:
        """Ask for a job of smart tagging (QuerySmarttagJob).

        Parameters
        ----------
        job_id : str
            Its id.
        result : {"auto", "hmi"}, optional
            Only the labels of machines, or those that people have checked.

        Returns
        -------
        Job
            Finished or not: see its `status`. From the store where it is in it.

        Raises
        ------
        CloudError
            The cloud gave an error, or no answer within the client's `timeout`.
        MissingCredentials, MissingLibrary
            There is no access key.
        StoreError
            The store cannot be read or written.
        InvalidArgument
            An argument is of the wrong kind.
        """
        return self._query(questions.about_smarttag(result), job_id)

    def query_cognition(
        self,
        job_id: str,
        asr: bool = True,
        ocr: bool = True,
        process: bool = False,
        params: Mapping[str, Any] | None = None,
    ) -> Job:
        """Ask for a job of video cognition (QueryVideoCognitionJob; product "ice").

        Parameters
        ----------
        job_id : str
            Its id.
        asr, ocr, process : bool
            Whether the answer shall hold speech, text on screen, and where the raw output of the
            algorithms is (`fetch` gets it).
        params : mapping, optional
            Further parameters, which are sent as JSON.

        Returns
        -------
        Job
            Finished or not.

        Raises
        ------
        CloudError, MissingCredentials, MissingLibrary, StoreError, InvalidArgument
            As for `query`.
        """
        return self._query(questions.about_cognition(asr, ocr, process, params), job_id)

    def query_smart_handle(self, job_id: str) -> Job:
        """Ask for a smart-handle job (GetSmartHandleJob; product "ice").

        Parameters
        ----------
        job_id : str
            Its id.

        Returns
        -------
        Job
            Finished or not.

        Raises
        ------
        CloudError, MissingCredentials, MissingLibrary, StoreError, InvalidArgument
            As for `query`.
        """
        return self._query(questions.about_smart_handle(), job_id)

    def wait(
        self,
        job_id: str,
        timeout: float = 3600,
        *,
        operation: Query = "QuerySmarttagJob",
        check: bool = False,
        **options: Any,
    ) -> Job:
        """Ask for a job until it is finished, with pauses that grow to half a minute.

        Parameters
        ----------
        job_id : str
            Its id.
        timeout : float
            Seconds to wait at most.
        operation : str
            What to ask: "QuerySmarttagJob", "QueryVideoCognitionJob" or "GetSmartHandleJob".
        check : bool
            Raise where the job itself failed.
        **options
            What the operation's own method takes: ``result="hmi"``, ``process=True``…

        Returns
        -------
        Job
            Finished, well or not.

        Raises
        ------
        Timeout
            It is not finished within `timeout`.
        JobFailed
            With `check`, it failed.
        CloudError, MissingCredentials, MissingLibrary, StoreError, InvalidArgument
            As for `query`. Once the job was found, errors that pass are waited out.
        """
        question = questions.about(operation, options)
        timeout = _seconds("timeout", timeout)
        grace = timeout / 20  # For each of the last two looks, when the time is over or nearly so.
        status = ""
        with Bar(bar_format="{desc} {elapsed}", mininterval=0, miniters=0) as bar:
            for left in looks(timeout):
                failure: CloudError | None = None
                try:
                    job = self._query(question, job_id, min(self._timeout, max(left, grace)))
                except CloudError as error:
                    if not status or not may_pass(error):
                        raise
                    failure = error
                else:
                    status = job.status or ""
                    if status in FINAL:
                        break
                    bar.set_description_str(printable(f"{job_id}: {status}"), refresh=False)
                    bar.update(0)
        if failure is not None and not isinstance(failure, Timeout):
            raise failure
        if status not in FINAL:
            raise Timeout(
                "NotFinished",
                f"Job {job_id} is {status} after {timeout:g} s",
                "Wait again, with a longer timeout=; the job itself goes on.",
            )
        if check and status in FAILED:
            raise JobFailed(
                status, job.reason or "the cloud gave no reason", "", job.request_id or ""
            )
        return job

    def query_many(
        self,
        job_ids: Iterable[str],
        workers: int = 16,
        *,
        operation: Query = "QuerySmarttagJob",
        **options: Any,
    ) -> Generator[tuple[str, Job | SmarttagError]]:
        """Ask for many jobs at a time, and give each as it comes.

        With a store it goes on where it was left: an id whose finished job is in is not asked
        again, and several processes that share a store ask for each id once. What was given has
        been stored before.

        Parameters
        ----------
        job_ids : iterable of str
            Ids, of any number: they are taken as they are needed.
        workers : int
            How many are asked for at a time.
        operation : str
            What to ask: "QuerySmarttagJob", "QueryVideoCognitionJob" or "GetSmartHandleJob".
        **options
            What the operation's own method takes: ``result="hmi"``, ``process=True``…

        Yields
        ------
        (str, Job or SmarttagError)
            An id and its job, finished or not, or what went wrong with it.

        Raises
        ------
        MissingCredentials, MissingLibrary, StoreError
            What would go wrong with every id ends it. So does what the iterable itself raises.
        InvalidArgument
            An argument is of the wrong kind, but for an id, whose error is given.

        Examples
        --------
        >>> client = Client(credentials=("testid", "testsecret"))
        >>> [(job_id, type(error).__name__) for job_id, error in client.query_many([""])]
        [('', 'InvalidArgument')]
        """
        question = questions.about(operation, options)
        questions.check_product(self.product, operation)
        if isinstance(job_ids, (str, bytes)) or not isinstance(job_ids, Iterable):
            raise InvalidArgument("job_ids", "an iterable of ids", job_ids)
        if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
            raise InvalidArgument("workers", "a number from 1", workers)
        return self._many(question, job_ids, workers)

    def _many(
        self, question: Question, job_ids: Iterable[str], workers: int
    ) -> Generator[tuple[str, Job | SmarttagError]]:
        def ask(job_id: str, stop: threading.Event) -> Job | SmarttagError:
            try:
                return self._query_once(question, job_id, stop)
            except (MissingCredentials, MissingLibrary, StoreError):
                raise
            except SmarttagError as error:
                # It may be kept for long, and its traceback would keep answers with it.
                return error.with_traceback(None)

        total = len(job_ids) if isinstance(job_ids, Sized) else None
        with (
            Bar(total=total, desc=question.operation.name, unit="job") as bar,
            closing(as_they_come(ask, job_ids, workers)) as answers,
        ):
            for job_id, job in answers:
                bar.update()
                yield job_id, job

    def fetch(self, job: Job, hosts: Iterable[str] = ()) -> Job:
        """Get the files that a job points to into its tables: subtitles, raw algorithm output.

        Parameters
        ----------
        job : Job
            As a query gave it.
        hosts : iterable of str
            Hosts to go to besides those of aliyuncs.com.

        Returns
        -------
        Job
            A new one. A file that could not be had is a row of its `problems`.

        Raises
        ------
        InvalidArgument
            It is no Job.
        """
        check_job(job)
        return fetch_files(job, self._wire, hosts=hosts, timeout=self._timeout)

    def submit(
        self,
        media: str,
        title: str | None = None,
        *,
        operation: Submission = "SubmitSmarttagJob",
        params: Params | Mapping[str, Any] | None = None,
        template: str | None = None,
        template_config: Mapping[str, Any] | None = None,
        pipeline: str | None = None,
        priority: int | None = None,
        notify_url: str | None = None,
        user_data: str | Mapping[str, Any] | None = None,
    ) -> str:
        """Start a job, which costs money (SubmitSmarttagJob, SubmitVideoCognitionJob).

        It is tried again only where the request surely reached nobody.

        Parameters
        ----------
        media : str
            The video or image: ``"oss://bucket/object"``, an http(s) URL or a media id. With
            product "mts", as its Input takes it.
        title : str, optional
            The job's title. Required with "mts".
        operation : str
            "SubmitSmarttagJob", or "SubmitVideoCognitionJob" (product "ice").
        params : Params, optional
            What the answer shall hold: ``{"needAsrData": True, "nlpParams": {…}}``.
        template : str, optional
            Id of the template that tells which algorithms look at the media.
        template_config : mapping, optional
            What is otherwise than in the template.
        pipeline : str, optional
            Id of the pipeline the job waits in. Required with "mts".
        priority : int, optional
            From 0 to 9, in the pipeline.
        notify_url : str, optional
            Where the cloud tells that the job is finished (`read_callback` reads it).
        user_data : str or mapping, optional
            Comes back with the answer as it is.

        Returns
        -------
        str
            The job's id.

        Raises
        ------
        CloudError
            The cloud gave an error, or no answer in time. Where the hint says that the job may
            have been started, look for it before you submit it again.
        MissingCredentials, MissingLibrary, InvalidArgument
            As for `query`.
        """
        question = questions.order(
            self.product,
            operation,
            media,
            title,
            params=params,
            template=template,
            template_config=template_config,
            pipeline=pipeline,
            priority=priority,
            notify_url=notify_url,
            user_data=user_data,
        )
        return self._gateway.ask(
            question.operation, question.parameters, self._timeout, threading.Event()
        ).status

    def _query(
        self,
        question: Question,
        job_id: str,
        timeout: float | None = None,
        stop: threading.Event | None = None,
    ) -> Job:
        questions.check_product(self.product, question.operation.name)
        questions.checked_text("job_id", job_id)
        raw = self._kept(question, job_id)
        if raw is not None:
            return load(raw, job_id=job_id)
        seconds = self._timeout if timeout is None else timeout
        answer = self._gateway.ask(
            question.operation,
            {"JobId": job_id, **question.parameters},
            seconds,
            stop or threading.Event(),
        )
        job = load(answer.body, job_id=job_id)
        if self._store is not None and answer.status in FINAL:
            key = self._key(question, job_id)
            self._store.put(key, answer.body, answer.status, job.request_id or "")
        return job

    def _query_once(self, question: Question, job_id: str, stop: threading.Event) -> Job:
        """Ask for a job unless another process that shares the store does, and then wait for it."""
        questions.checked_text("job_id", job_id)
        if self._store is None:
            return self._query(question, job_id, stop=stop)
        key = self._key(question, job_id)
        pause = _FIRST_LOOK
        # Longer than asking takes: a claim that ends before would let another ask.
        while not self._store.claim(key, 2 * self._timeout):
            raw = self._kept(question, job_id)
            if raw is not None:
                return load(raw, job_id=job_id)
            if stop.wait(pause):
                raise Stopped
            pause = min(2 * pause, _LONGEST_LOOK)
        try:
            return self._query(question, job_id, stop=stop)
        finally:
            self._store.release(key)

    def _key(self, question: Question, job_id: str) -> Key:
        return Key(self.product, self.region, question.operation.name, job_id, question.params)

    def _kept(self, question: Question, job_id: str) -> bytes | None:
        if self._store is None:
            return None
        try:
            return self._store.get(self._key(question, job_id))
        except DamagedEntry as error:
            # It was set aside, and is asked for again.
            warnings.warn(str(error), UserWarning, stacklevel=4)
            return None


def _seconds(argument: str, value: Any) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not (is_number and 0 < value <= _LONGEST):
        raise InvalidArgument(argument, "seconds above 0, a year at most", value)
    return float(value)
