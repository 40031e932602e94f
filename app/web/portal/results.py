"""挑活结果: the ranked postings for a reader's answers, with reasons, near misses and who is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from app.core.http import ReadSession
from app.jobs import queries as job_queries
from app.matching import service as matching_service
from app.matching.near_misses import NearMiss as Miss
from app.matching.reference import Match
from app.matching.rules.scoring import FORMULA_VERSION, WEIGHTS
from app.matching.schemas import SeekerProfile
from app.matching.terms import Gate, Supply, Verdict
from app.regions.terms import Reach
from app.web.languages import Language, mark
from app.web.portal.answers import Answers
from app.web.portal.cards import job_card
from app.web.portal.places import Place
from app.web.portal.questions import county_name, question_url
from app.web.portal.views import Formula, Hit, JobCard, NearMiss, Result
from app.web.reader import Reader

FIRST_SHOWN: Final = 10
MORE: Final = 10
MOST_SHOWN: Final = 50
_MOST_MISSES = 3
_MOST_EXAMPLES = 3
_FAR_OF_REACH: Mapping[str, str] = {
    Reach.TOWNSHIP: "town",
    Reach.COUNTY: "county",
    Reach.PROVINCE: "province",
    Reach.ANYWHERE: "any",
}
_LEFT_OUT: Mapping[str, str] = {
    Gate.UNDER_16: mark("没满 16 岁，不能干活"),
    Gate.CLOSED: mark("已经不招了"),
    Gate.EMPLOYER: mark("这家单位还没核验好"),
    Gate.EXPIRED: mark("招工日子过了"),
    Gate.FULL: mark("人招满了"),
    Gate.AGE: mark("年纪对不上"),
    Gate.EDUCATION: mark("要的文化高"),
    Gate.CERTIFICATE: mark("要你没有的证"),
    Gate.LIMITS: mark("有你干不了的活"),
    Gate.WAGE: mark("工钱比你要的低"),
    Gate.REACH: mark("比你说的远"),
    Gate.CLASS: mark("没说半劳力、弱劳力能干"),
    Gate.WELFARE: mark("公益岗，要先评上"),
    Gate.HOURS: mark("干活的时间对不上"),
    Gate.BOARD: mark("不管吃住"),
}
_WEIGHTS: Mapping[str, str] = {
    "skill": mark("会不会干"),
    "place": mark("离家远近"),
    "wage": mark("工钱合不合适"),
    "occupation": mark("是不是想干的那行"),
    "answers": mark("这家回不回话"),
    "freshness": mark("这个活新不新"),
    "fair_share": mark("报名的人多不多"),
}


def profile_of(answers: Answers, place: Place) -> SeekerProfile:
    """The answers as the profile that matching reads. It holds nothing about who the reader is."""
    return SeekerProfile(
        region_code=place.code,
        skills=list(answers.words),
        travel=answers.reach,
        limits=list(answers.demands),
        cares_for_family="care" in answers.limits,
        needs_board="live" in answers.limits,
        needs_lodging="live" in answers.limits,
    )


def build_result(
    session: ReadSession, reader: Reader, place: Place, answers: Answers, today: date, *, shown: int
) -> Result:
    """挑活结果 with the best `shown` postings: 很合适 or 合适 with reasons, never a score."""
    _ = reader.language.gettext
    ranked = matching_service.rank_profile(session, profile_of(answers, place), today, limit=shown)
    ranking, misses = ranked.ranking, ranked.near_misses[:_MOST_MISSES]
    cards = _cards(session, reader, place, today, ranking.matches, misses)
    rest = ranking.total - len(ranking.matches)
    more = question_url(reader, "/find/result", answers, n=str(shown + MORE))
    return Result(
        place=place.view(),
        total=ranking.total,
        answers=answers.sentences(reader.language, county_name(place)),
        hits=tuple(
            _hit(match, cards[match.id], reader.language) for match in ranking.matches if match.id in cards
        ),
        more_href=more if rest > 0 and shown + MORE <= MOST_SHOWN else None,
        more_count=min(MORE, rest),
        near_misses=tuple(_near_miss(reader, answers, miss, cards) for miss in misses),
        left_out=tuple(
            (_(_LEFT_OUT[gate]), count)
            for gate, count in sorted(ranking.excluded.items(), key=lambda pair: -pair[1])
            if count
        ),
        change_href=question_url(reader, "/find", answers, step="1"),
        back_href=question_url(reader, "/find", answers, step="3"),
        keep_href=question_url(reader, "/find/keep", answers),
    )


def _hit(match: Match, card: JobCard, language: Language) -> Hit:
    """A slip with its reasons and the weightiest thing to know first.

    The way alone is no reason here: the slip says it one line above.
    """
    reasons = [each for each in match.reasons if not (each.code == "place" and each.text.startswith("离家"))]
    return Hit(
        card,
        match.verdict is Verdict.STRONG,
        tuple(each.sentence.said(language.gettext) for each in reasons or match.reasons),
        tuple(gap.sentence.said(language.gettext) for gap in match.gaps[:1]),
    )


def _cards(
    session: ReadSession,
    reader: Reader,
    place: Place,
    today: date,
    matches: Sequence[Match],
    misses: Sequence[Miss],
) -> dict[int, JobCard]:
    """Slips of the matches and of the examples of near misses, in one statement."""
    ids = [match.id for match in matches]
    for miss in misses:
        ids += miss.ids[:_MOST_EXAMPLES]
    jobs = job_queries.list_jobs_by_id(session, list(dict.fromkeys(ids)), today)
    return {job.id: job_card(job, reader, place) for job in jobs}


def _near_miss(reader: Reader, answers: Answers, miss: Miss, cards: Mapping[int, JobCard]) -> NearMiss:
    _ = reader.language.gettext
    text = miss.sentence.said(_)
    examples = tuple(cards[job_id] for job_id in miss.ids[:_MOST_EXAMPLES] if job_id in cards)
    if miss.kind is Supply.REACH and (far := _FAR_OF_REACH.get(miss.code or "")):
        wider = replace(answers, far=far)
        return NearMiss(text, examples, _("走远点，再挑一遍"), question_url(reader, "/find/result", wider))
    if miss.kind is Supply.BOARD:
        limits = tuple(limit for limit in answers.limits if limit != "live")
        without = replace(answers, limits=limits)
        return NearMiss(text, examples, _("不要求，再挑一遍"), question_url(reader, "/find/result", without))
    if miss.kind is Supply.DISTANCE:
        return NearMiss(text, examples, _("改远近"), question_url(reader, "/find", answers, step="2"))
    return NearMiss(text, examples)


def build_formula(language: Language) -> Formula:
    """怎么排的: the weights as points of a hundred, and the version in use."""
    _ = language.gettext
    return Formula(
        FORMULA_VERSION,
        tuple((_(_WEIGHTS[name]), round(weight * 100)) for name, weight in WEIGHTS.items()),
    )
