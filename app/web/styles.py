"""样式: the style sheets, minified, and of those only the rules that a page needs.

A page carries its styles with it (one request), so a rule it doesn't use costs bytes on every view.
"""

import base64
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "frontend" / "static" / "css"
CSS_SETS = {
    "portal": ("tokens", "portal"),
    "forms": ("tokens", "portal", "forms"),
    "console": ("tokens", "portal", "forms", "console"),
}
_RULE = re.compile(r"(@media[^{]*)\{((?:[^{}]*\{[^{}]*\})*)\}|([^{}]+)\{([^{}]*)\}")
_NO_NAMES = re.compile(r"\[[^\]]*\]|::?[\w-]+(?:\([^)]*\))?")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_TAG = re.compile(r"(?<![\w.#-])[a-z][a-z0-9]*")
_OPEN_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*?)?)/?>")
_CLASS_VALUE = re.compile(r"""\sclass=(?:"([^"]*)"|([^\s">]+))""")
_VARIABLE = re.compile(r"--[\w-]+")


def minify_css(text: str) -> str:
    """Drops comments and needless blanks. Keeps the blanks inside `calc()` and between selectors."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}").strip()


@cache
def style_sheet(name: str) -> str:
    """The minified CSS of a page set: 'portal', 'forms' or 'console'."""
    return minify_css("".join((CSS / f"{sheet}.css").read_text(encoding="utf-8") for sheet in CSS_SETS[name]))


def used_names(html: str) -> tuple[frozenset[str], frozenset[str]]:
    """The tags and the classes of a page. Written text is escaped, so it can't pose as either."""
    tags: set[str] = set()
    classes: set[str] = set()
    for tag, attributes in _OPEN_TAG.findall(html):
        tags.add(tag)
        for quoted, bare in _CLASS_VALUE.findall(attributes):
            classes.update((quoted or bare).split())
    return frozenset(tags), frozenset(classes)


@lru_cache(maxsize=512)
def used_rules(sheet: str, tags: frozenset[str], classes: frozenset[str]) -> str:
    """The rules of `sheet` that speak of these tags and classes only, in their order."""
    kept = _filter(sheet, tags, classes)
    needed = set(re.findall(r"var\((--[\w-]+)\)", kept))
    return re.sub(
        r":root\{([^}]*)\}",
        lambda root: (
            ":root{" + ";".join(d for d in root[1].split(";") if d.partition(":")[0].strip() in needed) + "}"
        ),
        kept,
    )


def _filter(sheet: str, tags: frozenset[str], classes: frozenset[str]) -> str:
    kept: list[str] = []
    for media, inside, selectors, declarations in _RULE.findall(sheet):
        if media:
            if rules := _filter(inside, tags, classes):
                kept.append(f"{media}{{{rules}}}")
            continue
        wanted = [each for each in _split(selectors) if _speaks_of(each, tags, classes)]
        if wanted:
            kept.append(f"{','.join(wanted)}{{{declarations}}}")
    return "".join(kept)


def _split(selectors: str) -> list[str]:
    return [each.strip() for each in selectors.split(",")]


def _speaks_of(selector: str, tags: frozenset[str], classes: frozenset[str]) -> bool:
    names = _NO_NAMES.sub("", selector)
    if not classes.issuperset(_CLASS.findall(names)):
        return False
    return tags.issuperset(_TAG.findall(_CLASS.sub("", names)))


def source_hash(source: str) -> str:
    """The CSP source expression ('sha256-...') of a style sheet or script as it stands in a page."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() + "'"
