"""The explorer without a kernel: one file that needs no server, and what a report takes of it."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal
from urllib.parse import quote, urlsplit

import jinja2
from markupsafe import Markup

from ..alignment import Alignment
from ..job import Job
from .media import Media
from .payload import pack

Lang = Literal["en", "zh"]


@functools.cache
def bundle(name: str) -> str:
    """Read the explorer's script or style: ``explorer.js``, ``explorer.css``."""
    return (resources.files(__package__) / "static" / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Parts:
    """What a page needs to hold the explorer.

    Attributes
    ----------
    style : str
        CSS; every rule is about the explorer alone.
    script : str
        A module script; it fills the page's mount.
    blocks : markupsafe.Markup
        The payload, and the media if it is embedded.
    mount : markupsafe.Markup
        The element that the explorer appears in.
    sources : mapping of str to str
        What the page may load: a Content-Security-Policy's directive, and the source it opens.
        Empty where nothing is linked.
    """

    style: str
    script: str
    blocks: Markup
    mount: Markup
    sources: Mapping[str, str]


def parts(
    job: Job,
    alignment: Alignment | None = None,
    media: Media | None = None,
    lang: Lang = "en",
    link: str | None = None,
    title: str | None = None,
) -> Parts:
    """Make what a page needs to hold the explorer of a job.

    Parameters
    ----------
    job : Job
        An answer.
    alignment : Alignment, optional
        Its speech beside its text on screen.
    media : Media, optional
        The video or image: embedded, unless it is linked.
    lang : str
        The language of the interface, ``"en"`` or ``"zh"``.
    link : str, optional
        The URL that the page finds the media under.
    title : str, optional
        In place of the job's.

    Returns
    -------
    Parts
        They stand in one page together, once. All text in them is escaped.
    """
    return packed_parts(pack(job, alignment, title), media, lang, link)


def packed_parts(
    packed: bytes, media: Media | None = None, lang: Lang = "en", link: str | None = None
) -> Parts:
    """Make what a page needs to hold the explorer of a payload."""
    payload = base64.b64encode(gzip.compress(packed, compresslevel=6, mtime=0))
    embedded = None
    if media is not None and link is None:
        embedded = base64.b64encode(media.data()).decode()
    given = {"payload": payload.decode(), "media": media, "embedded": embedded}
    mount = {"lang": lang, "media": media, "link": link}
    return Parts(
        style=bundle("explorer.css"),
        script=bundle("explorer.js"),
        blocks=Markup(_template("blocks").render(given)),  # noqa: S704  rendered with autoescape
        mount=Markup(_template("mount").render(mount)),  # noqa: S704
        sources={} if media is None or link is None else _sources(media, link),
    )


def _sources(media: Media, link: str) -> dict[str, str]:
    """Tell what a page has to open for linked media: one directive, for one place."""
    url = urlsplit(link)
    # A source is a host and its port: whoever signs in stands before them.
    host = quote(url.netloc.rpartition("@")[2], safe=":[]")
    source = f"{url.scheme}://{host}" if host else "file: 'self'"
    return {"img-src" if media.kind == "image" else "media-src": source}


def policy(
    scripts: Sequence[str], styles: Sequence[str], sources: Mapping[str, str] | None = None
) -> str:
    """Tell the Content-Security-Policy of a page: these scripts and styles, and nothing else.

    Parameters
    ----------
    scripts, styles : sequence of str
        The text of each script and style element of the page.
    sources : mapping, optional
        What else the page may load (`Parts.sources`).

    Returns
    -------
    str
        The policy: no request goes anywhere but to what is linked.
    """
    linked = sources or {}
    loaded = [
        f"{directive} data: blob: {linked.get(directive, '')}".rstrip()
        for directive in ("img-src", "media-src")
    ]
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(styles)}",
            *loaded,
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


def _hashes(texts: Sequence[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"


def page(made: Parts, title: str, lang: Lang = "en") -> str:
    """Make a page that holds the explorer and nothing else."""
    style = f"{made.style}\n{_PAGE_STYLE}"
    return _template("page").render(
        parts=made,
        title=title,
        lang="zh-CN" if lang == "zh" else lang,
        style=Markup(style),  # noqa: S704  our own
        script=Markup(made.script),  # noqa: S704  our own
        policy=policy([made.script], [style], made.sources),
    )


class Static:
    """The explorer as an output that needs no kernel: it shows in exported notebooks too.

    Parameters
    ----------
    page : str
        The page that holds it.
    """

    def __init__(self, page: str) -> None:
        self._page = page

    def __repr__(self) -> str:
        return f"<Static explorer, {len(self._page.encode()) / 1e6:.1f} MB>"

    def _repr_html_(self) -> str:
        return _template("frame").render(page=self._page)


# The page follows the reader's light or dark; the explorer does so by itself.
_PAGE_STYLE = """\
:root { color-scheme: light dark; }
body { margin: 0; padding: 8px; }
"""

_TEMPLATES = {
    "blocks": """\
<script type="text/plain" data-smarttag-payload>{{ payload }}</script>
{% if embedded %}
<script type="text/plain" data-smarttag-media>{{ embedded }}</script>
{% endif %}
""",
    "mount": """\
<div data-smarttag-explorer data-lang="{{ lang }}"
{%- if media %} data-kind="{{ media.kind }}" data-mime="{{ media.mime }}"{% endif %}
{%- if link %} data-link="{{ link }}"{% endif %}>
<noscript>
{{- "此互动部分需要 JavaScript。" if lang == "zh" else "The explorer needs JavaScript." -}}
</noscript></div>
""",
    "page": """\
<!doctype html>
<html lang="{{ lang }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body>
{{ parts.mount }}
{{ parts.blocks }}
<script type="module">{{ script }}</script>
</body>
</html>
""",
    # Heights of frames do not follow their pages; this one holds the explorer at usual widths.
    "frame": """\
<iframe title="Explorer" sandbox="allow-scripts allow-popups" allow="fullscreen" width="100%" \
height="820" frameborder="0" srcdoc="{{ page }}"></iframe>
""",
}


@functools.cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATES[name])
