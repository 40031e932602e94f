"""对接会各页的内容: the list, the big screen, who and what was brought, and one person at the meeting."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.jobs.models import JobPosting
from app.referrals.recommending.describing import PairWords
from app.referrals.sessions.board import Board, PairLine, PersonLine, PostingLine, Sums
from app.referrals.sessions.models import MatchingSession
from app.referrals.sessions.service import OVERSENDS
from app.referrals.sessions.terms import PairKind, SessionState
from app.web.staff.pushing_views import why_skipped
from app.web.staff.referral_file_views import state_words, tone_of
from app.web.staff.wording import place_name

PAGE: Final = 40
LONG_WAIT_DAYS: Final = 14
_WEEKDAYS: Final = "一二三四五六日"
_TOWN: Final = 9
FIRST, ASKING, NONE = "first", "ask", "none"
_PERCENT_OF: Final = 100
_KM: Final = 1000


@dataclass(frozen=True)
class SessionLine:
    """一场对接会."""

    href: str
    title: str
    place: str
    state: str
    tone: str


@dataclass(frozen=True)
class SessionsView:
    """对接会: those of one's area, and the form for a new one (`places`: where one may hold one)."""

    rows: tuple[SessionLine, ...]
    places: tuple[tuple[str, str], ...]
    held_on: str
    token: str
    problem: str = ""
    problem_href: str = ""


@dataclass(frozen=True)
class PairRow:
    """拟推的一个活. `said` how far it is decided, with its colour; `kind` what the meeting said."""

    person_id: int
    job_id: int
    title: str
    firm: str
    why: str
    way: str
    said: str
    tone: str
    kind: str
    href: str
    is_open: bool


@dataclass(frozen=True)
class PersonRow:
    """到会的一个人."""

    id: int
    name: str
    place: str
    tag: str
    pairs: tuple[PairRow, ...]
    ruled_out: int
    steps: tuple[str, ...]
    may_decide: bool
    note: str
    href: str


@dataclass(frozen=True)
class PostingRow:
    """到会的一个活: `percent` of its places given to somebody."""

    id: int
    title: str
    firm: str
    source: str
    left: int
    given: int
    percent: int


@dataclass(frozen=True)
class Chip:
    """一类人的个数."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class Rights:
    """能办什么: what the reader may do at this meeting."""

    run: bool
    bring: bool
    send: bool


@dataclass(frozen=True)
class BoardView:
    """会上的大屏."""

    id: int
    title: str
    place: str
    state: str
    version: int
    is_planned: bool
    is_running: bool
    is_closed: bool
    rights: Rights
    sums: tuple[tuple[str, str, str], ...]
    chips: tuple[Chip, ...]
    only: str
    rows: tuple[PersonRow, ...]
    total_rows: int
    next_from: int
    first_from: int
    postings: tuple[PostingRow, ...]
    idle_postings: tuple[PostingRow, ...]
    unhelped: tuple[PersonRow, ...]
    oversends: tuple[int, ...]
    oversend: int
    gap: str
    has_proposal: bool
    is_behind: bool
    has_full_names: bool
    may_show_names: bool
    ready: int
    ready_people: int
    told: Sums
    token: str
    query: str
    problem: str = ""


def session_title(row: MatchingSession) -> str:
    """周五对接，11 月 27 日."""
    day = row.held_on
    return f"周{_WEEKDAYS[day.weekday()]}对接，{day.month} 月 {day.day} 日"


def session_line(row: MatchingSession) -> SessionLine:
    """A session as a line of the list."""
    tones = {SessionState.PLANNED: "", SessionState.RUNNING: "now", SessionState.CLOSED: "ok"}
    place = place_name(row.region_code, {})
    return SessionLine(
        f"/staff/fridays/{row.id}",
        session_title(row),
        f"{place}，{row.place}" if row.place else place,
        row.state.label,
        tones[row.state],
    )


def next_friday(today: date) -> date:
    """The Friday of this week, or of the next once it is over (DOMAIN E6: every Friday)."""
    return date.fromordinal(today.toordinal() + (4 - today.weekday()) % 7)


def board_view(
    board: Board,
    rights: Rights,
    villages: Mapping[str, str],
    *,
    only: str = "",
    start: int = 0,
    size: int = PAGE,
    token: str = "",
    problem: str = "",
) -> BoardView:
    """The big screen of a session: `size` people from the `start`th on."""
    row = board.session
    people = tuple(
        person_row(person, row.id, villages, names=board.has_full_names) for person in board.people
    )
    chips = _chips(board)
    only = only if only in {chip.code for chip in chips} else ""
    chosen = [line for person, line in zip(board.people, people, strict=True) if _is_chosen(person, only)]
    ready = ready_pairs(board)
    postings = sorted(map(posting_row, board.postings), key=lambda row: (-row.given, row.id))
    return BoardView(
        id=row.id,
        title=session_title(row),
        place=session_line(row).place,
        state=row.state.label,
        version=row.version,
        is_planned=row.state is SessionState.PLANNED,
        is_running=row.state is SessionState.RUNNING,
        is_closed=row.state is SessionState.CLOSED,
        rights=rights,
        sums=_sums(board),
        chips=chips,
        only=only,
        rows=tuple(chosen[start : start + size]),
        total_rows=len(chosen),
        next_from=start + size if start + size < len(chosen) else 0,
        first_from=start,
        postings=tuple(posting for posting in postings if posting.given),
        idle_postings=tuple(posting for posting in postings if not posting.given),
        unhelped=tuple(line for line in people if not line.pairs and row.proposed_at),
        oversends=OVERSENDS,
        oversend=row.oversend_percent,
        gap=gap_words(row.gap),
        has_proposal=row.proposed_at is not None,
        is_behind=board.is_behind,
        has_full_names=board.has_full_names,
        may_show_names=board.may_show_names,
        ready=len(ready),
        ready_people=len({line.pair.person_id for line in ready}),
        told=board.sums,
        token=token,
        query="&".join(
            pair
            for pair in (f"only={only}" if only else "", "names=1" if board.has_full_names else "")
            if pair
        ),
        problem=problem,
    )


def _query(only: str, *, names: bool) -> str:
    pairs = (f"only={only}" if only else "", "names=1" if names else "")
    return "&".join(pair for pair in pairs if pair)


def ready_pairs(board: Board) -> list[PairLine]:
    """The pairs that go out when the meeting says so: not sent yet, and nothing left to ask about them."""
    return [
        line
        for person in board.people
        for line in person.pairs
        if not line.is_sent and not line.needs_word and not line.words.shut
    ]


def gap_words(gap: float | None) -> str:
    """不到 0.05%, rounded up to a hundredth of a percent."""
    if gap is None:
        return ""
    hundredths = max(1, -(-int(gap * 1_000_000) // 100))
    return f"不到 {hundredths / 100:g}%"


def person_row(person: PersonLine, session_id: int, villages: Mapping[str, str], *, names: bool) -> PersonRow:
    """Somebody with their pairs."""
    tag = f"等活 {person.waiting_days} 天" if person.waiting_days >= LONG_WAIT_DAYS else ""
    return PersonRow(
        person.id,
        person.name,
        place_name(person.region_code, villages),
        "没人上班的户" if person.goes_first else tag,
        tuple(pair_row(line) for line in person.pairs),
        len(person.ruled_out),
        person.steps,
        person.may_decide,
        "" if person.is_seeking else "这阵子不找活了",
        f"/staff/fridays/{session_id}/people/{person.id}" + ("?names=1" if names else ""),
    )


def pair_row(line: PairLine) -> PairRow:
    """One posting for somebody, and how far it is decided."""
    said, tone = _said(line)
    return PairRow(
        line.pair.person_id,
        line.pair.job_id,
        line.job.title,
        line.job.employer.name,
        "；".join(line.words.reasons),
        _way(line.words),
        said,
        tone,
        line.pair.kind.value,
        f"/staff/referrals/{line.referral.id}" if line.referral is not None else "",
        not line.is_sent,
    )


def possible_row(person_id: int, job: JobPosting, words: PairWords) -> PairRow:
    """A posting of the meeting nobody has paired with somebody yet."""
    said = (f"对不上：{words.shut}", "late") if words.shut else (words.verdict, "")
    return PairRow(
        person_id,
        job.id,
        job.title,
        job.employer.name,
        "；".join(words.reasons),
        _way(words),
        *said,
        "shut" if words.shut else "",
        "",
        True,
    )


def _way(words: PairWords) -> str:
    metres = words.distance_m
    return "" if metres is None else "不到 1 公里" if metres < _KM else f"{round(metres / _KM)} 公里"


def _said(line: PairLine) -> tuple[str, str]:
    if line.referral is not None:
        return state_words(line.referral.state), tone_of(line.referral.state)
    if line.pair.kind is PairKind.FORBIDDEN:
        return "会上说不要", "late"
    if line.pair.skipped_why:
        return f"没发成：{why_skipped(line.pair.skipped_gate, line.pair.skipped_why)}", "late"
    if line.words.shut:
        return f"对不上了：{line.words.shut}", "late"
    if line.pair.kind is PairKind.PINNED:
        return "会上定的", "ok"
    if line.words.is_slow:
        return "单位常不回，换一个？", "late"
    if line.words.gaps:
        return f"问本人：{line.words.gaps[0]}", "now"
    return "合适", "ok"


def posting_row(line: PostingLine) -> PostingRow:
    """A posting and how many of its places found somebody."""
    percent = 100 if not line.left else min(100, line.given * _PERCENT_OF // line.left)
    return PostingRow(
        line.job.id,
        line.job.title,
        line.job.employer.name,
        line.posting.source,
        line.left,
        line.given,
        percent,
    )


def _sums(board: Board) -> tuple[tuple[str, str, str], ...]:
    sums = board.sums
    first = f"{sums.first_people} 人家里没人上班，排最前" if sums.first_people else "谁等得久谁在前"
    return (
        ("带来的人", f"{sums.people} 人", f"别处还带来 {sums.elsewhere} 人" if sums.elsewhere else first),
        ("带来的活", f"{sums.postings} 个", f"还要 {sums.places} 人"),
        ("拟推荐", f"{sums.pairs} 条", "每人不超过 3 个"),
        ("能对上的人", f"{sums.helped} 人", f"发出去了 {sums.sent_people} 人" if sums.sent else "还没发"),
        ("还没着落", f"{sums.unhelped} 人", "下一步在下面" if sums.unhelped else "都有着落"),
    )


def _chips(board: Board) -> tuple[Chip, ...]:
    towns = Counter(person.region_code[:_TOWN] for person in board.people)
    found = [
        Chip(FIRST, "没人上班的户", sum(person.goes_first for person in board.people)),
        Chip(ASKING, "要拿主意", sum(_is_chosen(person, ASKING) for person in board.people)),
        Chip(NONE, "没着落", sum(_is_chosen(person, NONE) for person in board.people)),
    ]
    if len(towns) > 1:
        found += [Chip(code, place_name(code, {}), count) for code, count in sorted(towns.items())]
    return tuple(chip for chip in found if chip.count)


def _is_chosen(person: PersonLine, only: str) -> bool:
    if only == FIRST:
        return person.goes_first
    if only == ASKING:
        return any(line.needs_word or (not line.is_sent and line.words.shut) for line in person.pairs)
    if only == NONE:
        return not person.pairs
    return person.region_code.startswith(only)
