"""群发的表: what each kind of campaign asks for, whom it can be for, and what was typed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.jobs.models import JobPosting
from app.jobs.rules import wage_words
from app.notifications.wording import PARAMETER_MAX, get_template
from app.referrals.mailing.audience import AudienceFilters
from app.referrals.messages import short_name
from app.regions import gazetteer
from app.regions.terms import Reach
from app.seekers.terms import HouseholdKind, LabourClass, SeekerStatus
from app.web.staff.fields import Field, Group, Sent

POSTING: Final = "posting_news"
_PHONE: Final = Field("phone", "问谁，电话", hint="收到的人打这个号码问", required=True)


@dataclass(frozen=True)
class Kind:
    """群发的一种: `code` is its template's; the fields fill the text, but for name and link."""

    code: str
    title: str
    line: str
    fields: tuple[Field, ...]
    # Who is ticked at first.
    statuses: tuple[SeekerStatus, ...] = ()
    # Which of the typed words name the campaign for colleagues.
    named_by: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(
            POSTING,
            "推一个岗位",
            "先在“推岗位”里挑一个岗位，再点“群发”",
            (_PHONE,),
            (SeekerStatus.SEEKING,),
        ),
        Kind(
            "job_news",
            "有新活了",
            "几个活一起说，想去的打电话或点开看",
            (
                Field("place", "哪儿有活", hint="比如：小丘镇", required=True),
                Field("jobs", "有什么活", hint="比如：缝纫工、包装工、保洁", required=True),
                _PHONE,
            ),
            (SeekerStatus.SEEKING,),
            "jobs",
        ),
        Kind(
            "job_fair",
            "招聘会",
            "哪天、在哪儿、来几家单位",
            (
                Field("when", "哪天几点", hint="比如：11 月 28 日上午 9 点", required=True),
                Field("place", "在哪儿", hint="比如：镇政府院里", required=True),
                Field("firms", "来几家单位", "number", hint="填数字", required=True),
                _PHONE,
            ),
            (SeekerStatus.SEEKING,),
            "when",
        ),
        Kind(
            "policy_news",
            "政策能办了",
            "比如外出务工交通补贴开始申请",
            (
                Field("policy", "什么政策", hint="比如：外出务工交通补贴", required=True),
                Field("until", "哪天前办", hint="比如：12 月 20 日", required=True),
                _PHONE,
            ),
            named_by="policy",
        ),
        Kind(
            "notice_news",
            "通知",
            "请大家来办一件事：培训报名、填表、体检",
            (
                Field("what", "什么事", hint="比如：免费电工培训报名", required=True),
                Field("when", "哪天几点", hint="比如：11 月 28 日上午", required=True),
                Field("place", "在哪儿", hint="比如：村委会", required=True),
                _PHONE,
            ),
            named_by="what",
        ),
    )
}


def text_group(kind: Kind, values: Mapping[str, str]) -> Group:
    """What the text says."""
    fields = tuple(replace(field, values=(values.get(field.name, ""),)) for field in kind.fields)
    return Group("说什么", fields)


def people_groups(places: Sequence[tuple[str, str]], filters: AudienceFilters) -> tuple[Group, ...]:
    """Whom it is for; nothing ticked in a group asks for nothing."""
    place = Field("region", "哪里的人", "select", options=tuple(places), values=(filters.region_code,))
    reach = Field(
        "reach",
        "愿意走多远",
        "select",
        options=(("", "不管"), *((each.value, f"至少{each.label}") for each in Reach)),
        values=(filters.reach.value if filters.reach else "",),
    )
    skills = Field(
        "skills", "会什么", hint="比如：缝纫、电工；有一样就算", values=("、".join(filters.skills),)
    )
    return (
        Group("发给谁", (place, reach, skills)),
        Group(
            "只发给这样的人（不勾就是都发）",
            (
                _checks("statuses", "眼下怎么样", SeekerStatus, filters.statuses),
                _checks("kinds", "什么户", HouseholdKind, filters.kinds),
                _checks("classes", "劳力", LabourClass, filters.classes),
            ),
        ),
    )


def _checks(
    name: str,
    label: str,
    terms: type[SeekerStatus] | type[HouseholdKind] | type[LabourClass],
    chosen: Sequence[SeekerStatus | HouseholdKind | LabourClass],
) -> Field:
    return Field(
        name,
        label,
        "checks",
        options=tuple((term.value, term.label) for term in terms),
        values=tuple(term.value for term in chosen),
        wide=True,
    )


def filters_in(form: Sent, places: Mapping[str, str], first: str) -> AudienceFilters:
    """Whom the form asks for; a place that is not the sender's own becomes `first`."""
    region = _one(form, "region")
    reach = _one(form, "reach")
    said = _one(form, "skills").translate(str.maketrans("，,;；／/ ", "、、、、、、、"))
    skills = tuple(word[:20] for word in said.split("、") if word.strip())[:10]
    return AudienceFilters(
        region_code=region if region in places else first,
        statuses=tuple(t for t in SeekerStatus if t.value in form.getlist("statuses")),
        kinds=tuple(t for t in HouseholdKind if t.value in form.getlist("kinds")),
        classes=tuple(t for t in LabourClass if t.value in form.getlist("classes")),
        skills=skills,
        reach=next((each for each in Reach if each.value == reach), None),
    )


def typed_in(kind: Kind, form: Sent) -> dict[str, str]:
    """The words of the text, as typed, on one line."""
    return {field.name: " ".join(_one(form, field.name).split()) for field in kind.fields}


def problems_in(kind: Kind, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the typed words, by field."""
    found: dict[str, str] = {}
    for field in kind.fields:
        words = typed[field.name]
        if not words:
            found[field.name] = "这一项要填"
        elif len(words) > PARAMETER_MAX:
            found[field.name] = f"最多 {PARAMETER_MAX} 个字，现在 {len(words)} 个"
        elif field.name == "phone" and sum(letter.isdigit() for letter in words) < 5:
            found[field.name] = "填一个能打通的电话"
        elif field.name == "firms" and not words.isdigit():
            found[field.name] = "填数字，比如 12"
    return found


def words_of_posting(job: JobPosting) -> dict[str, str]:
    """What a text about a posting says of it (employer loaded)."""
    town = gazetteer.find_nearest(job.region_code)
    return {
        "firm": short_name(job.employer.name),
        "job": short_name(job.title),
        "wage": wage_words(
            job.wage_min_fen, job.wage_max_fen, job.wage_unit, negotiable=job.wage_negotiable
        ).replace(" ", ""),
        "where": f"在{town.name}" if town else "地方问一下",
    }


def title_of(kind: Kind, words: Mapping[str, str]) -> str:
    """How colleagues know the campaign in a list."""
    if kind.code == POSTING:
        return f"{words['firm']}招{words['job']}"
    if kind.code == "job_fair":
        return f"{words['when']}招聘会"
    return words.get(kind.named_by) or kind.title


def only_asked_for(kind: Kind, words: Mapping[str, str]) -> dict[str, str]:
    """The words the text has room for, but for the name."""
    return {slot: words[slot] for slot in get_template(kind.code).slots if slot != "name"}


def _one(form: Sent, name: str) -> str:
    values = form.getlist(name)
    return str(values[0])[:200] if values else ""
