"""岗位表: the form in which a firm writes a posting, as typed strings, and what it says as `JobIn`. Pure.

Several values of one field stand in one string with blanks between them, so that whatever was typed travels
through preview and mistakes unchanged.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.core.amounts import read_fen
from app.core.errors import FieldProblem, Invalid
from app.employers.models import Employer
from app.jobs import rules
from app.jobs.models import JobPosting
from app.jobs.schemas import JobIn, label_of
from app.jobs.terms import Insurance
from app.occupations.terms import Demand, Education, Shift, WageUnit, WorkProfile
from app.web.staff.fields import Sent

SEVERAL: Final = ("care", "demands", "insurance")
_TEXTS: Final = ("title", "openings", "low", "high", "unit", "estimate", "shift", "profile", "skills")
_MORE: Final = ("certificates", "age_min", "age_max", "education", "region_code", "address")
_REST: Final = ("starts_on", "valid_until", "description")
FIELDS: Final = (*_TEXTS, *_MORE, *_REST, *SEVERAL)
LONGEST: Final = {"description": 2000, "address": 200}
CARE: Final = (("board", "管饭"), ("lodging", "管住"), ("transport", "有车接"))
UNITS: Final = (
    (WageUnit.MONTH.value, "按月"),
    (WageUnit.DAY.value, "按天"),
    (WageUnit.HOUR.value, "按小时"),
    (WageUnit.PIECE.value, "计件"),
)
SHIFTS: Final = (
    (Shift.DAY.value, "白班"),
    (Shift.ROTATING.value, "倒班"),
    (Shift.NIGHT.value, "夜班"),
    (Shift.FLEXIBLE.value, "时间自己定"),
)
PROFILES: Final = (
    (WorkProfile.LONG.value, "长期干"),
    (WorkProfile.SEASON.value, "干一季"),
    (WorkProfile.DAY.value, "日结"),
)
DEMANDS: Final = tuple((demand.value, demand.label) for demand in Demand)
INSURANCE: Final = tuple((kind.value, kind.label) for kind in Insurance)
SCHOOLING: Final = ((Education.NONE.value, "不限"), *((e.value, e.label) for e in list(Education)[1:]))
# The words of the services name their own fields; here they stand at the form's.
_AT: Final = {"wage": "low", "region_code": "region_code", "occupation": "title"}
_BETWEEN: Final = str.maketrans(dict.fromkeys("，,；;/ ", "、"))

Typed = dict[str, str]


def blank(firm: Employer) -> Typed:
    """An empty form: at the firm's own place, paid by the month, day shift."""
    typed = dict.fromkeys(FIELDS, "")
    usual = {"unit": WageUnit.MONTH.value, "shift": Shift.DAY.value, "profile": WorkProfile.LONG.value}
    return typed | usual | {"region_code": firm.region_code, "address": firm.address, "education": "none"}


def typed_of_job(job: JobPosting) -> Typed:
    """A stored posting as it would be typed, for changing it or sending it again."""
    care = [name for name, _words in CARE if getattr(job, name)]
    return {
        "title": job.title,
        "openings": str(job.openings),
        "low": _yuan(job.wage_min_fen),
        "high": _yuan(job.wage_max_fen),
        "unit": (job.wage_unit or WageUnit.MONTH).value,
        "estimate": _yuan(job.estimate_fen),
        "shift": job.shifts[0] if job.shifts else "",
        "profile": job.profile.value,
        "skills": "、".join(label_of(code) for code in job.skills),
        "certificates": "、".join(label_of(code) for code in job.certificates),
        "age_min": str(job.age_min or ""),
        "age_max": str(job.age_max or ""),
        "education": job.education.value,
        "region_code": job.region_code,
        "address": job.address,
        "starts_on": job.starts_on.isoformat() if job.starts_on else "",
        "valid_until": job.valid_until.isoformat(),
        "description": job.description,
        "care": " ".join(care),
        "demands": " ".join(job.demands),
        "insurance": " ".join(job.insurance),
    }


def typed_again(job: JobPosting) -> Typed:
    """照去年的再发一个: without the days that have passed."""
    return typed_of_job(job) | {"starts_on": "", "valid_until": ""}


def read_typed(sent: Sent, typed: Mapping[str, str]) -> Typed:
    """What was sent, laid over `typed` where a field was not part of the form."""
    found = dict(typed)
    for name in FIELDS:
        values = [value for value in sent.getlist(name) if isinstance(value, str)]
        if name in SEVERAL:
            found[name] = " ".join(" ".join(values).split())[:300]
        elif values:
            text = values[-1].strip()
            found[name] = text.replace("\r\n", "\n")[: LONGEST.get(name, 100)]
    return found


def read_job(typed: Mapping[str, str], employer_id: int) -> JobIn:
    """The posting the form speaks of. Raises Invalid (the form's fields named), ValidationError."""
    problems: list[FieldProblem] = []
    if not typed["title"]:
        problems.append(FieldProblem("title", "写上招啥人，比如缝纫工"))
    openings = _whole(typed, "openings", "写上要几个人，只写数", problems, required=True)
    low = _fen(typed, "low", problems)
    high = _fen(typed, "high", problems)
    estimate = _fen(typed, "estimate", problems) if typed["unit"] == WageUnit.PIECE else None
    if low is None and high is None and not any(p.field in ("low", "high") for p in problems):
        problems.append(FieldProblem("low", "写上工钱，说不准写个大概"))
    ages = {name: _whole(typed, name, "年龄只写数，比如 18", problems) for name in ("age_min", "age_max")}
    if problems:
        raise Invalid("有几处还要改一下。", fields=problems)
    unit = typed["unit"] or WageUnit.MONTH.value
    wage = {"min_fen": low, "max_fen": high, "unit": unit, "estimate_fen": estimate}
    values: dict[str, Any] = {
        **ages,
        "employer_id": employer_id,
        "openings": openings,
        "wage": wage,
        "shifts": [typed["shift"]] if typed["shift"] else [],
        **{name: name in typed["care"].split() for name, _words in CARE},
        **{name: typed[name].split() for name in ("demands", "insurance")},
        **{name: _words(typed[name]) for name in ("skills", "certificates")},
        **{name: typed[name] or None for name in ("starts_on", "valid_until")},
        **{name: typed[name] for name in ("title", "region_code", "address", "description")},
        "education": typed["education"] or Education.NONE.value,
        "profile": typed["profile"] or WorkProfile.LONG.value,
    }
    return JobIn.model_validate(values)


def at_form(problems: list[FieldProblem]) -> dict[str, str]:
    """The service's problems at the fields of the form."""
    return {_AT.get(name := p.field.split(".")[0], name): p.message for p in problems}


def _words(text: str) -> list[str]:
    return [word for part in text.translate(_BETWEEN).split("、") if (word := part.strip())]


def _whole(
    typed: Mapping[str, str], name: str, words: str, problems: list[FieldProblem], *, required: bool = False
) -> int | None:
    text = typed[name].removesuffix("人").removesuffix("个").removesuffix("岁").strip()
    if not text and not required:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        problems.append(FieldProblem(name, words))
        return None
    number = int(text)
    if name == "openings" and not 1 <= number <= rules.MOST_OPENINGS:
        problems.append(FieldProblem(name, f"人数要在 1 到 {rules.MOST_OPENINGS:,} 之间"))
    return number


def _fen(typed: Mapping[str, str], name: str, problems: list[FieldProblem]) -> int | None:
    if not typed[name].strip():
        return None
    amount = read_fen(typed[name])
    if amount is None or not 0 < amount <= rules.MOST_FEN:
        problems.append(FieldProblem(name, "钱数只写数，比如 3000"))
        return None
    return amount


def _yuan(fen: int | None) -> str:
    return rules.yuan(fen) if fen is not None else ""
