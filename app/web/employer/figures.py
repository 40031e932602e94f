"""岗位数字: how a posting fares, in words for its firm and the office that vets it. Counts, no persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.codes import queries as code_queries
from app.codes.signing import numbered
from app.codes.terms import CodeKind
from app.core.http import ReadSession
from app.jobs.viewing import count_views
from app.referrals.figures import JobFigures, job_figures
from app.referrals.terms import ReferralState

COUNTED_FOR: Final = timedelta(days=30)
_S = ReferralState
_GROUPS: Final = (
    ("等本人回话", (_S.OFFERED, _S.INTERESTED)),
    ("等单位回话", (_S.SUBMITTED, _S.VIEWED)),
    ("约了见面、留着备选", (_S.INTERVIEW, _S.POOLED)),
    ("说好要来", (_S.HIRED, _S.DEPARTING)),
    ("上班了", (_S.ONBOARD,)),
    ("单位没要", (_S.REFUSED,)),
    ("本人没去", (_S.DECLINED, _S.NO_SHOW, _S.WITHDRAWN, _S.OBSOLETE)),
    ("没等到回话、岗位撤了", (_S.EXPIRED, _S.CANCELLED)),
)


@dataclass(frozen=True)
class JobFacts:
    """一个岗位的数字: scans and views of the last 30 days, the rest since it was posted."""

    scans: int
    views: int
    figures: JobFigures

    @property
    def line(self) -> str:
        """One line for a list; empty before anybody looked."""
        parts = [
            f"{words} {many} {unit}"
            for words, many, unit in (
                ("扫码", self.scans, "次"),
                ("看过", self.views, "次"),
                ("报名", self.figures.wishes, "人"),
                ("送来", self.figures.referrals, "人"),
            )
            if many
        ]
        return "，".join(parts)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Every figure with its label."""
        found = self.figures
        waiting = f"，{found.waiting} 人还没回电话" if found.waiting else ""
        rows = [
            ("扫这个活的码", f"{self.scans} 次（近 30 天）"),
            ("打开看", f"{self.views} 次（近 30 天）"),
            ("手机上报名", f"{found.wishes} 人{waiting}"),
            ("人社这边送来", f"{found.referrals} 人"),
        ]
        for label, states in _GROUPS:
            if many := sum(found.by_state.get(state, 0) for state in states):
                rows.append((f"　{label}", f"{many} 人"))
        return (*rows, ("回话", answer_words(found)))


def answer_words(found: JobFigures) -> str:
    """How surely and how soon the firm answers about this posting."""
    if found.answer_permille is None:
        return "回满 5 个人才算得出来"
    words = f"{found.answer_permille // 10}% 都回了"
    hours = found.median_answer_hours
    if hours is None:
        return words
    return f"{words}，一般{f' {hours} 小时' if hours < 48 else f' {hours // 24} 天'}回"


def facts_of(
    session: ReadSession, job_ids: Sequence[int], now: datetime, today: date
) -> Mapping[int, JobFacts]:
    """The figures of some postings the reader may see, in five statements however many."""
    since = today - COUNTED_FOR
    codes = {job_id: numbered(CodeKind.POSTING, job_id) for job_id in job_ids}
    scans = code_queries.count_scans(session, codes.values(), since)
    views, figures = count_views(session, job_ids, since), job_figures(session, job_ids, now)
    return {
        job_id: JobFacts(scans.get(code, 0), views.get(job_id, 0), figures[job_id])
        for job_id, code in codes.items()
    }
