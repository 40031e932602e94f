"""村务栏的岗位表: eight postings a page, each with a code of its own; near work and work far away apart
(DOMAIN A2)."""

from app.notifications.terms import HOTLINE
from app.web.paper.content import Board, Slip, VillagePapers
from app.web.paper.sheet import BLACK, GREEN, RED, WHITE, Sheet
from app.web.rendering import icon_symbols

_TOP, _STEP = 28.0, 28.5
_RIGHT = 200.0


def draw_board(sheet: Sheet, papers: VillagePapers, board: Board) -> None:
    """Adds a board's list as a page."""
    sheet.new_page()
    sheet.block(10, 8, 190, 19.5, GREEN if board.is_near else RED, corner=3)
    sheet.text(15, 18, board.heading, 10, colour=WHITE, bold=True, room=110)
    day = papers.printed_on
    dated = f"{papers.name} · {day.month} 月 {day.day} 日贴"
    sheet.text(195, 14.5, dated, 4.6, colour=WHITE, align="right", room=68)
    sheet.text(195, 20.8, board.subtitle, 4.6, colour=WHITE, align="right", room=68)
    for at, slip in enumerate(board.slips):
        _draw_slip(sheet, at, slip)
    if not board.slips:
        sheet.text(105, 120, "眼下没有，过几天再来看。", 8, bold=True, align="centre")
    _draw_foot(sheet, papers, board)


def _draw_slip(sheet: Sheet, at: int, slip: Slip) -> None:
    y = _TOP + at * _STEP
    sheet.text(12, y + 14.5, str(at + 1), 7, bold=True, align="centre")
    sheet.frame(19, y + 7.5, 13, 13, BLACK, 0.3, corner=2)
    sheet.picture(21.5, y + 10, 8, icon_symbols()[slip.icon])
    width = sheet.text(36, y + 8, slip.title, 6.6, bold=True, room=70)
    sheet.text(36 + width + 4, y + 8.4, slip.note, 4.8, room=96 - width)
    sheet.text(36, y + 15.2, slip.employer, 4.8, room=90)
    sheet.text(36, y + 21.6, slip.where, 4.8, room=100)
    pay = slip.pay
    if pay.figure:
        unit = " ".join(filter(None, (pay.before, pay.after)))
        sheet.text(176, y + 11, pay.figure, 7.4, colour=RED, bold=True, align="right", room=46)
        sheet.text(176, y + 18.5, unit, 4.8, align="right", room=38)
    else:
        sheet.text(176, y + 13.5, pay.before, 5.6, colour=RED, bold=True, align="right", room=38)
    sheet.code(181.5, y + 3.5, 16.5, slip.url)
    sheet.text(189.7, y + 24, f"编号 {slip.job_id}", 3.4, align="centre")
    sheet.line(10, y + _STEP - 0.6, _RIGHT)


def _draw_foot(sheet: Sheet, papers: VillagePapers, board: Board) -> None:
    sheet.code(12.5, 261.5, 21, papers.url)
    if board.more:
        first = f"还有 {board.more:,} 个，扫左边。看上哪个，扫它的码，或报编号。"
    else:
        first = "看上哪个，扫它的码，或报编号。新的扫左边。"
    sheet.text(40, 265, first, 6, bold=True, room=158)
    who = f"{papers.officer} {papers.phone}" if papers.officer else f"就业热线 {papers.phone}"
    sheet.text(40, 272.5, f"{who}。不收押金、报名费，谁要钱打 {HOTLINE}。", 4.8, room=158)
    sheet.text(40, 279.5, "下礼拜五换新的。招满的，扫开会说“招满了”。", 4.8, room=158)
