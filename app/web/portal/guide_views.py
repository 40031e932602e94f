"""政策库各页的内容: the rows of the list, one entry with its questions and the answer. Plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.policies.content import Content
from app.policies.queries import Shown
from app.policies.questions import questions
from app.policies.rules import UNSURE, Judgement
from app.policies.terms import GuideKind, Verdict
from app.regions import gazetteer
from app.web.formats import day_words
from app.web.languages import Language, mark
from app.web.portal.places import Place
from app.web.portal.views import PlaceView
from app.web.reader import Reader

KINDS: Final[Mapping[GuideKind, tuple[str, str]]] = {
    GuideKind.POLICY: ("coin", mark("政策")),
    GuideKind.TRAINING: ("learn", mark("学手艺")),
    GuideKind.FAIR: ("bus", mark("招聘会")),
    GuideKind.NOTICE: ("warn", mark("通知")),
    GuideKind.STORY: ("family", mark("故事")),
}


# The sum a line begins with: it stands large.
_FIGURE: Final = re.compile(r"(\d[\d,.–-]*)")
# Answers as short as this stand three in a row.
_SHORT: Final = 4


@dataclass(frozen=True)
class GuideRow:
    """政策库一行."""

    href: str
    icon: str
    title: str
    soft: str
    is_chinese: bool


@dataclass(frozen=True)
class GuideTile:
    """一类."""

    icon: str
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class GuideList:
    """政策库."""

    place: PlaceView | None
    tiles: tuple[GuideTile, ...]
    rows: tuple[GuideRow, ...]
    words: str
    kind: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FitQuestion:
    """适合我吗的一个问题: `options` are (value, words); 不清楚 is among them."""

    key: str
    ask: str
    options: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def is_short(self) -> bool:
        return len(self.options) == 3 and all(len(words) <= _SHORT for _value, words in self.options)


@dataclass(frozen=True)
class FitAnswer:
    """适合我吗的回答: `verdict` yes, maybe or no; `reasons` in sentences."""

    verdict: str
    title: str
    reasons: tuple[str, ...]
    next_step: str


@dataclass(frozen=True)
class GuidePage:
    """一条政策、故事、通知、招聘会或培训."""

    slug: str
    icon: str
    kind: str
    title: str
    question: str
    figure: str
    amount: str
    who: tuple[str, ...]
    bring: tuple[str, ...]
    where: str
    by_when: str
    paid: str
    when: str
    body: tuple[str, ...]
    is_open: bool
    is_chinese: bool
    source: tuple[str, ...]
    office: str
    place: PlaceView | None
    action: str
    back_href: str
    again_href: str
    questions: tuple[FitQuestion, ...]
    answer: FitAnswer | None = None
    sound_href: str = ""


def build_list(
    reader: Reader,
    place: Place | None,
    shown: Sequence[Shown],
    found: Sequence[Shown],
    kind: GuideKind | None,
    words: str,
    today: date,
) -> GuideList:
    """`shown` is all there is (which kinds have a tile), `found` what is listed."""
    _ = reader.language.gettext
    there = {each.kind for each in shown}
    tiles = tuple(
        GuideTile(icon, _(label), reader.url("/policies", kind=each.value), each is kind)
        for each, (icon, label) in KINDS.items()
        if each in there or each is kind
    )
    tag = reader.language.tag
    return GuideList(
        place.view() if place else None,
        tiles,
        tuple(
            GuideRow(
                reader.url(f"/policies/{each.slug}"),
                KINDS[each.kind][0],
                each.content.words(tag).title,
                _when(reader.language, each.content, today) or each.content.words(tag).question,
                tag != "zh-Hans" and each.content.en is None,
            )
            for each in found
        ),
        words,
        _(KINDS[kind][1]) if kind else "",
        (("kind", kind.value),) if kind else (),
    )


def build_entry(
    reader: Reader,
    place: Place | None,
    shown: Shown,
    today: date,
    *,
    judgement: Judgement | None = None,
    answers: Mapping[str, str] | None = None,
) -> GuidePage:
    """One entry in the reader's language, with what was answered."""
    language, content = reader.language, shown.content
    _ = language.gettext
    words = content.words(language.tag)
    here = reader.url(f"/policies/{shown.slug}")
    division = gazetteer.find_nearest(shown.region_code) if shown.region_code else None
    figure = _FIGURE.match(words.amount)
    return GuidePage(
        slug=shown.slug,
        icon=KINDS[shown.kind][0],
        kind=_(KINDS[shown.kind][1]),
        title=words.title,
        question=words.question,
        figure=figure[1] if figure else "",
        amount=words.amount[figure.end(1) :] if figure else words.amount,
        who=words.who,
        bring=words.bring,
        where=words.where,
        by_when=words.by_when,
        paid=words.paid,
        when=_when(language, content, today),
        body=words.body,
        is_open=shown.is_open,
        is_chinese=language.tag != "zh-Hans" and content.en is None,
        source=_source(language, content, today),
        office=division.name if division is not None else "",
        place=place.view() if place else None,
        action=here,
        back_href=reader.url("/policies"),
        again_href=here,
        questions=tuple(
            FitQuestion(
                each.question,
                questions()[each.question].asked(language.tag),
                (*questions()[each.question].answers(language.tag), (UNSURE, _("不清楚"))),
                (answers or {}).get(each.question, ""),
            )
            for each in content.conditions
        ),
        answer=_answer(language, shown, judgement) if judgement is not None else None,
    )


def _answer(language: Language, shown: Shown, judgement: Judgement) -> FitAnswer:
    _ = language.gettext
    bank = questions()
    if judgement.verdict is Verdict.NO:
        reasons = tuple(bank[key].reason(language.tag) for key in judgement.against)
        step = _("别的政策再看看。觉得不对，就打 12333 问一声。")
        return FitAnswer("no", _("这一条对不上"), reasons, step)
    if judgement.verdict is Verdict.MAYBE:
        reasons = tuple(bank[key].asked(language.tag) for key in judgement.open_)
        return FitAnswer("maybe", _("还说不准"), reasons, _("这几样问清楚了再看。信息员能帮你问。"))
    if shown.is_open:
        return FitAnswer("yes", _("都对上了"), (), _("各县的规定不一样。你们县有没有，先问一声。"))
    return FitAnswer("yes", _("都对上了，去办吧"), (), _("带上下面这些。不会填，信息员帮你填。"))


def _when(language: Language, content: Content, today: date) -> str:
    """12 月 3 日, or from one day to another; empty for what has no days."""
    if content.starts_on is None:
        return ""
    first = day_words(language, content.starts_on, today)
    if content.ends_on is None or content.ends_on == content.starts_on:
        return first
    last = day_words(language, content.ends_on, today)
    return language.gettext("%(first)s到 %(last)s") % {"first": first, "last": last}


def _source(language: Language, content: Content, today: date) -> tuple[str, ...]:
    _ = language.gettext
    lines = [content.source_title, content.source_article, content.issuer]
    if content.source_on is not None:
        lines.append(_("%(day)s发的") % {"day": day_words(language, content.source_on, today)})
    if content.valid_from is not None:
        lines.append(_("%(day)s起管用") % {"day": day_words(language, content.valid_from, today)})
    if content.valid_until is not None:
        lines.append(_("管到 %(day)s") % {"day": day_words(language, content.valid_until, today)})
    return tuple(line for line in lines if line)
