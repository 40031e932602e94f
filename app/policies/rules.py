"""适合我吗: yes, no or not known, with the reasons, from conditions that are data. Pure; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.policies.content import Condition
from app.policies.terms import Verdict

UNSURE: Final = "unsure"


@dataclass(frozen=True)
class Judgement:
    """判断: `against` the conditions that are not met, `open_` those nothing is known about; keys of
    questions."""

    verdict: Verdict
    against: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()


def judge(conditions: Sequence[Condition], answers: Mapping[str, str]) -> Judgement:
    """One answer that does not fit says no, whatever else is unknown; a missing or strange answer is not
    known."""
    against: list[str] = []
    unknown: list[str] = []
    for condition in conditions:
        answer = answers.get(condition.question, UNSURE)
        if answer in condition.fits:
            continue
        (unknown if answer in (UNSURE, "") else against).append(condition.question)
    if against:
        return Judgement(Verdict.NO, tuple(against), tuple(unknown))
    return Judgement(Verdict.MAYBE if unknown else Verdict.YES, (), tuple(unknown))
