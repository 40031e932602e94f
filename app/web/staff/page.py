"""One page of the staff console as an answer: never kept by the browser, and its forms carry a CSRF token."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.queries import may_list_staff
from app.accounts.rules import MAY_GRANT
from app.accounts.terms import Role
from app.core.http import get_settings
from app.jobs.vetting_queue import may_decide_anywhere
from app.referrals.policies import may_work_anywhere
from app.regions import gazetteer
from app.web import sessions
from app.web.csrf import page_csrf_token
from app.web.reader import read_reader
from app.web.rendering import page_response, render
from app.web.staff.rooms import Room, rooms_of

# What a page says after a form was sent and all went well: ?done=<key>.
DONE = {
    "pushed": "推出去了，回话来了这里看得到。",
    "leader": "记下了。把链接发给带队的人。",
    "sent_out": "发出去了。没发成的，下面写着为什么。",
    "none_out": "这几条都没发成，下面写着为什么。",
    "drafted": "排好了，看一遍再发。",
    "not_this": "记下了，30 天内不再排给这个人。",
    "yes": "记下了：本人愿意。",
    "no": "记下了：本人不去。不去也没啥，别的照旧。",
    "moved_on": "记下了。",
    "again": "刚才那次已经记上了，不用再记。",
    "called": "记下了，这一件办完了。",
    "checked": "记上了，这个月不用再问。",
    "tried": "记下了：没打通。明天再打。",
    "wish_closed": "关掉了，本人在回执上看得到为什么。",
    "vetted": "放出去了，求职的人看得到了。",
    "first_yes": "记下了：您同意了。新单位头一回发，还要另一位同事看过才放出去。",
    "joined": "并好了，只留一个。",
    "rules_saved": "改好了，马上算数。",
    "sent_back": "退回去了，单位看得到要改哪里。",
    "vet_closed": "关掉了，不会再出来。",
    "papers_seen": "看好了，单位核验等县里定。",
    "firm_verified": "核验通过了，它的岗位能让人看到了。",
    "firm_back": "退回去了，单位看得到要改哪里。",
    "paper_taken": "交好了，等另一位同事看。",
    "firm_registered": "登记好了。把材料拍上来，等另一位同事看。",
    "mandate_asked": "交上去了。那家单位点头，或者县人社局看过，就算数。",
    "mandate_ended": "停了，马上生效。",
    "mandated": "同意了，马上能替那家发岗位。",
    "mandate_back": "没同意，两边都看得到为什么。",
    "saved": "改好了。",
    "same": "没有要改的，和原来一样。",
    "household": "户建好了，接着添人。",
    "member": "人添好了。",
    "moved": "换好户了。",
    "merged": "合并好了。并错了可以撤销。",
    "unmerged": "合并撤销了，两份又分开了。",
    "closed": "销档了，可以恢复。",
    "reopened": "恢复了。",
    "account": "账号开好了，把账号和密码当面告诉本人。",
    "role": "角色给好了。",
    "role_ended": "角色收回了，马上生效。",
    "reset": "新密码设好了，动态码也解除了。当面告诉本人。",
    "handed": "村交好了，马上生效。",
    "assigned": "交好了，到期自动收回。",
    "taken_back": "收回了，马上生效。",
    "region_prepared": "拟好了，请另一位同事来批。",
    "region_approved": "批好了，到生效那天自动办，办好了这里能看到。",
    "region_dropped": "不办了，什么都没有改。",
    "region_undone": "撤销了，都回到原来的地方。",
    "asked": "提好了，等另一位同事点头。",
    "approved": "点头了，提的同事三天内可以下载。",
    "refused": "记下了，提的同事看得到为什么。",
    "withdrawn": "收回了。",
    "erased": "办好了：删了，依法要留的先封存。",
    "erasure_asked": "记下了，等另一位同事核对后删。",
    "consent": "记下了，马上算数。",
    "officer": "包户人定好了。",
    "no_officer": "这一户现在没人包了。",
    "hold": "记下了，这份档案先留着。",
    "lifted": "解除了。封存的档案没有别的原因，今晚就删。",
    "duty": "值守定好了，马上生效。",
    "deal_proposed": "拟好了，等两家点头。",
    "stay_agree": "记下了：这家点头了。",
    "stay_cancel": "记下了：没谈成，提了名的人照旧在原单位。",
    "stay_name": "提好了。先问本人，本人点头才能去。",
    "stay_consent": "记下了：本人同意去。",
    "stay_decline": "记下了：本人不去，在原单位照旧。",
    "stay_move": "记下了：过去上班了，到期提醒接回来。",
    "stay_bring_back": "记下了：回原单位了，一周后问一问。",
    "stay_check": "记上了，这个月不用再问。",
    "plan_stated": "报好了，供需里算上了。",
    "plan_posted": "写成岗位草稿了，请单位看一眼再交上来。",
    "plan_withdrawn": "记下了：这家不要人了，供需里不算它。",
    "code": "码发好了，印出来就能贴。",
    "recalled": "收回了，再扫的人看得到为什么。",
    "lifted_code": "又能用了。",
    "duty_ended": "值守收回了，马上生效。",
    "campaign_approved": "点头了，可以发了。",
    "campaign_started": "开始发了，这一页看得到发到哪儿。",
    "campaign_stopped": "不发了，没发的都停下了。",
    "decided": "记下了。",
    "to_call": "放到“要打的电话”里了。",
    "choice": "记下了，马上算数。",
}


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu: at the top on a PC, at the foot on a phone."""

    name: str
    href: str
    words: str
    icon: str


@dataclass(frozen=True)
class Frame:
    """页面外框: what every page of the console has around its own content."""

    name: str
    area: str
    csrf: str
    menu: tuple[MenuItem, ...]
    now: str = ""
    done: str = ""
    rooms: tuple[Room, ...] = ()


def staff_page(
    request: Request,
    template: str,
    view: Any,
    *,
    status: int = 200,
    frame: Frame | None = None,
    may_keep: bool = False,
) -> Response:
    """Renders `template` with `view`. `no-store`: the next user of this computer must not page back to it,
    unless the page is nobody's (`may_keep`)."""
    reader = read_reader(request)
    html = render(template, reader, view=view, frame=frame)
    response = page_response(request, html, reader, status=status, secure=sessions.is_secure(request))
    if not may_keep:
        response.headers["Cache-Control"] = "no-store"
    return response


def console_page(
    request: Request, actor: Actor, template: str, view: Any, *, now: str = "home", status: int = 200
) -> Response:
    """A page inside the console's frame; `now` is the entry of the menu it belongs to."""
    frame = Frame(
        actor.name,
        _area_words(actor),
        csrf_of(request),
        menu_of(actor),
        now,
        DONE.get(request.query_params.get("done", ""), "") if status == 200 else "",
        rooms_of(actor),
    )
    return staff_page(request, template, view, status=status, frame=frame)


def menu_of(actor: Actor) -> tuple[MenuItem, ...]:
    """The pages this colleague has."""
    items = [MenuItem("today", "/staff/today", "今天", "home")] if may_work_referrals(actor) else []
    items.append(MenuItem("home", "/staff", "人和户", "family" if items else "home"))
    if may_work_referrals(actor):
        items.append(MenuItem("jobs", "/staff/jobs", "推岗位", "find"))
    if actor.has_role(Role.BROKER):
        items.append(MenuItem("assigned", "/staff/assigned", "交给我的人", "family"))
    if may_decide_anywhere(actor):
        items.append(MenuItem("vetting", "/staff/vetting", "审岗位", "ok"))
    if may_import(actor):
        items.append(MenuItem("imports", "/staff/imports", "导入导出", "doc"))
    if may_open_accounts(actor):
        items.append(MenuItem("accounts", "/staff/accounts", "同事账号", "desk"))
    elif may_list_staff(actor):
        items.append(MenuItem("accounts", "/staff/colleagues", "同事名单", "desk"))
    items.append(MenuItem("me", "/staff/account", "我的", "me"))
    return tuple(items)


# The pages' own word for it.
may_work_referrals = may_work_anywhere


def may_import(actor: Actor) -> bool:
    """Whether the colleague may take people's files in for any place."""
    return bool(reading_prefixes(actor, Resource.PEOPLE_FILE, Action.CREATE))


def may_open_accounts(actor: Actor) -> bool:
    """Whether any of the roles held may be used to give roles to others."""
    return any(MAY_GRANT.get(grant.role) and not grant.is_read_only for grant in actor.grants)


def _area_words(actor: Actor) -> str:
    """耀州区就业帮扶: the widest place the colleague works in."""
    codes = [g.region_code for g in actor.grants if g.region_code and g.role is not Role.SEEKER]
    if not codes:
        return "就业帮扶"
    division = gazetteer.find_nearest(min(codes, key=len))
    return f"{division.short_name if division else ''}就业帮扶"


def csrf_of(request: Request, token: str | None = None) -> str:
    """The token for forms on a page for this browser, or for the one that will hold `token`."""
    return page_csrf_token(get_settings(request), token or sessions.browser_token(request) or "")
