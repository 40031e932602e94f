"""传单: four to a page, cut apart and handed out at markets and fairs (DOMAIN A2)."""

from app.notifications.terms import HOTLINE
from app.web.paper.content import Slip, VillagePapers
from app.web.paper.sheet import BLACK, CREAM, GREEN, HEIGHT, RED, WIDTH, Sheet

_W, _H = WIDTH / 2, HEIGHT / 2
# As many postings as are read while walking on.
_MOST = 3


def draw_leaflets(sheet: Sheet, papers: VillagePapers) -> None:
    """Adds a page of four leaflets of a village, with lines to cut along."""
    sheet.new_page()
    sheet.dashes(_W, 4, _W, HEIGHT - 4)
    sheet.dashes(4, _H, WIDTH - 4, _H)
    for row in range(2):
        for column in range(2):
            _draw_one(sheet, papers, column * _W, row * _H)


def _draw_one(sheet: Sheet, papers: VillagePapers, x: float, y: float) -> None:
    middle = x + _W / 2
    sheet.block(x + 7, y + 7, _W - 14, 15, RED, corner=2)
    sheet.text(middle, y + 14.7, "家门口的活，扫这儿看", 7, colour=CREAM, bold=True, align="centre", room=86)
    sheet.text(middle, y + 27.5, papers.name, 5.6, bold=True, align="centre", room=88)
    sheet.code(middle - 22, y + 35, 44, papers.url)
    sheet.text(middle, y + 86, "微信扫一扫，挑活，点“我想去”，等电话", 4, align="centre", room=90)
    slips = [*papers.near.slips, *papers.away.slips][:_MOST]
    for at, slip in enumerate(slips):
        _draw_slip(sheet, slip, x + 8, y + 95 + at * 9)
    if not slips:
        sheet.text(middle, y + 101, "新的活天天有，扫开就看得到。", 4.4, align="centre")
    sheet.frame(x + 7, y + 122, _W - 14, 19.5, BLACK, 0.4, corner=2)
    who = f"信息员 {papers.officer} {papers.phone}" if papers.officer else f"就业热线 {papers.phone}"
    sheet.text(middle, y + 128, who, 5, bold=True, align="centre", room=86)
    fake = f"不收一分钱。谁要钱，打 {HOTLINE}。"
    sheet.text(middle, y + 135.6, fake, 4, align="centre", room=86)


def _draw_slip(sheet: Sheet, slip: Slip, x: float, y: float) -> None:
    pay = slip.pay
    figure = " ".join(filter(None, (pay.before, pay.figure, pay.after)))
    room = 88 - sheet.text(x + 89, y, figure, 4.4, colour=RED, bold=True, align="right", room=46) - 4
    sheet.disc(x + 1.4, y, 1.1, GREEN)
    sheet.text(x + 4.5, y, slip.title, 4.8, bold=True, room=max(room - 5, 24))
