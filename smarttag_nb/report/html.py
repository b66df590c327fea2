"""From a report's data to HTML, a template a section.

All text is escaped by the templates. There is no style attribute and no script in attributes, so
that the page's policy forbids both.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from ..intervals import clock
from ..plots import style
from ..widgets.page import Parts, policy
from .data import Report
from .download import Archive
from .figures import PAPER, Figure, Picture
from .transcript import Piece
from .words import Words

FOLD = 80
"""Rows from which on the passages of a transcript are folded."""


@dataclass(frozen=True)
class Pictures:
    """What there is to see: plots by name, people by label_id, moments."""

    plots: Mapping[str, Figure] = field(default_factory=dict)
    people: Mapping[int, Picture] = field(default_factory=dict)
    sheet: Sequence[Picture] = ()


def sections(
    report: Report, pictures: Pictures, words: Words, archive: Archive | None = None
) -> dict[str, dict[str, Any]]:
    """List the sections that have something to tell, in their order, with what each is made of.

    Parameters
    ----------
    report : Report
        The data.
    pictures : Pictures
        The pictures.
    words : Words
        The texts of the page's language.
    archive : Archive, optional
        All tables, to download.

    Returns
    -------
    dict of str to dict
        For each section what its template is given.
    """
    plots = pictures.plots
    transcript = report.transcript
    longest = [f"{one.name or words('no_name')} {percent(one.share)}" for one in report.ratios[:3]]
    made: dict[str, dict[str, Any]] = {
        "summary": {"summary": report.summary},
        "chapters": {"chapters": report.chapters},
        "picture": {"figure": plots.get("picture"), "alt": words("alt.picture"), "about": ""},
        "people": {"people": report.people, "pictures": pictures.people},
        "sheet": {"sheet": pictures.sheet},
        "ratios": {
            "figure": plots.get("ratios"),
            "alt": words("alt.ratios").format(", ".join(longest)),
            "about": words("about.ratios"),
        },
        "timeline": {
            "figure": plots.get("timeline"),
            "alt": words("alt.timeline"),
            "about": words("about.timeline"),
        },
        "transcript": {"transcript": transcript},
        "screen": {"screen": report.screen},
        "questions": {"questions": report.questions},
        "highlights": {"highlights": report.highlights},
        "mindmap": {"topics": report.mindmap},
        "entities": {"entities": report.entities},
        "problems": {"problems": report.problems},
        "tables": {"tables": report.tables},
    }
    # What a section is about comes first; without it there is no section.
    made = {name: given for name, given in made.items() if next(iter(given.values()))}
    for name, number in report.left_out.items():
        if name in made:
            made[name]["left_out"] = number
    if transcript is not None:
        made["transcript"] |= {
            "figure": plots.get("agreement"),
            "alt": words("alt.agreement"),
            "folded": transcript.rows > FOLD,
        }
    if "tables" in made:
        made["tables"]["archive"] = archive
    return made


def render(template: str, words: Words, seekable: bool = False, /, **given: Any) -> Markup:
    """Render one template.

    Parameters
    ----------
    template : str
        Its name, such as ``"chapters"``.
    words : Words
        The texts of the page's language.
    seekable : bool
        Whether times are links that an explorer in the page follows.
    **given
        What it is made of.

    Returns
    -------
    markupsafe.Markup
        HTML.

    Examples
    --------
    >>> from smarttag_nb.report.data import Topic
    >>> "a &lt; b" in render("mindmap", Words("en"), topics=[Topic("a < b", 0)], left_out=0)
    True
    """
    made = _environment().get_template(f"{template}.html")
    # Rendered with autoescape; its parts come as Markup only from here and from the explorer.
    return Markup(made.render(words=words, seekable=seekable, **given))  # noqa: S704


def met(report: Report) -> list[tuple[str, int]]:
    """Count the sorts of problems the reader met by severity, the worst first."""
    counts = Counter(problem.severity for problem in report.problems)
    return [(name, counts[name]) for name in ("error", "warning", "info") if name in counts]


def page(
    report: Report,
    pictures: Pictures,
    words: Words,
    *,
    archive: Archive | None = None,
    explorer: Parts | None = None,
    media: str = "",
    link: str | None = None,
) -> str:
    """Put a whole page together.

    Parameters
    ----------
    report : Report
        The data.
    pictures : Pictures
        The pictures.
    words : Words
        The texts of the page's language.
    archive : Archive, optional
        All tables, to download.
    explorer : Parts, optional
        The explorer; without it times are no links.
    media : str
        What the video or image is called.
    link : str, optional
        The URL that the page loads it from, where it is not embedded.

    Returns
    -------
    str
        HTML that needs nothing else.
    """
    seekable = explorer is not None
    parts = {
        name: render(_TEMPLATES.get(name, name), words, seekable, name=name, **given)
        for name, given in sections(report, pictures, words, archive).items()
    }
    styles = [stylesheet()]
    scripts: list[str] = []
    if explorer is not None:
        shown = render("explorer", words, mount=explorer.mount, link=link)
        parts = {"explorer": shown, **parts}
        styles.append(explorer.style)
        scripts.append(explorer.script)
    cover = render(
        "cover",
        words,
        title=report.title,
        cover=report.cover,
        media=media,
        met=met(report),
        is_empty=not set(parts) - {"problems", "tables"},
    )
    return render(
        "page",
        words,
        title=report.title or words("report"),
        version=version("smarttag-nb"),
        policy=policy(scripts, styles, None if explorer is None else explorer.sources),
        # Our own, and not to be escaped: the policy's hashes are of them as they are.
        styles=[Markup(text) for text in styles],  # noqa: S704
        scripts=[Markup(text) for text in scripts],  # noqa: S704
        cover=cover,
        link=link,
        contents=render("contents", words, names=list(parts)) if len(parts) > 1 else "",
        sections=list(parts.values()),
        blocks=explorer.blocks if explorer is not None else "",
    )


_TEMPLATES = dict.fromkeys(("picture", "ratios", "timeline"), "plot")
"""Templates of sections that share one."""


@functools.cache
def stylesheet() -> str:
    """Give the page's style, with the colours of the plots."""
    text = (resources.files(__package__) / "report.css").read_text(encoding="utf-8")
    kinds = "".join(
        f".told .dot.{kind}{{background:{colour}}}" for kind, colour in style.COLOURS.items()
    )
    grounds = "".join(f"--paper-{theme}:{ground};" for theme, ground in PAPER.items())
    return f":root{{{grounds}--accent-light:{style.COLOURS['person']}}}\n{text}{kinds}"


@functools.cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters |= {
        "clock": clock,
        "joined": joined,
        "lang": lang,
        "lasting": lasting,
        "percent": percent,
    }
    made.tests["address"] = is_address
    made.globals["kinds"] = tuple(style.COLOURS)
    return made


def percent(share: float) -> str:
    """Write a share with one decimal.

    Examples
    --------
    >>> percent(0.1484), percent(float("nan"))
    ('14.8%', '–')
    """
    return "–" if math.isnan(share) else f"{share:.1%}"


def lasting(seconds: float) -> str:
    """Write how long something lasts: in seconds, and from a minute on as a clock.

    Examples
    --------
    >>> lasting(11.52), lasting(398.7)
    ('11.5 s', '6:39')
    """
    return f"{seconds:.1f} s" if seconds < 60 else clock(seconds)


_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh-CN", re.compile(r"[\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")),
)


def lang(text: str) -> Markup:
    """Give the attribute that tells a text's language where its script tells it, or nothing.

    Examples
    --------
    >>> str(lang("你好")), str(lang("hello"))
    (' lang="zh-CN"', '')
    """
    for language, script in _SCRIPTS:
        if script.search(text):
            return Markup(' lang="{}"').format(language)
    return Markup("")


def joined(pieces: Iterable[Piece]) -> str:
    """Put pieces together to the text they were parted from."""
    return "".join(piece.text for piece in pieces)


def is_address(text: str) -> bool:
    """Tell whether a text may become a link: an http or https address and nothing else.

    Examples
    --------
    >>> is_address("https://example.com/a"), is_address("javascript:alert(1)")
    (True, False)
    """
    if not text.isprintable() or any(c.isspace() or c in "\\\"'<>`" for c in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
