"""What a browser sees of the emulator: that it runs, what it has, and how it is asked."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from markupsafe import Markup

_MOST = 500
"""Jobs that are named."""

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1.25rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
code, pre { font: .875rem/1.6 ui-monospace, monospace }
pre { padding: .75rem 1rem; border: 1px solid #8884; border-radius: 8px; overflow-x: auto }
ul { columns: 14rem; margin: 0; padding: 0; list-style: none } li { overflow-wrap: anywhere }
"""

_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'"
"""The page's Content-Security-Policy: its style, and nothing else."""


def page(address: str, names: Sequence[str]) -> str:
    """Write the page.

    Parameters
    ----------
    address : str
        Where the emulator is, as ``http://127.0.0.1:8765``.
    names : sequence of str
        Its jobs.

    Returns
    -------
    str
        HTML in which all of these are escaped.
    """
    items = Markup("\n").join(Markup("<li><code>{}</code>").format(name) for name in names[:_MOST])
    more = f"… and {len(names) - _MOST:,} more." if len(names) > _MOST else ""
    asked = names[0] if names else "JOB"
    host = address.removeprefix("http://")
    return _PAGE.format(
        style=Markup(_STYLE),  # noqa: S704  our own
        address=address,
        call=f"client = stag.Client(endpoint={host!r}, credentials=(ID, SECRET))\n"
        f"client.query({asked!r})",
        count=f"{len(names):,}",
        items=items,
        more=more,
    )


_PAGE = Markup("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Smart tagging on this machine</title>
<style>{style}</style>
</head>
<body>
<h1>Smart tagging on this machine</h1>
<p>This stands in for the cloud at <code>{address}</code>, for every client and SDK that signs.</p>
<pre>{call}</pre>
<h2>Jobs: {count}</h2>
<ul>
{items}
</ul>
<p>{more}</p>
</body>
</html>
""")
