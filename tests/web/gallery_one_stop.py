"""The pages of the one stop (affairs, policies) with invented content, for the gallery."""

from dataclasses import replace
from datetime import date

from app.policies.content import Content
from app.policies.library import library
from app.policies.queries import Shown
from app.policies.rules import judge
from app.policies.terms import GuideKind
from app.web.languages import languages
from app.web.portal import case_views, guide_views, views
from app.web.portal.apply_views import Step
from app.web.portal.places import Place
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
    office="耀州区",
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
    promise="",
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

READER = first_visit(languages()["zh-Hans"])
HERE = Place(PLACE.code, PLACE.name, PLACE.above, PLACE.path, None, officer=OFFICER)
TODAY = date(2026, 11, 22)
SHOWN = [Shown(slug, GuideKind.POLICY, content) for slug, content in library().items()]
FAIR = Shown(
    "spring-fair",
    GuideKind.FAIR,
    Content(
        title="小丘镇招聘会",
        starts_on=date(2026, 12, 3),
        where="镇政府广场，早上九点到十二点",
        body=("来 22 家厂，要 310 个人。", "村口八点有车接，不收钱。"),
    ),
    "610204",
)


def _entry(shown: Shown, **answers: str) -> guide_views.GuidePage:
    judgement = judge(shown.content.conditions, answers) if answers else None
    return guide_views.build_entry(READER, HERE, shown, TODAY, judgement=judgement, answers=answers)


_BUS = next(each for each in SHOWN if each.slug == "transport-grant")
_INJURY = next(each for each in SHOWN if each.slug == "injury")
_ALL = [FAIR, *SHOWN]
ONE_STOP_PAGES |= {
    "guides": ("portal/guides.html", guide_views.build_list(READER, HERE, _ALL, _ALL, None, "", TODAY)),
    "guides-none": (
        "portal/guides.html",
        guide_views.build_list(READER, HERE, _ALL, [], None, "飞机", TODAY),
    ),
    "guide": ("portal/guide.html", replace(_entry(_BUS), sound_href="/policies/transport-grant/sound")),
    "guide-yes": ("portal/guide.html", _entry(_INJURY, at_work="yes", since_injury="month")),
    "guide-maybe": ("portal/guide.html", _entry(_BUS, household="unsure", where="outside")),
    "guide-no": ("portal/guide.html", _entry(_BUS, household="yes", where="county", paid="no")),
    "guide-fair": ("portal/guide.html", _entry(FAIR)),
}
ONE_STOP_PAGES |= {f"guide-{each.slug}": ("portal/guide.html", _entry(each)) for each in SHOWN}
