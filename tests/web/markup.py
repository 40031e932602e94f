"""A strict look at a page's markup, for every page any test gets."""

import re
from html.parser import HTMLParser

from app.web.rendering import start_script

_VOID = frozenset({"meta", "link", "br", "input", "img", "hr", "wbr", "path", "circle", "use"})
# Not in Chrome 67, the floor of WeChat 7 (FRONTEND).
_TOO_NEW_CSS = re.compile(
    r"(?<![\w-])gap\s*:|:is\(|:where\(|:has\(|aspect-ratio|@layer|(?<![\w-])inset\s*:|color-mix|&\s*[.:{]|\bclamp\("
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self.uses: set[str] = set()
        self.drawn: set[str] = set()
        self.headings: list[int] = []
        self.title = ""
        self.css = ""
        self.scripts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag not in _VOID:
            self.open.append(tag)
        if name := values.get("id"):
            if name in self.ids:
                self.faults.append(f"id {name} twice")
            self.ids.add(name)
            if tag == "symbol":
                self.drawn.add(name)
        if tag == "use":
            self.uses.add((values.get("href") or "").lstrip("#"))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a" and values.get("href") is None:
            self.faults.append("link without an address")
        if "style" in values or any(name.startswith("on") for name in values):
            self.faults.append(f"inline style or script on {tag}")
        # A sound waits until somebody asks for it.
        waits = tag == "audio" and values.get("preload") == "none"
        if (values.get("src") and not waits) or (
            tag == "link" and not (values.get("href") or "").startswith("data:")
        ):
            self.faults.append(f"{tag} makes another request")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.css += data
        if self.open and self.open[-1] == "script" and self.tags[-1][1].get("type") is None:
            self.scripts.append(data)
        if self.open and self.open[-1] == "title":
            self.title += data


def markup_faults(html: str) -> list[str]:
    """What is wrong with a page; empty when it is well formed, complete and light."""
    reader = _Reader()
    reader.feed(html)
    faults = list(reader.faults)
    faults += [f"<{tag}> stays open" for tag in reader.open]
    faults += [f"picture {name} is missing" for name in reader.uses - reader.ids]
    drawn = reader.drawn
    faults += [f"picture {name} is sent and not used" for name in drawn - reader.uses]
    if reader.headings.count(1) != 1:
        faults.append(f"{reader.headings.count(1)} main headings")
    faults += [
        f"h{b} after h{a}" for a, b in zip(reader.headings, reader.headings[1:], strict=False) if b > a + 1
    ]
    if not reader.title.strip(" ·"):
        faults.append("no title")
    if not html.startswith("<!doctype html>"):
        faults.append("no doctype")
    if match := _TOO_NEW_CSS.search(reader.css):
        faults.append(f"CSS too new for Chrome 67: {match[0]}")
    if set(reader.scripts) - {start_script()}:
        faults.append("a script")
    visible = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)
    if leaked := re.search(r"%\(\w+\)s|\bNone\b|\{\{|\{%|Undefined", visible):
        faults.append(f"unfinished text: {leaked[0]}")
    return faults


def without_tokens(html: str) -> str:
    """A page but for its hidden fields, whose random digits now and then are those that must not be shown."""
    return re.sub(r"<input type=hidden[^>]*>", "", html)
