"""扫码落地页的内容: what a scanned code shows besides the home of its place."""

from dataclasses import dataclass
from datetime import date

from app.codes.models import IssuedCode
from app.codes.queries import FoundCode, recalled_on
from app.codes.terms import CodeKind, LetterAnswer
from app.core.http import ReadSession
from app.employers.models import Employer
from app.jobs import queries as job_queries
from app.jobs.queries import JobFilters
from app.web.formats import day_words
from app.web.languages import Language, mark
from app.web.portal.cards import job_card
from app.web.portal.places import Place
from app.web.portal.views import JobCard, Officer, PlaceView
from app.web.reader import Reader

_MOST_JOBS = 20
_ANSWERS = (
    (LetterAnswer.CALL_ME, mark("想找活，给我打电话"), "phone"),
    (LetterAnswer.WORKING, mark("已经有活干了"), "ok"),
    (LetterAnswer.NOT_NOW, mark("这会儿不找"), "no"),
)
_SAID = {
    LetterAnswer.CALL_ME: mark("记下了：你想找活。信息员会给你打电话。"),
    LetterAnswer.WORKING: mark("记下了：你有活干了。以后想换，再来找我们。"),
    LetterAnswer.NOT_NOW: mark("记下了：这会儿不找。想找的时候，再扫一下就行。"),
}


@dataclass(frozen=True)
class CodeNotice:
    """码的说明: why a code that we gave out opens nothing any more, and the way on."""

    title: str
    sentences: tuple[str, ...]
    way_on: str
    href: str
    reason: str = ""
    officer: Officer | None = None


@dataclass(frozen=True)
class LetterPage:
    """信的回话页: nothing about the person stands on it, the paper may have changed hands."""

    place: PlaceView
    action: str
    answers: tuple[tuple[str, str, str], ...]
    said: str
    home_href: str


@dataclass(frozen=True)
class Firm:
    """单位码落地: a firm's open postings. `place` is where the firm is, with the officer there."""

    name: str
    verified: str
    place: PlaceView | None
    cards: tuple[JobCard, ...]
    home_href: str


def no_longer(reader: Reader, found: FoundCode, place: Place | None, today: date) -> CodeNotice:
    """A code that was called back, or whose day is over."""
    _ = reader.language.gettext
    href = reader.url("/", at=place.code) if place else reader.url("/")
    way_on = _("看%(place)s的活") % {"place": place.name} if place else _("接着找活")
    officer = place.officer if place else None
    if found.recall is not None:
        day = day_words(reader.language, recalled_on(found.recall), today)
        sentence = _("这张纸是我们发的，%(day)s收回了，上面写的别再当真。") % {"day": day}
        return CodeNotice(
            _("这个码收回了"), (sentence,), way_on, href, reason=found.recall.reason, officer=officer
        )
    over = day_words(reader.language, found.over_since or today, today)
    title, sentence = _("这个码过期了"), _("这张纸上的事，%(day)s就办完了。")
    if found.code.kind is CodeKind.FAIR:
        title, sentence = _("招聘会开完了"), _("这场招聘会是 %(day)s的，已经开完了。")
    sentences = (sentence % {"day": over}, _("没赶上不要紧，活还有，手机上就能挑。"))
    return CodeNotice(title, sentences, way_on, href, officer=officer)


def firm_gone(reader: Reader, place: Place | None) -> CodeNotice:
    """The code of a firm that is not, or not any more, among those that were checked."""
    _ = reader.language.gettext
    return CodeNotice(
        _("这家单位现在不在名单上"),
        (_("它没核验，或者被拿下来了。别交钱，别给身份证。"),),
        _("看别家的活"),
        reader.url("/"),
        officer=place.officer if place else None,
    )


def paper_lines(language: Language, row: IssuedCode, today: date) -> tuple[str, ...]:
    """What was scanned, so that a sticker that was moved or copied is noticed."""
    _ = language.gettext
    if row.kind is CodeKind.FAIR:
        day = day_words(language, row.held_on, today) if row.held_on else ""
        place = _("，在%(spot)s") % {"spot": row.spot} if row.spot else ""
        return (row.title, _("%(day)s开%(place)s。") % {"day": day, "place": place})
    if row.kind is CodeKind.CAMPAIGN:
        return (row.title,)
    if not row.spot:
        return ()
    who = _("，%(name)s贴的") % {"name": row.hung_by} if row.hung_by else ""
    return (
        _("这张海报贴在%(spot)s%(who)s。") % {"spot": row.spot, "who": who},
        _("你扫的不在那儿？就是有人挪了，打下面的电话说一声。"),
    )


def letter(reader: Reader, found: FoundCode, place: Place, code: str) -> LetterPage:
    """The three answers, and what was said before."""
    _ = reader.language.gettext
    answer = found.row.answer if found.row else None
    return LetterPage(
        place.view(),
        reader.url(f"/q/{code}"),
        tuple((each.value, _(words), icon) for each, words, icon in _ANSWERS),
        _(_SAID[answer]) if answer else "",
        reader.url("/"),
    )


def build_firm(
    session: ReadSession, reader: Reader, firm: Employer, home: Place | None, there: Place | None, today: date
) -> Firm:
    """A firm's open postings, as seen from the reader's own place."""
    _ = reader.language.gettext
    filters = JobFilters(employer_id=firm.id, near=home.point if home else None)
    jobs, _next = job_queries.list_open_jobs(session, filters, today, limit=_MOST_JOBS)
    day = day_words(reader.language, firm.verified_on, today) if firm.verified_on else ""
    return Firm(
        firm.name,
        _("人社局 %(day)s核验过这家单位") % {"day": day} if day else _("人社局核验过这家单位"),
        there.view() if there else None,
        tuple(job_card(job, reader, home) for job in jobs),
        reader.url("/"),
    )
