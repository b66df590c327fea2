"""Pages read back: their elements, and the text that a reader sees."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"img", "meta", "source", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What HTML says.

    Attributes
    ----------
    elements : list of (str, dict)
        Tags and attributes, in order.
    text : str
        All text but that of scripts and styles.
    within : dict of str to str
        The text of each script and style, by tag.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.within: dict[str, list[str]] = {"script": [], "style": []}
        self._open: list[str] = []
        # A plain text: what is cut out of Markup would be escaped again.
        self.feed("".join(html))
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"twice in one <{tag}>: {attrs}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in self.within:
            self.within[tag].append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> in {self._open}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in self.within:
            self.within[self._open[-1]][-1] += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def tags(self) -> set[str]:
        """The tags there are."""
        return {name for name, _ in self.elements}
