"""增补的输出: every sentence in Chinese and in English; money is fen a month."""

from pydantic import BaseModel

from app.jobs.schemas import JobOut
from app.matching.supplements.terms import IncomeState, PaySource, SupplementKind, WorkKind


class SentenceOut(BaseModel):
    """一句话."""

    text: str
    text_en: str


class MeasureOut(SentenceOut):
    """一把尺子: what the pay is held against; the sentence names its source."""

    code: str
    figure_fen: int | None
    is_short: bool | None


class IncomeOut(SentenceOut):
    """收入情况."""

    state: IncomeState
    label: str
    pay_fen: int | None
    pay_source: PaySource | None
    measures: list[MeasureOut]


class WorkOut(BaseModel):
    """现在的活."""

    kind: WorkKind
    label: str
    title: str
    employer_name: str
    place_name: str


class SupplementJobOut(BaseModel):
    """增补的岗位: `ask_first` says what their own wishes still shut; empty = can be pushed now."""

    job: JobOut
    verdict_label: str
    distance_km: float | None
    reasons: list[str]
    gaps: list[str]
    more_than_now: str
    ask_first: str


class CertificateOut(SentenceOut):
    """考一个证, and some of what it would open."""

    code: str
    label: str
    count: int
    pay_from_fen: int | None
    jobs: list[SupplementJobOut]


class SupplementOut(BaseModel):
    """一个增补: why it applies, what is looked for, what changed in the question, what was found."""

    kind: SupplementKind
    label: str
    why: SentenceOut
    looks_for: SentenceOut
    changed: list[SentenceOut]
    jobs: list[SupplementJobOut]
    certificates: list[CertificateOut]


class NotNowOut(BaseModel):
    """用不上的增补, and why not."""

    kind: SupplementKind
    label: str
    why: SentenceOut


class SupplementsOut(BaseModel):
    """收入不够，下一步帮什么."""

    seeker_id: int
    work: WorkOut
    income: IncomeOut
    household: SentenceOut
    items: list[SupplementOut]
    not_now: list[NotNowOut]
    formula: str
