"""Cards: what an object of ours shows of itself in a notebook cell.

Escaped, right on light pages and dark ones, and without a stylesheet of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import jinja2

BAD, DOUBTFUL, PLAIN = "#c4442f", "#b27a10", "#4d82b8"
"""Colours of marks."""


def render(
    title: str,
    badge: str | None = None,
    facts: Sequence[tuple[str, str]] = (),
    tables: Sequence[tuple[str, int, str]] = (),
    marks: Sequence[tuple[str, str]] = (),
    marks_in: str = "",
) -> str:
    """Render a card.

    Parameters
    ----------
    title : str
        What it is.
    badge : str, optional
        Its state, in a word.
    facts : sequence of (str, str)
        Names and values.
    tables : sequence of (str, int, str)
        A table's name, how many rows it has, and what is to be said of it.
    marks : sequence of (str, str)
        A colour, and what there is of that sort.
    marks_in : str
        Where the marks are told in full.

    Returns
    -------
    str
        HTML; all text is escaped.
    """
    return _template().render(
        title=title, badge=badge, facts=facts, tables=tables, marks=marks, marks_in=marks_in
    )


@functools.cache
def _template() -> jinja2.Template:
    return jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        _CARD
    )


# Colours are mixed from the text's own, so that the card is right on light and dark pages alike;
# styles stand in the elements, since notebook viewers drop <style>. The classes keep MathJax out
# (of version 2, and of 3 on), to which a notebook shows every output: dollars are no formula.
_CARD = """\
{% set dim = "opacity:.65" %}
{% set cell = "padding:1px 14px 1px 0;text-align:left;vertical-align:top;border:0" %}
<div class="tex2jax_ignore mathjax_ignore" style="display:inline-block;max-width:720px;\
border:1px solid rgba(128,128,128,.35);border-radius:6px;\
padding:10px 14px;font-size:13px;line-height:1.5;color:inherit">
  <div style="margin-bottom:4px"><b>{{ title }}</b>
  {% if badge %}
    <span style="border:1px solid currentColor;border-radius:9px;padding:0 7px;margin-left:6px;\
font-size:11px;{{ dim }}">{{ badge }}</span>
  {% endif %}
  </div>
  {% for name, value in facts %}
    <div style="overflow-wrap:anywhere"><span style="{{ dim }}">{{ name }}</span> {{ value }}</div>
  {% endfor %}
  {% if tables %}
  <table style="border-collapse:collapse;margin:6px 0 0;color:inherit;font-size:13px">
    {% for name, rows, note in tables %}
    <tr style="background:none"><td style="{{ cell }}">{{ name }}</td>
      <td style="{{ cell }};text-align:right;font-variant-numeric:tabular-nums">\
{{ "{:,}".format(rows) }}</td>
      <td style="{{ cell }};{{ dim }}">{{ note }}</td></tr>
    {% endfor %}
  </table>
  {% else %}
    <div style="{{ dim }};margin-top:4px">No rows in any table.</div>
  {% endif %}
  {% if marks %}
    <div style="margin-top:6px">
    {% for colour, text in marks %}
      <span style="color:{{ colour }};margin-right:12px">&#9679; {{ text }}</span>
    {% endfor %}
      <span style="{{ dim }}">in {{ marks_in }}</span>
    </div>
  {% endif %}
</div>"""
