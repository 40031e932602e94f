"""三个问题: what can you do, how far will you go, what is hard for you. Plain forms, all in the address."""

from datetime import date

from app.core.http import ReadSession
from app.jobs.board import OpenJobs
from app.regions import gazetteer
from app.regions.terms import Level, Reach
from app.web.portal.answers import LIMIT_WORDS, REACH_WORDS, Answers, reach_label
from app.web.portal.kinds import KINDS
from app.web.portal.places import Place
from app.web.portal.views import Option, Question
from app.web.reader import Reader

_REACHES = {
    "village": (Level.VILLAGE, Reach.VILLAGE),
    "town": (Level.TOWN, Reach.TOWNSHIP),
    "county": (Level.COUNTY, Reach.COUNTY),
    "province": (Level.PROVINCE, Reach.PROVINCE),
    "any": (Level.PROVINCE, Reach.ANYWHERE),
}


def county_name(place: Place) -> str:
    """耀州区; the place's own name where it is wider than a county."""
    county = gazetteer.ancestor_at(place.code, Level.COUNTY)
    return county.name if county else place.name


def build_question(
    session: ReadSession, reader: Reader, place: Place, answers: Answers, step: int, today: date
) -> Question:
    """Question `step` 1..3 with what was answered so far; without the second no third."""
    if step >= 3 and answers.far:
        return _limits(reader, answers)
    if step >= 2:
        return _far(session, reader, place, answers, today, skipped=step >= 3)
    return _abilities(reader, answers)


def _abilities(reader: Reader, answers: Answers) -> Question:
    _ = reader.language.gettext
    return Question(
        step=1,
        title=_("你会干什么？"),
        hint=_("会几样点几样。家里干过的也算。"),
        name="k",
        options=tuple(
            Option(kind.code, _(kind.ability), kind.icon, kind.code in answers.kinds)
            for kind in KINDS
            if kind.ability
        ),
        action="/find",
        back_href=reader.url("/"),
        hidden=(("step", "2"), *(pair for pair in answers.pairs() if pair[0] != "k")),
        pictures=True,
    )


def _far(
    session: ReadSession, reader: Reader, place: Place, answers: Answers, today: date, *, skipped: bool
) -> Question:
    _ = reader.language.gettext
    counts = OpenJobs(session, today).count_by_reach(place.code)
    county = county_name(place)
    offered = [far for far, (level, _reach) in _REACHES.items() if _is_known_at(place, level) or far == "any"]
    options = [
        Option(
            far,
            reach_label(reader.language, far, county),
            REACH_WORDS[far][1],
            far == answers.far,
            _("%(n)s 个活") % {"n": f"{counts[_REACHES[far][1]]:,}"},
        )
        for far in offered
    ]
    return Question(
        step=2,
        title=_("愿意走多远？"),
        hint="",
        name="far",
        options=tuple(options),
        action="/find",
        back_href=question_url(reader, "/find", answers, step="1"),
        hidden=(("step", "3"), *answers.pairs(without="far")),
        single=True,
        warn=_("点一个，再往下走。") if skipped else "",
    )


def _is_known_at(place: Place, level: Level) -> bool:
    """Whether the reader's place is fine enough to speak of this step."""
    if level is Level.VILLAGE:
        return len(place.code) == 12
    return gazetteer.ancestor_at(place.code, level) is not None


def _limits(reader: Reader, answers: Answers) -> Question:
    _ = reader.language.gettext
    return Question(
        step=3,
        title=_("有什么不方便？"),
        hint=_("说了好避开，只用来挑活，不告诉厂家。没有就直接点下面。"),
        name="no",
        options=tuple(
            Option(code, _(words), picture, code in answers.limits)
            for code, (words, picture) in LIMIT_WORDS.items()
        ),
        action="/find/result",
        back_href=question_url(reader, "/find", answers, step="2"),
        hidden=answers.pairs(without="no"),
    )


def question_url(reader: Reader, path: str, answers: Answers, **more: str) -> str:
    """An address that carries all answers."""
    grouped: dict[str, list[str]] = {}
    for key, value in answers.pairs():
        grouped.setdefault(key, []).append(value)
    return reader.url(path, **more, **grouped)
