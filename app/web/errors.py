"""出错页: every problem as a page in plain words. It says that nothing is lost and what to do next."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.core.problems import Problem
from app.web.portal.views import Notice
from app.web.reader import read_reader
from app.web.rendering import html_response, render


def render_problem_page(request: Request, problem: Problem) -> Response:
    """The page for a problem, with its status and headers. It needs no database.

    Whoever must sign in first is led to the form and from there back to the page they wanted.
    """
    if problem.status == 401 and request.method == "GET":
        form = "/login" if request.url.path.startswith("/staff") else "/login/phone"
        return RedirectResponse(f"{form}?{urlencode({'next': request.url.path})}", 303)
    reader = read_reader(request)
    _ = reader.language.gettext
    if problem.status == 404:
        title, icon, sentences = _("没找到这一页"), "find", (_("可能撤下来了，也可能地址抄错了。"),)
    elif problem.status == 410:
        title, icon, sentences = _("这个已经撤下来了"), "find", (_("别的活还有，去看看。"),)
    elif problem.status == 422 or problem.status == 400:
        title, icon = _("这个地址我们没看懂"), "warn"
        sentences = (_("可能少了几个字。去首页重新点一下就行。"),)
    elif problem.status == 429:
        title, icon, sentences = _("点得太快了"), "warn", (_("歇一分钟再点。"),)
    elif problem.status == 503:
        title, icon, sentences = _("我们这边正忙"), "warn", (_("不是你弄坏的。等几秒再点一下就行。"),)
    elif problem.status >= 500:
        title, icon, sentences = _("我们这边出了点毛病"), "warn", (_("不是你弄坏的。等一分钟再点一下就行。"),)
    else:
        title, icon, sentences = _("这一步没办成"), "warn", (problem.title,)
    notice = Notice(
        status=problem.status,
        icon=icon,
        title=title,
        sentences=sentences,
        again=problem.status == 429 or problem.status >= 500,
        reference=problem.reference or "",
    )
    html = render("errors/error.html", reader, view=notice)
    return html_response(html, problem.status, problem.headers())
