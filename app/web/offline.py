"""没有网的时候: the service worker that keeps seen pages and waiting wishes, and the page it falls back to.

An extra: with scripts off, or with ?nosw, everything works without it (FRONTEND, bad lines).
"""

import json
import re
from functools import cache

from fastapi import APIRouter, Request, Response

from app.core.http import CurrentSettings
from app.web.languages import Language, languages
from app.web.portal.routes import portal_page
from app.web.reader import read_reader
from app.web.rendering import FRONTEND

router = APIRouter(include_in_schema=False)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)


@router.get("/offline")
def show_offline(request: Request, settings: CurrentSettings) -> Response:
    """没有网: what the worker shows; it fills in what was kept."""
    return portal_page(request, settings, read_reader(request), "portal/offline.html", None)


@router.get("/sw.js")
def send_worker() -> Response:
    """The service worker, asked for in the background."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'",
    }
    return Response(_worker(), headers=headers, media_type="text/javascript")


@cache
def _worker() -> str:
    """The script with its words in front, without comments."""
    words = {"zh": _words(languages()["zh-Hans"]), "en": _words(languages()["en"])}
    source = (FRONTEND / "static" / "js" / "worker.js").read_text(encoding="utf-8")
    return f"const WORDS = {json.dumps(words, ensure_ascii=False)};\n{_COMMENT.sub('', source)}"


def _words(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {
        "away": _("下面是上回看过的，还能看。电话照样能打。"),
        "waiting": _("没有网，先替你记在这个手机上了。网一通就替你送去，只送一次，不用再点。"),
        "kept": _("这会儿没有网。下面是 {time} 存下的，电话照样能打。"),
        "sent": _("网通了，刚才你想去的活，替你报上名了。点这里看。"),
        "failed": _("网通了，可是刚才你想去的活没报上。点这里再看看。"),
    }
