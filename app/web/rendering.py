"""页面渲染: Jinja2 templates to one lean HTML page: one request, CSS inlined, only the pictures it uses.

Templates get `reader` and a view model; they escape everything. Sizes: tokens + portal 2.4 KB gzip, forms
+0.6. A line break between two tags is dropped, so a space that matters must not stand at a line's end.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.web import formats
from app.web.languages import Language, languages
from app.web.reader import Reader, remember
from app.web.styles import CSS_SETS, source_hash, style_sheet, used_names, used_rules

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
_SPRITE_MARK = "<!--icons-->"
_USED_ICON = re.compile(r'<use href="#([a-z0-9]+)"/>')
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SYMBOL = re.compile(r'<symbol id="([a-z0-9]+)".*?</symbol>', re.DOTALL)


@cache
def start_script() -> str:
    """What every portal page runs once it has loaded: static/js/start.js on few lines."""
    source = (FRONTEND / "static" / "js" / "start.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in source.splitlines())
    return "".join(line for line in lines if not line.startswith("//"))


def style_hashes() -> list[str]:
    """CSP source expressions of the whole sheets, for pages that don't come through `page_response`."""
    return [source_hash(style_sheet(name)) for name in CSS_SETS]


@cache
def icon_symbols() -> dict[str, str]:
    """Each picture of icons.svg by its id."""
    text = (FRONTEND / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    return {match[1]: match[0] for match in _SYMBOL.finditer(text)}


def icon(name: str) -> Markup:
    """Draws a picture; its symbol is sent once per page. KeyError for an unknown name."""
    if name not in icon_symbols():
        raise KeyError(name)
    return Markup(f'<svg aria-hidden=true><use href="#{name}"/></svg>')  # noqa: S704 - `name` was checked


@cache
def environment(tag: str) -> Environment:
    """The templates in one language, made once for each process."""
    language: Language = languages()[tag]
    made = Environment(
        loader=FileSystemLoader(FRONTEND / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        icon=icon,
        style_sheet=lambda name: Markup(style_sheet(name)),  # noqa: S704 - our own files
        start_script=lambda: Markup(start_script()),  # noqa: S704 - our own file
        languages=languages,
        # Postings are written in Chinese: on a page in another language they say so to a screen reader.
        zh=Markup("") if language.html.startswith("zh") else Markup(" lang=zh-CN"),
        pay_words=partial(formats.pay_words, language),
        distance_words=partial(formats.distance_words, language),
    )
    made.filters["phone"] = formats.phone_words
    made.filters["figure"] = _figure
    made.filters["breakable"] = _breakable
    return made


def _figure(number: int) -> str:
    return f"{number:,}"


def _breakable(figure: str) -> Markup:
    """Lets '2,800–3,600' break after the dash where letters are huge."""
    return escape(figure).replace("–", Markup("–<wbr>"))


def render(template: str, reader: Reader, /, **view: Any) -> str:
    """A whole page as text. `template` is a path under frontend/templates."""
    html = environment(reader.language.tag).get_template(template).render(reader=reader, **view)
    used = dict.fromkeys(_USED_ICON.findall(html))
    sprite = "".join(icon_symbols()[name] for name in used)
    # Written text is escaped by the templates, so neither mark can come from a posting.
    html = html.replace(
        _SPRITE_MARK, f"<svg class=sprite aria-hidden=true>{sprite}</svg>" if sprite else "", 1
    )
    html = _BETWEEN_TAGS.sub("><", html).strip()
    # The sheet stands once, in the head; a later <style> would be somebody's text, and that is escaped.
    return _STYLE.sub(
        lambda match: f"<style>{used_rules(match[1], *used_names(html))}</style>", html, count=1
    )


def html_response(html: str, status: int, headers: Mapping[str, str]) -> Response:
    """A page as an answer, with the policy that allows its own style sheet and no other."""
    return HTMLResponse(html, status, {**headers, "Content-Security-Policy": _policy(html)})


def _policy(html: str) -> str:
    """What the page may do: its own style sheet, the start script and the worker it asks for, its own
    forms, a sound file of this site."""
    style = _STYLE.search(html)
    source = source_hash(style[1]) if style else "'none'"
    script = f"<script>{start_script()}</script>"
    # Written text is escaped: this very tag can only be ours.
    runs = f"script-src {source_hash(start_script())}; worker-src 'self'; " if script in html else ""
    return (
        f"default-src 'none'; style-src {source}; {runs}img-src 'self' data:; media-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def page_response(
    request: Request, html: str, reader: Reader, *, status: int = 200, secure: bool = False
) -> Response:
    """Answers with a page, its cookies and an ETag; 304 without a body when the browser has this very page.

    Pages differ by cookie, so only the reader's own browser may keep them, and asks again each time.
    """
    headers = {
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Accept-Language",
    }
    if status == 200:
        # Weak: the bytes on the wire change with compression, the page does not.
        headers["ETag"] = f'W/"{hashlib.sha256(html.encode()).hexdigest()[:20]}"'
        if request.headers.get("if-none-match") == headers["ETag"] and not reader.store:
            return Response(status_code=304, headers=headers)
    response = html_response(html, status, headers)
    remember(response, reader, secure=secure)
    return response
