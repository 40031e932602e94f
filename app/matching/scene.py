"""匹配场景: small made-up situations, ranked through the service's own readers and rules, with no database.

For `songgang match scene FILE` and for the hand-graded scenes in tests/matching/scenes. Scenes are
written by people, so pay, age and place may be given as text, and fields nobody knows are reported,
not refused.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from pydantic import ValidationError

from app.employers.terms import EmployerKind
from app.jobs.reading.age import read_age
from app.jobs.reading.wage import read_wage
from app.jobs.schemas import JobIn, WageIn
from app.jobs.values import read_values
from app.matching.facts import MatchContext, PostingFacts, Vocabulary
from app.matching.people import read_person
from app.matching.postings import PostingRow, read_posting
from app.matching.reference import rank_postings
from app.matching.schemas import SeekerProfile
from app.matching.words import OCCUPATION_WORDS
from app.regions import gazetteer
from app.regions.models import Region
from app.regions.reading import read_address

SCENE_FIELDS: Final = frozenset(
    {"key", "employer", "valid_until_days", "filled", "age", "region", "employer_kind"}
)
"""Fields of a scene's job that `JobIn` doesn't have and that are read here."""


class BadScene(ValueError):
    """场景写错了: says which scene and which field, in plain Chinese."""


def rank_scene(scene: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Rank one scene: `{"id", "seeker", "jobs"}` to `{"id", "ranked", "excluded", "ignored"}`.

    Employers count as verified, postings as open, vetting is left aside. `ignored` lists fields that
    no reader knows. Raises BadScene.
    """
    identity = scene.get("id")
    ignored: set[str] = set()
    try:
        profile = read_seeker(scene["seeker"], ignored)
        home = profile.region_code
        keys: list[str] = []
        postings: list[PostingFacts] = []
        for number, job in enumerate(scene["jobs"], start=1):
            keys.append(str(job["key"]))
            postings.append(read_posting(read_scene_job(job, number, home, today, ignored), today))
        person = read_person(profile, today).facts
    except KeyError as error:
        raise BadScene(f"场景 {identity} 少了 {error.args[0]} 这一项。") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadScene(f"场景 {identity} 的 {place} 看不懂：{first['msg']}") from None
    context = MatchContext(today.toordinal(), Vocabulary.from_postings(postings), OCCUPATION_WORDS)
    ranking = rank_postings(person, postings, context)
    return {
        "id": identity,
        "ranked": [
            {
                "key": keys[match.id - 1],
                "score": round(match.score, 2),
                "reasons": [reason.text for reason in match.reasons],
                "gaps": [gap.text for gap in match.gaps],
                "verdict": match.verdict.value,
            }
            for match in ranking.matches
        ],
        "excluded": {keys[number - 1]: gate.value for number, gate in ranking.excluded_by_id.items()},
        "ignored": sorted(ignored),
        "formula": ranking.formula,
    }


def read_seeker(fields: Mapping[str, Any], ignored: set[str]) -> SeekerProfile:
    """Return the profile of a scene's seeker; the home may be an address in words. Raises ValidationError."""
    known: dict[str, Any] = {}
    for name, value in fields.items():
        if name in SeekerProfile.model_fields or name == "class":
            known[name] = value
        elif name not in ("address", "home"):
            ignored.add(f"seeker.{name}")
    for name in ("id", "household_id"):
        known.pop(name, None)
    address = fields.get("address") or fields.get("home")
    if address:
        known["region_code"] = _narrow(known.get("region_code"), str(address), None)
    return SeekerProfile.model_validate({name: value for name, value in known.items() if value is not None})


def read_scene_job(
    job: Mapping[str, Any], number: int, home: str, today: date, ignored: set[str]
) -> PostingRow:
    """Return a scene's job as the row the service would read. Raises KeyError and ValidationError."""
    employer = job.get("employer") or {"kind": job.get("employer_kind")}
    fields = {name: value for name, value in job.items() if name in JobIn.model_fields and value is not None}
    ignored.update(
        f"job.{name}" for name in job if name not in JobIn.model_fields and name not in SCENE_FIELDS
    )
    fields["employer_id"] = number
    fields["title"] = _title(job)
    fields["region_code"] = _place(job, home)
    fields.pop("valid_until", None)
    if isinstance(fields.get("occupation"), Mapping):
        fields["occupation"] = fields["occupation"].get("code") or fields["occupation"].get("name")
    if "wage" in fields:
        fields["wage"] = _wage(fields["wage"])
    if isinstance(job.get("age"), str):
        age = read_age(job["age"])
        fields |= {"age_min": age.min, "age_max": age.max}
    for name in ("board", "lodging", "transport"):
        if isinstance(fields.get(name), str):
            fields[name] = fields[name] not in ("", "无", "不管", "不包", "没有", "none", "no")
    data = JobIn.model_validate(fields)
    place = gazetteer.get_nearest(data.region_code)
    places = {data.region_code: Region(code=data.region_code, name=place.name, level=place.level)}
    values = read_values(data, str(employer.get("name") or ""), places, today=today)
    days = job.get("valid_until_days")
    return PostingRow(
        id=number,
        employer_kind=EmployerKind(employer.get("kind") or "enterprise").value,
        employer_verified=True,
        muted_until=None,
        answer_permille=None,
        median_answer_hours=None,
        filled=int(job.get("filled") or 0),
        valid_until=today + timedelta(days=30 if days is None else int(days)),
        confirmed_on=today,
        is_open=True,
        **{
            name: _plain(values[name])
            for name in PostingRow._fields
            if name in values and name != "valid_until"
        },
    )


def _title(job: Mapping[str, Any]) -> str:
    occupation = job.get("occupation")
    if isinstance(occupation, Mapping):
        occupation = occupation.get("name")
    return str(job.get("title") or occupation or "岗位")


def _place(job: Mapping[str, Any], home: str) -> str:
    """The region's code, narrowed by the address where this lies inside it."""
    region = job.get("region")
    code = job.get("region_code")
    if code is None and isinstance(region, Mapping):
        code = region.get("code")
    if code is None and isinstance(region, str):
        code = region if region.isdigit() else read_address(region, home).code
    return _narrow(code, str(job.get("address") or ""), home)


def _narrow(code: str | None, address: str, home: str | None) -> str:
    read = read_address(address, code or home).code if address else None
    if code is None:
        if read is None:
            raise KeyError("region_code")
        return read
    inside = read is not None and len(read) > len(code) and read.startswith(code)
    return read if inside and read is not None else code


def _wage(wage: Any) -> dict[str, Any]:
    """Pay given as text, as an object with `text` only, or as figures."""
    text = wage if isinstance(wage, str) else (wage.get("text") if isinstance(wage, Mapping) else None)
    figures = (
        {name: value for name, value in wage.items() if name in WageIn.model_fields}
        if isinstance(wage, Mapping)
        else {}
    )
    if (
        text
        and figures.get("min_fen") is None
        and figures.get("max_fen") is None
        and "estimate_fen" not in figures
    ):
        reading = read_wage(text)
        figures = {
            "min_fen": reading.min_fen,
            "max_fen": reading.max_fen,
            "unit": reading.unit,
            "negotiable": reading.negotiable,
        }
    return {name: value for name, value in figures.items() if value is not None}


def _plain(value: Any) -> Any:
    """A column's value as a row holds it: lists as tuples, terms as their codes."""
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return value
