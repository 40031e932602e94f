"""单位导入: registers of employers that offices keep, and the firms that a list of vacancies names."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import Clock
from app.core.db import Database
from app.core.sheets.header import plain_heading
from app.core.sheets.importing import (
    ImportOptions,
    ImportSummary,
    Progress,
    RowOutcome,
    RowProblem,
    run_import,
)
from app.employers import queries, rules
from app.employers.models import Employer
from app.employers.places import read_place
from app.employers.schemas import EmployerIn
from app.employers.service import EmployerDraft, check_region, save_employers
from app.employers.terms import EmployerKind, EmployerState

_NAMES = {
    "name": "单位名称 企业名称 公司名称 单位 企业 公司 用人单位 用人单位名称 单位全称 车间名称"
    " 合作社名称 名称 厂名 employer company name",
    "kind": "单位类型 企业类型 主体类型 单位类别 单位性质 企业性质 类型 类别 kind",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 creditcode",
    "contact_name": "联系人 负责人 联系人姓名 法人 法定代表人 企业负责人 contact",
    "contact_phone": "联系电话 联系方式 电话 手机 手机号 手机号码 联系人电话 电话号码 phone",
    "region": "地区 所在地区 区域 所属区域 行政区划 所在地 region",
    "province": "省 省份",
    "city": "市 城市 地市 市州",
    "county": "县 区县 县区 县市区 所在县区",
    "town": "乡镇 镇 街道 乡镇街道 镇街 所在乡镇",
    "address": "地址 详细地址 单位地址 企业地址 公司地址 注册地址 经营地址 生产地址 住所 address",
}
_FIELDS = {plain_heading(word): field for field, words in _NAMES.items() for word in (field, *words.split())}

_KINDS: tuple[tuple[EmployerKind, str], ...] = (
    (EmployerKind.COMMUNITY_FACTORY, r"社区工厂"),
    (EmployerKind.WORKSHOP, r"(?:帮扶|扶贫|就业|卫星|巧手)车间"),
    (EmployerKind.FAMILY_FARM, r"家庭农场|种植户|养殖户"),
    (EmployerKind.COOPERATIVE, r"合作社|合作联社"),
    (
        EmployerKind.AGENCY,
        r"劳务派遣|劳务(?:服务|有限|公司|输出)|人力资源|人才(?:服务|市场|派遣)|职业介绍|中介",
    ),
    (EmployerKind.PUBLIC_WELFARE, r"公益(?:性)?岗|村(?:民)?委(?:员)?会|居委会|街道办|镇人民政府|乡人民政府"),
    (EmployerKind.PROJECT, r"项目部|建设项目|工程项目|指挥部|以工代赈"),
    (EmployerKind.PARK, r"园区企业"),
    (
        EmployerKind.INDIVIDUAL,
        r"个体|(?:饭|面|商|小吃|理发|服装|烟酒|药)店$|餐馆|超市$|门市|经营部|商行$|工作室$",
    ),
)
_LEGAL_FORM = re.compile(r"(?:公司|集团|厂|合作社|学校|医院|研究院|事务所)(?:.{0,12}分公司)?$")


def know_heading(label: str) -> str | None:
    """The field a heading of a register of employers stands for."""
    return _FIELDS.get(plain_heading(label))


@lru_cache(maxsize=4096)
def read_employer_kind(name: str, text: str = "") -> EmployerKind:
    """The kind that a column or the name tells; an enterprise where neither does."""
    for told in (text, name):
        for kind in EmployerKind:
            if told.strip() in (kind.value, kind.label):
                return kind
        for kind, words in _KINDS:
            if told and re.search(words, told):
                return kind
    return EmployerKind.ENTERPRISE


def read_employer(
    name: str,
    region_code: str,
    *,
    kind: str = "",
    address: str = "",
    credit_code: str = "",
    contact_name: str = "",
    contact_phone: str = "",
) -> tuple[EmployerIn, list[str]]:
    """A firm from the cells of a row, and remarks about what had to be left out. Raises RowProblem."""
    notes: list[str] = []
    if len(name.strip()) < 2 or not any(sign.isalpha() for sign in name):
        raise RowProblem("没写单位名称。" if not name.strip() else "单位名称不像是个名称，请填全称。")
    code = rules.clean_credit_code(credit_code)
    if code and not rules.is_credit_code(code):
        notes.append("统一社会信用代码不对，没有收")
        code = ""
    phone = contact_phone.strip()
    if phone and not (5 <= len(rules.phone_key(phone)) <= 15 and len(phone) <= 20):
        notes.append("联系电话不对，没有收")
        phone = ""
    try:
        employer = EmployerIn(
            name=name[:80],
            kind=read_employer_kind(name, kind),
            region_code=region_code,
            address=address[:200],
            credit_code=code or None,
            contact_name=contact_name[:40] or None,
            contact_phone=phone or None,
        )
    except ValidationError as error:
        raise RowProblem("单位的内容填得不对，请检查这一行。") from error
    return employer, notes


@dataclass(frozen=True)
class KnownFirm:
    """单位去向: under which id a firm of an import is known, and whether it may post."""

    id: int
    is_barred: bool
    name: str


def find_or_register(
    session: Session,
    firms: Sequence[EmployerIn],
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    verified: bool = True,
    office_code: str | None = None,
) -> list[KnownFirm]:
    """For each firm the one we know, else a new one. A legal name (…公司, …厂) is the same firm wherever it
    has work; a shop's name only within its county.
    """
    present = queries.list_employers_by_name(session, {rules.name_key(firm.name) for firm in firms})
    codes = [firm.credit_code for firm in firms if firm.credit_code]
    by_code = queries.find_employers_by_credit_codes(session, codes)
    found: dict[str, KnownFirm] = {}
    new: dict[str, EmployerIn] = {}
    for firm in firms:
        identity = _identity(firm)
        if identity in found or identity in new:
            continue
        known = by_code.get(firm.credit_code or "") or _same_firm(firm, present)
        if known is None:
            new[identity] = firm
        else:
            found[identity] = _known(known)
    if new:
        drafts = [EmployerDraft(firm, office_code=office_code) for firm in new.values()]
        saved = save_employers(session, drafts, clock, actor=actor, verified=verified)
        rows = queries.list_employers_by_id(session, set(saved.ids))
        found |= {key: _known(rows[row_id]) for key, row_id in zip(new, saved.ids, strict=True)}
    return [found[_identity(firm)] for firm in firms]


def _known(employer: Employer) -> KnownFirm:
    return KnownFirm(employer.id, employer.state is EmployerState.BARRED, employer.name)


def is_legal_name(name: str) -> bool:
    """Whether a name is a registered one, and so the same firm in every county."""
    return len(name) >= 6 and bool(_LEGAL_FORM.search(re.sub(r"[()（）\s]", "", name)))


def _identity(firm: EmployerIn) -> str:
    place = "" if is_legal_name(firm.name) else firm.region_code[:6]
    return firm.credit_code or f"{rules.name_key(firm.name)}\0{place}"


def _same_firm(firm: EmployerIn, present: Sequence[Employer]) -> Employer | None:
    """The known firm of that name nearest to the row's place."""
    name = rules.name_key(firm.name)
    same = [row for row in present if row.name_key == name and not (firm.credit_code and row.credit_code)]
    if not is_legal_name(firm.name):
        same = [row for row in same if row.region_code[:6] == firm.region_code[:6]]
    return max(
        same, key=lambda row: (_shared_digits(row.region_code, firm.region_code), -row.id), default=None
    )


def _shared_digits(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


class EmployerImporter:
    """单位导入: rows of a register of employers (see core.sheets.importing)."""

    def __init__(self, options: ImportOptions, clock: Clock, actor: Actor) -> None:
        self.notes: Counter[str] = Counter()
        self._options, self._clock, self._actor = options, clock, actor
        self._seen: set[str] = set()

    def know(self, label: str) -> str | None:
        return know_heading(label)

    def read(self, cells: Mapping[str, str], labels: Mapping[str, str]) -> EmployerIn:
        region = "".join(cells.get(f, "") for f in ("province", "city", "county", "town")) or cells.get(
            "region", ""
        )
        name = cells.get("name", "")
        place = read_place(region, cells.get("address", ""), name, self._options.region_code)
        if place.code is None:
            raise RowProblem(place.reason.replace("工作地点", "单位地址"))
        wanted = ("kind", "address", "credit_code", "contact_name", "contact_phone")
        employer, notes = read_employer(name, place.code, **{field: cells.get(field, "") for field in wanted})
        self.notes.update(notes)
        return employer

    def save(self, session: Session, items: Sequence[EmployerIn]) -> list[RowOutcome | RowProblem]:
        outcomes: dict[int, RowOutcome | RowProblem] = {}
        fresh: list[int] = []
        for index, item in enumerate(items):
            identity = _identity(item)
            if identity in self._seen:
                outcomes[index] = RowOutcome.UNCHANGED
            else:
                self._seen.add(identity)
                fresh.append(index)
        firms = [items[index] for index in fresh]
        present = queries.list_employers_by_name(session, {rules.name_key(firm.name) for firm in firms})
        codes = [firm.credit_code for firm in firms if firm.credit_code]
        by_code = queries.find_employers_by_credit_codes(session, codes)
        versions = {row.id: row.version for row in (*present, *by_code.values())}
        drafts: list[EmployerDraft] = []
        drawn: list[int] = []
        for index in fresh:
            firm = items[index]
            known = by_code.get(firm.credit_code or "") or _same_firm(firm, present)
            if known is not None and known.content_key is None:
                # Registered by the firm itself: a list does not overwrite what it wrote.
                outcomes[index] = RowOutcome.UNCHANGED
                continue
            key = known.content_key if known else None
            drafts.append(EmployerDraft(firm, content_key=key, office_code=self._options.region_code))
            drawn.append(index)
        saved = save_employers(
            session, drafts, self._clock, actor=self._actor, verified=not self._options.review
        )
        session.expire_all()
        after = queries.list_employers_by_id(session, set(saved.ids))
        for index, row_id in zip(drawn, saved.ids, strict=True):
            if row_id not in versions:
                outcomes[index] = RowOutcome.CREATED
            else:
                changed = after[row_id].version > versions[row_id]
                outcomes[index] = RowOutcome.UPDATED if changed else RowOutcome.UNCHANGED
        return [outcomes[index] for index in range(len(items))]


def import_employers(
    database: Database,
    path: Path,
    options: ImportOptions,
    clock: Clock,
    *,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> ImportSummary:
    """Take in a register of employers. New ones count as verified by the importing office unless
    `options.review`. Raises TableUnreadable, Invalid (unknown `region_code`).
    """
    if options.region_code:
        with database.read() as session:
            check_region(session, options.region_code)
    return run_import(database, path, EmployerImporter(options, clock, actor), options, progress)
