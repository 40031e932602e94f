"""致未就业劳动者的一封信: one page for each person, folded into an envelope with a window (DOMAIN A3).

The name and address stand once, in the window. The code on it is the person's own, so that one tap answers;
nothing about the person can be read from it.
"""

from dataclasses import dataclass, field

from app.notifications.terms import HOTLINE
from app.web.paper.content import VillagePapers
from app.web.paper.sheet import GREEN, Sheet

_LEFT, _ROOM = 24.0, 162.0
_SIZE = 5.4
# Where a window envelope of 110 x 220 mm shows through: 20 mm from the left, 45 mm from the top, 90 x 45 mm.
_WINDOW = (20.0, 45.0)


@dataclass(frozen=True)
class Recipient:
    """收信人: never in a log or an error text. `url` is in the code."""

    name: str = field(repr=False)
    place: str = field(repr=False)
    address: str = field(repr=False)
    url: str = field(repr=False)


def draw_letter(sheet: Sheet, papers: VillagePapers, to: Recipient) -> None:
    """Adds the letter to a person as a page; `papers` are those of the person's village."""
    sheet.new_page()
    sheet.text(_LEFT, 20, "送岗到家", 9, colour=GREEN, bold=True)
    sheet.text(186, 20, papers.above + papers.name, 4.6, align="right", room=110)
    sheet.line(_LEFT, 27, 186, 0.5, GREEN)
    _draw_window(sheet, to)
    sheet.text(105, 103, "给想找活的乡亲的一封信", 8.4, bold=True, align="centre")
    y = 117.0
    for words in _words(papers, to):
        y = sheet.paragraph(_LEFT, y, words, _SIZE, _ROOM) + 1.6
    _draw_jobs(sheet, papers, y)
    _draw_answer(sheet, papers, to)
    sheet.dashes(4, 99, 8, 99)
    sheet.dashes(202, 99, 206, 99)


def _draw_window(sheet: Sheet, to: Recipient) -> None:
    x, y = _WINDOW
    sheet.text(x + 4, y + 9, to.place, 5, room=82)
    sheet.text(x + 4, y + 17.5, to.address, 5, room=82)
    sheet.text(x + 4, y + 29, f"{to.name} 收", 7, bold=True, room=82)


def _words(papers: VillagePapers, to: Recipient) -> tuple[str, ...]:
    who = f"村里的信息员{papers.officer}" if papers.officer else "镇上管就业的同志"
    return (
        f"{to.name}，您好！",
        "　　眼下没上班，多半有您的难处：家里走不开，路远，年纪大了，没手艺。这些都不要紧，活有近的，"
        "也有轻的，有的能拿回家干。",
        f"　　{who}手里有一张单子，是一家一家问过的活，工钱多少、管不管饭，都写在上头。挑中了，"
        "我们陪您去问、去看。不收您一分钱。",
    )


def _draw_jobs(sheet: Sheet, papers: VillagePapers, y: float) -> None:
    slips = papers.near.slips[:3]
    if not slips:
        return
    sheet.text(_LEFT, y + 2, "离您近的，眼下就有：", _SIZE, bold=True)
    for at, slip in enumerate(slips):
        line = y + 12 + at * 9
        pay = " ".join(filter(None, (slip.pay.before, slip.pay.figure, slip.pay.after)))
        sheet.text(_LEFT + 5, line, f"· {slip.title}", 5.2, bold=True, room=52)
        sheet.text(_LEFT + 62, line, slip.employer, 4.6, room=56)
        sheet.text(186, line, pay, 5, align="right", room=40)


def _draw_answer(sheet: Sheet, papers: VillagePapers, to: Recipient) -> None:
    sheet.frame(_LEFT - 4, 218, 170, 54, GREEN, 0.7, corner=3)
    sheet.code(144, 224, 36, to.url)
    sheet.text(_LEFT, 227, "回我们一句话", 7, bold=True)
    y = sheet.paragraph(_LEFT, 237.5, "用微信扫右边的码，点一下就行：想找活，我们给您打电话。", 5, 110)
    call = f"{papers.officer} {papers.phone}" if papers.officer else f"就业热线 {papers.phone}"
    y = sheet.paragraph(_LEFT, y + 1, f"不会扫也不要紧，打电话：{call}。", 5, 110)
    sheet.text(_LEFT, 266, f"这个码是单给您的。谁照着信跟您要钱，打 {HOTLINE}。", 4.6, room=112)
    day = papers.printed_on
    sheet.text(
        186, 280, f"{papers.name}就业服务　{day.year} 年 {day.month} 月 {day.day} 日", 4.8, align="right"
    )
