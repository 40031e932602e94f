"""The pages of the one stop (affairs, policies) with invented content, for the gallery."""

from dataclasses import replace

from app.web.languages import languages
from app.web.portal import case_views, views
from app.web.portal.apply_views import Step
from app.web.reader import first_visit

OFFICER = views.Officer("王桂兰", "13900002041")
PLACE = views.PlaceView("610204101201", "柳树塬村", "小丘镇", "陕西省铜川市耀州区小丘镇", OFFICER)
KINDS = case_views.help_kinds(first_visit(languages()["zh-Hans"]))
FORM = case_views.CaseForm(
    kind="wages",
    icon="coin",
    title="干了活，不给钱",
    hint="写清楚：哪家、干了多久、欠多少。",
    place=PLACE,
    answer_by="11 月 27 日",
    token="token",
    action="/cases/new",
    of_a_firm=True,
    asks_sum=True,
)
RECEIPT = case_views.CaseReceipt(
    title="有人在办",
    number="4817 2206",
    what="干了活，不给钱",
    office="耀州区",
    steps=(
        Step("你说了", "done", "11 月 22 日 9:12"),
        Step("给你回话", "done", "11 月 24 日 10:05：问过工地了，下周一给你结。"),
        Step("办完，告诉你结果", "now"),
    ),
    promise="11 月 27 日前有人给你打电话。到时没人打，你就打下面这个电话。",
    officer=OFFICER,
    is_over=False,
    may_withdraw=True,
    action="/cases/38-abcdefgh",
)
LOOK_UP = case_views.CaseLookUp("/cases")
TYPED = case_views.TypedCase("没给钱", phone="138", problems=(("phone", "手机号要 11 位，你填了 3 位"),))
WITHDRAWN = replace(RECEIPT, title="撤好了", is_over=True, may_withdraw=False, promise="")
ONE_STOP_PAGES: dict[str, tuple[str, object]] = {
    "case-form": ("portal/case_form.html", FORM),
    "case-error": (
        "portal/case_form.html",
        replace(
            FORM,
            typed=case_views.TypedCase(
                "没给钱", phone="138", problems=(("phone", "手机号要 11 位，你填了 3 位"),)
            ),
        ),
    ),
    "case-place": ("portal/case_form.html", replace(FORM, place=None, answer_by="")),
    "case-receipt": ("portal/case.html", RECEIPT),
    "case-withdrawn": (
        "portal/case.html",
        replace(RECEIPT, title="撤好了", is_over=True, may_withdraw=False, promise=""),
    ),
    "case-look-up": ("portal/cases.html", LOOK_UP),
    "case-look-up-again": (
        "portal/cases.html",
        replace(LOOK_UP, number="4817 2206", problem="编号和手机号后四位对不上，再看看回执。"),
    ),
}
