"""导出认定登记: the register with its head-counts as a workbook; what may not be told stays out."""

import io
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.errors import Forbidden
from app.core.sheets import write_xlsx
from app.core.sheets.writing import Cell
from app.jobs.rules import yuan
from app.recognised_places import policies, queries
from app.recognised_places.models import RecognisedPlace
from app.recognised_places.rules import HOUSEHOLDS, Figures
from app.recognised_places.support_kinds import support_name
from app.regions import gazetteer
from app.seekers.terms import LabourClass

COLUMNS: Final = (
    *("编号", "名称", "种类", "级别", "所在地", "做什么", "认定日期", "认定单位", "年审到期", "总部"),
    "在岗人数（核实过的）",
    *(each.label for each in LabourClass),
    *(each.label for each in HOUSEHOLDS),
    *("月平均工资（元）", "工资核实人数", "所得扶持"),
)
_TOO_FEW: Final = "太少，不给数"


def export_register(session: Session, actor: Actor, region_code: str | None) -> bytes:
    """The register of the actor's area as .xlsx. Raises Forbidden, UnknownRegion."""
    if not policies.may_export(actor):
        raise Forbidden("您的账号不能把登记表导出来。")
    places = queries.list_places(session, actor, region_code=region_code, limit=10_000)
    figures = queries.count_workers(session, [place.employer_id for place in places])
    names = {place.id: place.employer.name for place in places}
    supports: dict[int, list[str]] = {}
    for support in queries.list_supports(session, list(names)):
        supports.setdefault(support.place_id, []).append(support_name(support.kind_code))
    target = io.BytesIO()
    told = ((place, policies.told(actor, place, figures[place.employer_id])) for place in places)
    rows = (_row(place, numbers, names, supports.get(place.id, [])) for place, numbers in told)
    write_xlsx(target, COLUMNS, rows)
    return target.getvalue()


def _row(place: RecognisedPlace, figures: Figures, names: dict[int, str], supports: list[str]) -> list[Cell]:
    head = place.headquarters_id
    return [
        place.id,
        place.employer.name,
        place.kind.label,
        place.level.label,
        gazetteer.path_name(gazetteer.get_nearest(place.region_code).code),
        place.makes,
        place.recognised_on,
        place.recognised_by,
        place.review_due_on,
        names.get(head, str(head)) if head is not None else "",
        _told(figures.workers),
        *(_told(figures.classes.get(each, 0)) for each in LabourClass),
        *(_told(figures.households.get(each, 0)) for each in HOUSEHOLDS),
        yuan(figures.average_fen) if figures.average_fen is not None else "",
        figures.paid if figures.average_fen is not None else "",
        "、".join(dict.fromkeys(supports)),
    ]


def _told(number: int | None) -> Cell:
    return _TOO_FEW if number is None else number
