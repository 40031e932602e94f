"""Every portal page with invented content: what the markup, size and browser tests look at.

Villages, firms and people are invented. `python -m tests.web.gallery FOLDER` writes the pages as files.
"""

import sys
from dataclasses import replace
from pathlib import Path

from app.web import rendering
from app.web.formats import Fact, Pay, Where
from app.web.languages import languages
from app.web.portal import views
from app.web.portal.apply_views import AnswerPage, ApplyPage, ReceiptPage, Step, Typing
from app.web.portal.check_ins import ARRIVAL_ANSWERS, STILL_ANSWERS, CheckInView
from app.web.portal.keeping import Keep
from app.web.portal.kinds import KINDS, find_kind
from app.web.portal.landing_views import CodeNotice, Firm, LetterPage
from app.web.portal.reporting import ReportPage
from app.web.portal.workshops import Workshop, Workshops
from app.web.reader import Reader
from tests.web.gallery_me import ME_PAGES
from tests.web.gallery_one_stop import KINDS as HELP_KINDS
from tests.web.gallery_one_stop import ONE_STOP_PAGES

OFFICER = views.Officer("王桂兰", "13900002041")
PLACE = views.PlaceView("610204101201", "柳树塬村", "小丘镇", "陕西省铜川市耀州区小丘镇", OFFICER)


def month(low: int, high: int | None = None) -> Pay:
    return Pay(low * 100, (high or low) * 100, "month")


_ROWS = [
    ("缝纫工", "小丘针织社区工厂", "sew", month(2800, 3600), 6, "lunch shift", "能接送娃"),
    ("村道保洁", "柳树塬村委会", "public", month(2200), 0, "half", "公益岗"),
    ("苹果套袋", "惠家家庭农场", "farm", Pay(13000, 13000, "day"), 3, "lunch byday", ""),
    ("香菇采摘", "孙塬塬上人家合作社", "farm", Pay(11000, 11000, "day"), 9, "lunch bus", ""),
    ("面馆帮厨", "镇上老陈面馆", "cook", month(2600), 5, "all shift", ""),
    ("奶山羊饲养员", "绿源羊场", "stock", month(3500), 8, "all bed", ""),
    ("药材分拣", "小丘黄芩加工厂", "box", Pay(1800, 1800, "hour"), 6, "lunch bus", ""),
    ("超市理货", "镇供销超市", "shop", month(2400), 5, "shift", ""),
    ("养老护理员", "福安敬老院", "elder", month(3000, 3800), 14, "all bed", ""),
    ("医院保洁", "区医院（咸丰路）", "clean", month(2350), 18, "shift", ""),
    ("小区保安", "安居物业公司", "guard", month(2800), 19, "bed moon", ""),
    ("砌墙工", "石柱高标准农田工地", "brick", Pay(24000, 24000, "day"), 16, "lunch bed", ""),
    ("电焊工", "董家河宏力机械厂", "weld", month(5000, 6500), 21, "lunch bed", "要焊工证"),
    ("维修电工", "董家河建材厂", "elec", month(4800), 21, "lunch", "要电工证"),
    ("叉车工", "坡头物流园", "fork", month(4200, 5000), 27, "lunch bus", "要叉车证"),
    ("送货司机", "诚信配送站", "drive", month(4500), 20, "shift", "要驾照"),
    ("育婴师", "好邻居家政（城里）", "baby", Pay(negotiable=True), 22, "all bed", ""),
    ("电子厂装配工", "西安华信电子", "factory", month(4500, 6000), 96, "all bed moon", ""),
    ("服装熨烫工", "孙塬好日子帮扶车间", "sew", Pay(120, 120, "piece"), 11, "lunch shift", "能拿回家干"),
    ("住家保姆", "好邻居家政（西安）", "clean", month(5500), 92, "all bed", ""),
]
_FACTS = {
    "lunch": Fact("meal", "管午饭"),
    "all": Fact("meal", "管三顿"),
    "shift": Fact("shift", "白班"),
    "half": Fact("shift", "只干半天"),
    "bed": Fact("bed", "管住"),
    "moon": Fact("moon", "要上夜班"),
    "bus": Fact("bus", "有车接"),
    "byday": Fact("coin", "日结"),
}


def card(row: int) -> views.JobCard:
    title, employer, kind_code, pay, km, facts, tag = _ROWS[row]
    kind = find_kind(kind_code)
    assert kind is not None
    return views.JobCard(
        id=1200 + row,
        href=f"/jobs/{1200 + row}",
        title=title,
        employer=employer,
        icon=kind.icon,
        tint=kind.tint,
        pay=pay,
        where=Where(metres=km * 1000 if km else None, same_village=not km),
        facts=tuple(_FACTS[f] for f in facts.split()),
        tag=tag,
        hints=(f"还缺 {row + 2} 人", *(("回话快",) if row % 3 else ()), *(("报的人少",) if row % 4 else ())),
    )


CARDS = tuple(card(row) for row in range(len(_ROWS)))


def _tiles(current: str = "") -> tuple[views.Tile, ...]:
    counts = {"本镇": 12, "本区": 86, "省内": 912, "外地": 365}
    return tuple(views.Tile(k, n, f"/jobs?far={i}", k == current) for i, (k, n) in enumerate(counts.items()))


HOME = views.Home(PLACE, _tiles(), CARDS[:3], "/jobs?far=town", "看本镇全部 12 个")
JOBS = views.JobList(
    PLACE,
    "本区",
    86,
    "离柳树塬村近的在前头",
    _tiles("本区"),
    CARDS,
    "/jobs?far=county&p=abc",
    "/kinds?far=county",
)
JOB = views.JobPage(
    card=CARDS[0],
    place=PLACE,
    boxes=(
        views.FactBox("pin", "离家 6 公里", "小丘镇"),
        views.FactBox("meal", "管午饭", "不管住"),
        views.FactBox("shift", "白班", "长期干"),
        views.FactBox("bus", "有车接", "接到柳树塬村"),
    ),
    description=("用平缝机做校服、围裙。坐着干，不搬重东西。",),
    wants=("要 8 个，招到 3 个。", "不要证，不要文凭。", "18 岁到 55 岁。"),
    address="小丘镇街道东头，老粮站院里。",
    trust=("人社局核验过这家单位", "11 月 18 日问过，还在招"),
    ask_href="/jobs/1200/apply",
    back_href="/jobs",
    linked_data={"@context": "https://schema.org", "@type": "JobPosting", "title": "缝纫工"},
)
APPLY = ApplyPage(CARDS[0], PLACE, "token", "/jobs/1200/apply", "/jobs/1200", "/jobs/1200/ask")
TYPED = Typing("张秀梅", "1380000661", problems=(("phone", "手机号要 11 位，你填了 10 位"),))
STEPS = (
    Step("你报了名", "done", "11 月 22 日 9:12"),
    Step("信息员给你打电话", "now", "11 月 23 日前。"),
    Step("去看看", "todo", "带身份证就行"),
    Step("上班", "todo"),
)
RECEIPT = ReceiptPage(
    "报上名了",
    38,
    CARDS[0],
    STEPS,
    "到 11 月 23 日没人打，你就打下面这个电话。",
    PLACE.officer,
    is_over=False,
    may_withdraw=True,
    action="/w/38-abcdefgh",
    job_href="/jobs/1200",
    similar=CARDS[4:6],
)
OFFER = AnswerPage(
    "张家的，你好",
    "王桂兰",
    CARDS[1],
    "11 月 25 日",
    PLACE.officer,
    "/a/38-abcdefgh",
    "token",
    is_waiting=True,
    title="你愿意去吗？",
)
ONBOARD = replace(OFFER, is_waiting=False, title="办到哪一步了")
STILL_THERE = CheckInView("你在耀州缝纫厂干得咋样？", STILL_ANSWERS)
ARRIVED = CheckInView("到耀州缝纫厂了吧？跟当初说的一样不？", ARRIVAL_ANSWERS)
SKILLS = views.Question(
    1,
    "你会干什么？",
    "会几样点几样。家里干过的也算。",
    "k",
    tuple(views.Option(k.code, k.ability, k.icon, k.code in ("sew", "cook")) for k in KINDS if k.ability),
    "/find",
    "/",
    pictures=True,
)
FAR = views.Question(
    2,
    "愿意走多远？",
    "",
    "far",
    (
        views.Option("village", "不出村", "home", note="2 个活"),
        views.Option("town", "镇上，天天回家", "pin", True, "12 个活，有的管接送"),
        views.Option("county", "区里都行", "bus", note="86 个活"),
        views.Option("province", "省里都行，住厂里", "bed", note="998 个活"),
        views.Option("any", "哪儿都行", "go", note="1,363 个活"),
    ),
    "/find",
    "/find?k=sew",
    (("step", "3"), ("k", "sew"), ("k", "cook")),
    single=True,
)
LIMITS = views.Question(
    3,
    "有什么不方便？",
    "说了好避开，只用来挑活，不告诉厂家。没有就直接点下面。",
    "no",
    (
        views.Option("care", "要照看老人、接送娃", "family", True),
        views.Option("night", "不上夜班", "moon", True),
        views.Option("heavy", "搬不动重东西", "box"),
        views.Option("stand", "站不住一整天", "me"),
        views.Option("read", "认字不多", "doc"),
        views.Option("live", "得管吃管住", "bed"),
    ),
    "/find/result",
    "/find/far?k=sew",
    (("k", "sew"), ("far", "town")),
)
RESULT = views.Result(
    place=PLACE,
    total=9,
    answers=("会缝纫、做饭", "在镇上", "要照看家里", "不上夜班"),
    hits=(
        views.Hit(CARDS[0], True, ("你会缝纫", "离家 6 公里", "白班，接送娃来得及")),
        views.Hit(CARDS[18], True, ("熨烫和缝纫是一路活", "管午饭")),
        views.Hit(CARDS[6], False, ("有车接到镇上", "不用上夜班")),
        views.Hit(CARDS[1], False, ("就在本村",), ("这岗先照顾家里没人上班的，要村里评一评",)),
    ),
    more_href="/find/result?k=sew&n=20",
    more_count=5,
    near_misses=(
        views.NearMiss("愿意去本区，多出 23 个", CARDS[8:10], "走远点，再挑一遍", "/find/result?far=county"),
        views.NearMiss("有了叉车证，多出 8 个", CARDS[14:15]),
    ),
    left_out=(("要上夜班", 19), ("比你说的远", 42), ("要你没有的证", 13), ("人招满了", 3)),
    change_href="/find?k=sew",
    back_href="/find/limits?k=sew",
    keep_href="/find/keep?k=sew&far=town",
)
KEEP = Keep(
    ("会缝纫、做饭", "镇上，天天回家"), (("k", "sew"),), ((1, "张秀梅"), (2, "李拴虎")), "/find/result?k=sew"
)
PLACES = views.Places(
    tuple(
        views.PlaceChoice(name, "铜川市耀州区", f"/?at=61020410{i}")
        for i, name in enumerate(("小丘镇", "孙塬镇", "石柱镇"))
    ),
    here="耀州区",
    stay_href="/?at=610204",
    back_href="/place?in=610200",
)
KIND_TILES = tuple(
    views.Tile(kind.label, 20 - i, f"/jobs?kind={kind.code}", icon=kind.icon) for i, kind in enumerate(KINDS)
)
FORMULA = views.Formula(
    "1", (("会不会干", 35), ("离家远近", 25), ("工钱合不合", 15), ("是不是一行", 10), ("厂家回不回话", 5))
)
RECALLED = CodeNotice(
    "这个码收回了",
    ("这张纸是我们发的，11 月 20 日收回了，上面写的别再当真。",),
    "看柳树塬村的活",
    "/?at=610204101201",
    reason="有人在上面贴了假码",
    officer=OFFICER,
)
LETTER = LetterPage(
    PLACE,
    "/q/abc",
    (
        ("call_me", "想找活，给我打电话", "phone"),
        ("working", "已经有活干了", "ok"),
        ("not_now", "这会儿不找", "no"),
    ),
    "",
    "/",
)
FIRM = Firm("小丘针织社区工厂", "人社局 11 月 1 日核验过这家单位", PLACE, CARDS[:2], "/")
REPORT = ReportPage(
    "缝纫工",
    "小丘针织社区工厂",
    "/jobs/12/report",
    "/jobs/12",
    (("money", "要我交钱、交押金"), ("other", "别的毛病")),
)

WORKSHOPS = Workshops(
    PLACE,
    (
        Workshop(
            "小丘针织社区工厂",
            "社区工厂",
            "校服和围裙",
            "小丘镇，老粮站院里",
            Where(same_town=True),
            (("/jobs/1200", "缝纫工"), ("/jobs/1218", "服装熨烫工")),
        ),
        Workshop("照金手工帮扶车间", "帮扶车间", "布老虎", "照金镇", Where(metres=21000, about=True), ()),
    ),
)
PAGES: dict[str, tuple[str, object]] = {
    "home": ("portal/home.html", HOME),
    "jobs": ("portal/jobs.html", JOBS),
    "jobs-kind": (
        "portal/jobs.html",
        replace(JOBS, kind="缝纫", total=9, clear_href="/jobs", cards=CARDS[:2]),
    ),
    "kinds": ("portal/kinds.html", views.Kinds(PLACE, "本区", KIND_TILES, "/jobs")),
    "job": ("portal/job.html", JOB),
    "ask": ("portal/ask.html", views.Ask(CARDS[0], PLACE, "/jobs/1200")),
    "apply": ("portal/apply.html", APPLY),
    "apply-error": ("portal/apply.html", replace(APPLY, typed=TYPED)),
    "receipt": ("portal/receipt.html", RECEIPT),
    "answer": ("portal/answer.html", OFFER),
    "answer-no": ("portal/answer.html", replace(OFFER, asks_why=True)),
    "answer-given": (
        "portal/answer.html",
        replace(ONBOARD, steps=STEPS, may_withdraw=True),
    ),
    "answer-silent": (
        "portal/answer.html",
        replace(ONBOARD, steps=STEPS, may_tell_silence=True),
    ),
    "answer-told": (
        "portal/answer.html",
        replace(ONBOARD, steps=STEPS, told_silence=True),
    ),
    "answer-arrived": ("portal/answer.html", replace(ONBOARD, check_in=ARRIVED)),
    "answer-still": ("portal/answer.html", replace(ONBOARD, check_in=STILL_THERE)),
    "answer-left": ("portal/answer.html", replace(ONBOARD, check_in=replace(ARRIVED, asks_why=True))),
    "answer-kept": (
        "portal/answer.html",
        replace(ONBOARD, steps=STEPS, check_in=CheckInView(told="记下了，谢谢你说一声。")),
    ),
    "gone": ("portal/gone.html", views.Gone("这个活招满了", CARDS[4:6], "/jobs")),
    "wizard-1": ("portal/question.html", SKILLS),
    "wizard-2": ("portal/question.html", FAR),
    "wizard-3": ("portal/question.html", LIMITS),
    "result": ("portal/result.html", RESULT),
    "keep": ("portal/keep.html", KEEP),
    "keep-one": ("portal/keep.html", replace(KEEP, people=((1, "张秀梅"),))),
    "keep-unknown": ("portal/keep.html", replace(KEEP, people=())),
    "empty": (
        "portal/empty.html",
        views.Empty(
            PLACE,
            "本镇这会儿没有养殖的活",
            (
                views.Elsewhere("pin", "本区", 6, "/jobs?far=county"),
                views.Elsewhere("farm", "本镇种地的活", 3, "/jobs"),
            ),
        ),
    ),
    "place": ("portal/place.html", PLACES),
    "report": ("portal/report.html", REPORT),
    "report-again": ("portal/report.html", replace(REPORT, problem="先点一下是什么毛病。")),
    "report-sent": ("portal/report.html", replace(REPORT, is_sent=True)),
    "workshops": ("portal/workshops.html", WORKSHOPS),
    "offline": ("portal/offline.html", None),
    "help": ("portal/help.html", views.Help(PLACE, HELP_KINDS)),
    "formula": ("portal/formula.html", FORMULA),
    "home-paper": (
        "portal/home.html",
        replace(HOME, paper=("这张海报贴在村委会门口，王桂兰贴的。", "你扫的不在那儿？就是有人挪了。")),
    ),
    "code": ("portal/code.html", None),
    "code-recalled": ("portal/code.html", RECALLED),
    "letter": ("portal/letter.html", LETTER),
    "letter-said": ("portal/letter.html", replace(LETTER, said="记下了：你想找活。")),
    "firm": ("portal/firm.html", FIRM),
    "error": (
        "errors/error.html",
        views.Notice(
            500,
            "warn",
            "我们这边出了点毛病",
            ("不是你弄坏的。等一分钟再点一下就行。",),
            True,
            "E-2207-K",
            OFFICER,
        ),
    ),
}


PAGES |= ME_PAGES | ONE_STOP_PAGES


def reader(size: int = 1, language: str = "zh-Hans", path: str = "/") -> Reader:
    return Reader(languages()[language], size=size, place=PLACE.code, path=path)


def page(name: str, size: int = 1, language: str = "zh-Hans") -> str:
    template, view = PAGES[name]
    return rendering.render(template, reader(size, language), view=view, csrf="of-this-browser")


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / f"{name}.html").write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
