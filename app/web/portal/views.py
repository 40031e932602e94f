"""求职者页面的内容: what each portal page shows. Plain values, no sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.web.formats import Fact, Pay, Where


@dataclass(frozen=True)
class Officer:
    """就业信息员: who answers for a place, with the work phone in full: so a false sticker is noticed."""

    name: str
    phone: str


@dataclass(frozen=True)
class PlaceView:
    """所在地: the reader's place. `name` 柳树塬村, `above` 小丘镇, `path` from the province down."""

    code: str
    name: str
    above: str = ""
    path: str = ""
    officer: Officer | None = None


@dataclass(frozen=True)
class Tile:
    """A tile that leads somewhere: how far, or which trade."""

    label: str
    count: int
    href: str
    current: bool = False
    icon: str = ""


@dataclass(frozen=True)
class JobCard:
    """岗位卡片: one slip of a list. `tint` '', t2, t3 or t4 the colours of the trade's picture; `hints`
    places left, whether the firm answers fast and whether few have asked."""

    id: int
    href: str
    title: str
    employer: str
    icon: str
    tint: str
    pay: Pay
    where: Where
    facts: tuple[Fact, ...] = ()
    tag: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """合适的岗位: a slip with why it fits. `strong` = 很合适; `reasons` and `lacks` are plain sentences."""

    card: JobCard
    strong: bool
    reasons: tuple[str, ...]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class NearMiss:
    """就差一点: what to give, what it opens, a few of those, and where to change the answer or ''."""

    sentence: str
    examples: tuple[JobCard, ...] = ()
    button: str = ""
    href: str = ""


@dataclass(frozen=True)
class Home:
    """首页. `paper` are the lines on what was scanned: a poster, a fair, a campaign."""

    place: PlaceView
    tiles: tuple[Tile, ...]
    nearest: tuple[JobCard, ...]
    all_href: str
    all_label: str
    paper: tuple[str, ...] = ()


@dataclass(frozen=True)
class JobList:
    """岗位列表. `range_name` 本镇; `kind` and `words` the filters in use; `next_href` None at the end."""

    place: PlaceView
    range_name: str
    total: int
    order: str
    tiles: tuple[Tile, ...]
    cards: tuple[JobCard, ...]
    next_href: str | None
    kinds_href: str
    hidden: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    words: str = ""
    clear_href: str = ""
    first_page: bool = True


@dataclass(frozen=True)
class Elsewhere:
    """Where else to look when a list is empty."""

    icon: str
    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Empty:
    """空列表: nothing here now, and the next wider places that have something."""

    place: PlaceView
    title: str
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True)
class Kinds:
    """工种选择, most postings first; a trade without postings is not shown."""

    place: PlaceView
    range_name: str
    tiles: tuple[Tile, ...]
    back_href: str
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FactBox:
    """One of the four facts on the detail page: a bold line and a softer one."""

    icon: str
    strong: str
    soft: str = ""


@dataclass(frozen=True)
class JobPage:
    """岗位详情. Dates are days in Beijing; `trust` are facts of this employer, none invented. `scanned` from
    a board: the place and its officer are named."""

    card: JobCard
    place: PlaceView | None
    boxes: tuple[FactBox, ...]
    description: tuple[str, ...]
    wants: tuple[str, ...]
    address: str
    trust: tuple[str, ...]
    ask_href: str
    back_href: str
    linked_data: Mapping[str, object] = field(default_factory=dict)
    more: tuple[JobCard, ...] = ()
    sound_href: str = ""
    scanned: bool = False


@dataclass(frozen=True)
class Ask:
    """想去，怎么说: until people can apply on the page, whom to ring and what to say."""

    card: JobCard
    place: PlaceView | None
    back_href: str


@dataclass(frozen=True)
class Gone:
    """岗位下架: closed, full or expired, with some that are near."""

    title: str
    similar: tuple[JobCard, ...]
    back_href: str


@dataclass(frozen=True)
class Option:
    """One answer of a question. `note` is the softer second line."""

    value: str
    label: str
    icon: str
    checked: bool = False
    note: str = ""


@dataclass(frozen=True)
class Question:
    """三个问题之一. `step` 1..3; `name` is the form field; `single` = only one answer."""

    step: int
    title: str
    hint: str
    name: str
    options: tuple[Option, ...]
    action: str
    back_href: str
    hidden: tuple[tuple[str, str], ...] = ()
    single: bool = False
    pictures: bool = False
    warn: str = ""


@dataclass(frozen=True)
class Result:
    """挑活结果. `answers` what the reader said; `left_out` reason and count."""

    place: PlaceView
    total: int
    answers: tuple[str, ...]
    hits: tuple[Hit, ...]
    more_href: str | None
    more_count: int
    near_misses: tuple[NearMiss, ...]
    left_out: tuple[tuple[str, int], ...]
    change_href: str
    back_href: str
    keep_href: str = ""

    @property
    def left_out_total(self) -> int:
        return sum(count for _reason, count in self.left_out)


@dataclass(frozen=True)
class PlaceChoice:
    """One division to pick; `leads_on` when smaller ones lie below it."""

    name: str
    note: str
    href: str


@dataclass(frozen=True)
class Places:
    """选地方. `here` the division whose parts are listed; `stay_href` shows the work of all of it."""

    choices: tuple[PlaceChoice, ...]
    here: str = ""
    stay_href: str = ""
    back_href: str = ""
    words: str = ""
    searched: bool = False
    first_time: bool = False


@dataclass(frozen=True)
class HelpKind:
    """One kind of affair with its form; `title` is a sentence of the catalogue."""

    icon: str
    title: str
    href: str


@dataclass(frozen=True)
class Help:
    """求助: whom to ring, and what can be said on a form."""

    place: PlaceView | None
    kinds: tuple[HelpKind, ...] = ()


@dataclass(frozen=True)
class Formula:
    """怎么排的: the published order. `weights` are parts of a hundred."""

    version: str
    weights: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Notice:
    """出错页: `again` offers to load the same page once more; `reference` is for the person who repairs."""

    status: int
    icon: str
    title: str
    sentences: tuple[str, ...]
    again: bool = False
    reference: str = ""
    officer: Officer | None = None
