"""村里的海报: one code a village, what to do with it, and whom to ring."""

from app.notifications.terms import HOTLINE
from app.web.paper.content import VillagePapers
from app.web.paper.sheet import BLACK, CREAM, GREEN, RED, WHITE, WIDTH, Sheet

_MIDDLE = WIDTH / 2
_STEPS = (("打开微信", "扫一扫"), ("挑离家近的", "合适的"), ("点“我想去”", "等电话"))


def draw_poster(sheet: Sheet, papers: VillagePapers) -> None:
    """Adds the poster of a village as a page."""
    sheet.new_page()
    sheet.block(27, 8, 156, 31.6, RED)
    sheet.line(27, 40.8, 183, 0.5, RED)
    for at, letter in enumerate("送岗到家"):
        sheet.text(69 + at * 24.2, 24, letter, 20, colour=CREAM, bold=True, align="centre")
    sheet.block(10, 46, 27, 211, RED)
    sheet.block(173, 46, 27, 211, RED)
    sheet.column(23.5, 78, 25, "近的远的活都有", 18, CREAM)
    sheet.column(186.5, 78, 25, "大事小事有人帮", 18, CREAM)
    sheet.text(_MIDDLE, 55, papers.heading, 12, bold=True, align="centre", room=128)
    sheet.frame(48, 69, 114, 113, RED, 1, corner=4)
    sheet.code(61, 81.5, 88, papers.url)
    sheet.text(_MIDDLE, 195, "谁都能扫，不收一分钱", 8, bold=True, align="centre")
    for at, (first, second) in enumerate(_STEPS):
        x = 63 + at * 42
        sheet.disc(x, 213, 5, GREEN)
        sheet.text(x, 213, str(at + 1), 6, colour=WHITE, bold=True, align="centre")
        sheet.text(x, 223.5, first, 5.4, align="centre")
        sheet.text(x, 230.5, second, 5.4, align="centre")
    sheet.text(_MIDDLE, 244, "还能问补助、学手艺、讨工钱。", 5.6, align="centre")
    sheet.text(_MIDDLE, 252.5, "不会扫，叫娃扫，或者直接打电话：", 5.6, align="centre")
    _draw_foot(sheet, papers)


def _draw_foot(sheet: Sheet, papers: VillagePapers) -> None:
    sheet.frame(10, 262.5, 190, 26.5, BLACK, 0.7, corner=3)
    x = 16 + sheet.text(16, 271.5, "信息员 " if papers.officer else "就业热线 ", 6)
    if papers.officer:
        x += sheet.text(x, 271.5, papers.officer, 8, bold=True, room=40) + 5
    sheet.text(x, 271.5, papers.phone, 8.4, bold=True)
    told = f"“{papers.name}、{papers.officer}”" if papers.officer else f"“{papers.name}”"
    sheet.text(16, 282, f"扫开不是{told}，就是假码，撕下来打 {HOTLINE}", 4.6, room=130)
    day = papers.printed_on
    sheet.text(194, 270, papers.above, 4, align="right", room=50)
    sheet.text(194, 276, f"编号 {papers.mark}", 4, align="right")
    sheet.text(194, 282, f"{day.year} 年 {day.month} 月印", 4, align="right")
