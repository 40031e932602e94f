"""场景读入: a scene's seeker and jobs to the profile and the row that the service would read.

Scenes are written by people: pay, age and place may be text, and one unknown code doesn't spoil a scene.
What could not be used is named in `ignored`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from app.core.errors import Invalid
from app.employers.terms import EmployerKind
from app.jobs.reading.age import read_age
from app.jobs.reading.wage import read_wage
from app.jobs.schemas import JobIn, WageIn
from app.jobs.values import read_values
from app.matching.reading.postings import PostingRow
from app.matching.schemas import SeekerProfile
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.reading import read_address

Model = TypeVar("Model", bound=BaseModel)

SCENE_FIELDS: Final = frozenset(
    {"key", "employer", "employer_kind", "valid_until_days", "filled", "applicants", "age", "region"}
)
"""Fields of a scene's job that `JobIn` doesn't have and that are read here."""
NOT_GIVEN: Final = frozenset({"", "无", "不管", "不包", "没有", "否", "none", "no", "false"})
MOST_REPAIRS: Final = 5


class BadScene(Invalid):
    """场景写错了: says which scene and which field, in plain Chinese."""

    code, title = "bad_scene", "这个场景看不懂，请对照说明改一改。"


def read_scene_seeker(fields: Mapping[str, Any], ignored: set[str]) -> SeekerProfile:
    """Return the profile of a scene's seeker; the home may be an address in words.

    Raises KeyError where there is no home, BadScene where it can't be read.
    """
    known: dict[str, Any] = {}
    for name, value in fields.items():
        if name in SeekerProfile.model_fields or name == "class":
            known[name] = value
        elif name not in ("address", "home"):
            ignored.add(f"seeker.{name}")
    for name in ("id", "household_id", "status"):
        known.pop(name, None)
    if known.get("region_code") is None:
        known["region_code"] = read_address(str(fields.get("address") or fields.get("home") or "")).code
    if known["region_code"] is None:
        raise KeyError("seeker.region_code")
    return _validate(SeekerProfile, known, "seeker", ignored)


def read_scene_job(
    job: Mapping[str, Any], number: int, home: str, today: date, ignored: set[str]
) -> PostingRow:
    """Return a scene's job, the `number`th, as a stored row. Raises KeyError and BadScene."""
    fields = {name: value for name, value in job.items() if name in JobIn.model_fields}
    unknown = [name for name in job if name not in JobIn.model_fields and name not in SCENE_FIELDS]
    ignored.update(f"job.{name}" for name in unknown)
    fields |= {"employer_id": number, "title": _title(job), "region_code": _region(job, home)}
    valid_until = fields.pop("valid_until", None)
    if isinstance(fields.get("occupation"), Mapping):
        fields["occupation"] = fields["occupation"].get("code") or fields["occupation"].get("name")
    if fields.get("wage") is not None:
        fields["wage"] = _wage(fields["wage"])
    if isinstance(job.get("age"), str):
        age = read_age(job["age"])
        fields |= {"age_min": age.min, "age_max": age.max}
    for name in ("board", "lodging", "transport"):
        if isinstance(fields.get(name), str):
            fields[name] = fields[name].strip().lower() not in NOT_GIVEN
    filled = _whole(job.get("filled") or 0, "filled")
    if fields.get("openings") == 0:
        # Nobody wanted is the same as full; stored postings always want at least one.
        fields["openings"] = filled = 1
    employer = job.get("employer")
    if not isinstance(employer, Mapping):
        employer = {"name": employer, "kind": job.get("employer_kind")}
    values = _read_columns(fields, str(employer.get("name") or ""), today, ignored)
    shared = {name: _plain(values[name]) for name in PostingRow._fields if name in values}
    shared["valid_until"] = _last_day(job.get("valid_until_days"), valid_until, today)
    return PostingRow(
        id=number,
        employer_kind=_employer_kind(employer.get("kind"), ignored),
        employer_verified=True,
        muted_until=None,
        answer_permille=None,
        median_answer_hours=None,
        filled=filled,
        confirmed_on=today,
        is_open=True,
        applicants=_whole(job.get("applicants") or 0, "applicants"),
        **shared,
    )


def _read_columns(
    fields: dict[str, Any], employer_name: str, today: date, ignored: set[str]
) -> dict[str, Any]:
    """The columns that the jobs service would store; a trade or bus stop nobody knows is left out."""
    data = _validate(JobIn, fields, "job", ignored)
    division = gazetteer.get_nearest(data.region_code)
    places = {data.region_code: Region(code=data.region_code, name=division.name, level=division.level)}
    try:
        return read_values(data, employer_name, places, today=today)
    except Invalid as error:
        doubtful = {problem.field for problem in error.fields} & {"occupation", "pickup"}
        if not doubtful:
            raise
        ignored.update(f"job.{name}" for name in doubtful)
        kept = {name: value for name, value in fields.items() if name not in doubtful}
        return _read_columns(kept, employer_name, today, ignored)


def _validate(model: type[Model], fields: dict[str, Any], where: str, ignored: set[str]) -> Model:
    """Validate, leaving out optional values that are no good. Raises BadScene where a needed one is bad."""
    kept = {name: value for name, value in fields.items() if value is not None}
    for _ in range(MOST_REPAIRS):
        try:
            return model.model_validate(kept)
        except ValidationError as error:
            for problem in error.errors():
                path = problem["loc"]
                name = str(path[0]) if path else ""
                if name not in kept or name in ("region_code", "title"):
                    raise BadScene(f"{where}.{name} 看不懂：{problem['msg']}") from None
                ignored.add(".".join([where, *(str(part) for part in path)]))
            kept = _without(kept, [problem["loc"] for problem in error.errors()])
    raise BadScene(f"{where} 看不懂。")


def _without(fields: dict[str, Any], paths: list[tuple[int | str, ...]]) -> dict[str, Any]:
    """The fields without the named values: one item of a list, or the whole field."""
    kept = dict(fields)
    for path in paths:
        name, value = str(path[0]), fields.get(str(path[0]))
        if len(path) > 1 and isinstance(value, list):
            bad = {place[1] for place in paths if place[0] == name and len(place) > 1}
            kept[name] = [item for index, item in enumerate(value) if index not in bad]
        else:
            kept.pop(name, None)
    return kept


def _title(job: Mapping[str, Any]) -> str:
    occupation = job.get("occupation")
    if isinstance(occupation, Mapping):
        occupation = occupation.get("name")
    title = str(job.get("title") or occupation or "")
    return title[:60] if len(title) > 1 else f"{title}岗位"


def _region(job: Mapping[str, Any], home: str) -> str:
    """The region's code, given as such, or read from its name or the address."""
    region = job.get("region")
    code = job.get("region_code") or (region.get("code") if isinstance(region, Mapping) else None)
    for text in (region, job.get("address")):
        if code is None and isinstance(text, str):
            code = text if text.isdigit() else read_address(text, home).code
    if code is None:
        raise KeyError("job.region_code")
    return str(code)


def _last_day(days: Any, last_day: Any, today: date) -> date:
    if days is not None:
        return today + timedelta(days=_whole(days, "valid_until_days"))
    if not last_day:
        return today + timedelta(days=30)
    try:
        return date.fromisoformat(str(last_day))
    except ValueError:
        raise BadScene("valid_until 要写成 2026-12-31 这样。") from None


def _whole(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise BadScene(f"{name} 要是一个整数。") from None


def _employer_kind(kind: Any, ignored: set[str]) -> str:
    if kind in tuple(EmployerKind):
        return str(kind)
    if kind:
        ignored.add("job.employer.kind")
    return EmployerKind.ENTERPRISE.value


def _wage(wage: Any) -> Any:
    """Pay as `JobIn` takes it, from text, from an object that has only text, or from figures."""
    text = wage.get("text") if isinstance(wage, Mapping) else wage
    figures = dict(wage) if isinstance(wage, Mapping) else {}
    if isinstance(text, str) and figures.get("min_fen") is None and figures.get("max_fen") is None:
        reading = read_wage(text)
        figures |= {"min_fen": reading.min_fen, "max_fen": reading.max_fen, "unit": reading.unit}
        figures["negotiable"] = reading.negotiable
    return {
        name: value for name, value in figures.items() if name in WageIn.model_fields and value is not None
    }


def _plain(value: Any) -> Any:
    """A column's value as a row holds it: lists as tuples."""
    return tuple(value) if isinstance(value, list) else value
