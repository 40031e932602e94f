"""码的查询: what a scanned text stands for, and what colleagues see of codes, recalls and scans."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Resource
from app.accounts.permissions import reading_prefixes
from app.codes.errors import CodeNotFound
from app.codes.models import CodeRecall, CodeScan, IssuedCode
from app.codes.signing import PrintedCode, numbered, read_code
from app.codes.terms import ISSUED_KINDS, CodeKind, RecallScope
from app.core.clock import office_day
from app.core.pagination import SortKey, paginate

_WIDTHS = (6, 9, 12)


@dataclass(frozen=True)
class FoundCode:
    """读出的码: what a text that we signed stands for today. `row` of the kinds that have one; `region_code`
    the place it is about, None where only the employer or posting knows."""

    code: PrintedCode
    row: IssuedCode | None = None
    region_code: str | None = None
    recall: CodeRecall | None = None
    over_since: date | None = None

    @property
    def counted_as(self) -> PrintedCode:
        """Under which code a scan is counted: a letter's under its campaign, so that nobody is followed."""
        if self.row is not None and self.row.campaign_id is not None:
            return numbered(CodeKind.CAMPAIGN, self.row.campaign_id)
        return self.code


def open_code(session: Session, keys: Sequence[str], text: str, today: date) -> FoundCode | None:
    """What a scanned text stands for; None when we never signed it, or know nothing of its row."""
    code = read_code(keys, text)
    if code is None:
        return None
    row = session.get(IssuedCode, code.number) if code.kind in ISSUED_KINDS else None
    if code.kind in ISSUED_KINDS and (row is None or row.kind is not code.kind):
        return None
    region_code = row.region_code if row is not None else code.region_code
    return FoundCode(
        code,
        row,
        region_code,
        _find_recall(session, code, row, region_code),
        _over_since(row, today),
    )


def _over_since(row: IssuedCode | None, today: date) -> date | None:
    if row is None or row.valid_until is None or row.valid_until >= today:
        return None
    return row.valid_until


def _find_recall(
    session: Session, code: PrintedCode, row: IssuedCode | None, region_code: str | None
) -> CodeRecall | None:
    """The recall in force for a code; of a letter, its campaign's counts too."""
    codes = [code]
    if row is not None and row.campaign_id is not None:
        codes.append(numbered(CodeKind.CAMPAIGN, row.campaign_id))
    ways: list[ColumnElement[bool]] = [
        and_(CodeRecall.kind == each.kind, CodeRecall.digits == each.digits) for each in codes
    ]
    if row is not None and row.kind is CodeKind.POSTER and region_code is not None:
        around = [region_code[:width] for width in _WIDTHS if width <= len(region_code)]
        ways.append(
            and_(
                CodeRecall.scope == RecallScope.POSTERS,
                CodeRecall.region_code.in_(around),
                CodeRecall.recalled_at >= row.created_at,
            )
        )
    return session.scalar(
        select(CodeRecall)
        .where(CodeRecall.lifted_at.is_(None), or_(*ways))
        .order_by(CodeRecall.id.desc())
        .limit(1)
    )


def visible_codes(actor: Actor) -> Select[IssuedCode]:
    """Issued codes of places whose codes `actor` may see, letters left out: they are about persons."""
    return select(IssuedCode).where(
        IssuedCode.kind != CodeKind.LETTER, _in_reach(actor, IssuedCode.region_code)
    )


def may_look(actor: Actor) -> bool:
    """Whether `actor` sees codes of any place."""
    return bool(reading_prefixes(actor, Resource.PRINTED_CODE))


def _in_reach(actor: Actor, column: Any) -> ColumnElement[bool]:
    prefixes = reading_prefixes(actor, Resource.PRINTED_CODE)
    return or_(*(column.startswith(prefix, autoescape=True) for prefix in prefixes), false())


def list_codes(
    session: Session, actor: Actor, *, limit: int, cursor: str | None = None
) -> tuple[list[IssuedCode], str | None]:
    """One page of the codes `actor` may see, newest first."""
    by_id = SortKey(IssuedCode.__table__.c.id, descending=True)
    return paginate(
        session,
        visible_codes(actor),
        [by_id],
        limit=limit,
        cursor=cursor,
        sort_values=lambda row: (row.id,),
        parse=(int,),
    )


def get_code(session: Session, actor: Actor, kind: CodeKind, number: int) -> IssuedCode:
    """One issued code. Raises CodeNotFound."""
    row = session.scalar(visible_codes(actor).where(IssuedCode.id == number, IssuedCode.kind == kind))
    if row is None:
        raise CodeNotFound
    return row


def list_recalls(session: Session, actor: Actor) -> Sequence[CodeRecall]:
    """Recalls in force that `actor` may see, newest first."""
    return session.scalars(
        select(CodeRecall)
        .where(CodeRecall.lifted_at.is_(None), _in_reach(actor, CodeRecall.region_code))
        .order_by(CodeRecall.id.desc())
    ).all()


def find_recall(session: Session, code: PrintedCode) -> CodeRecall | None:
    """The recall in force of this one code."""
    return session.scalar(
        select(CodeRecall).where(
            CodeRecall.lifted_at.is_(None), CodeRecall.kind == code.kind, CodeRecall.digits == code.digits
        )
    )


def is_village_recalled(session: Session, region_code: str) -> bool:
    """Whether the code of this village is called back: nothing new is printed with it."""
    return find_recall(session, PrintedCode(CodeKind.VILLAGE, region_code)) is not None


def count_scans(session: Session, codes: Collection[PrintedCode], since: date) -> dict[PrintedCode, int]:
    """How often each of `codes` was scanned since a day, that day included. Codes nobody scanned are absent.
    For codes the caller may see."""
    if not codes:
        return {}
    pairs = [(code.kind, code.digits) for code in codes]
    rows = session.execute(
        select(CodeScan.kind, CodeScan.digits, func.sum(CodeScan.scans))
        .where(tuple_(CodeScan.kind, CodeScan.digits).in_(pairs), CodeScan.scanned_on >= since)
        .group_by(CodeScan.kind, CodeScan.digits)
    )
    return {PrintedCode(kind, digits): int(count) for kind, digits, count in rows}


@dataclass(frozen=True)
class ScannedCode:
    """扫得多的码."""

    code: PrintedCode
    region_code: str
    scans: int


def list_scanned(
    session: Session, actor: Actor, since: date, *, kinds: Collection[CodeKind], limit: int
) -> list[ScannedCode]:
    """The codes of some kinds that were scanned most since a day, in places `actor` may see."""
    total = func.sum(CodeScan.scans)
    rows = session.execute(
        select(CodeScan.kind, CodeScan.digits, func.max(CodeScan.region_code), total)
        .where(
            CodeScan.scanned_on >= since,
            CodeScan.kind.in_(list(kinds)),
            _in_reach(actor, CodeScan.region_code),
        )
        .group_by(CodeScan.kind, CodeScan.digits)
        .order_by(total.desc(), CodeScan.digits)
        .limit(limit)
    )
    return [ScannedCode(PrintedCode(kind, digits), place, int(count)) for kind, digits, place, count in rows]


def find_scanned_place(session: Session, actor: Actor, code: PrintedCode) -> str | None:
    """The place under which a code without a row was scanned last, if `actor` may see it."""
    return session.scalar(
        select(CodeScan.region_code)
        .where(
            CodeScan.kind == code.kind, CodeScan.digits == code.digits, _in_reach(actor, CodeScan.region_code)
        )
        .order_by(CodeScan.scanned_on.desc())
        .limit(1)
    )


def count_by_day(
    session: Session, actor: Actor, today: date, days: int, code: PrintedCode | None = None
) -> Mapping[date, int]:
    """Scans of each of the last `days` days (today the last), of one code or of all in places `actor` may
    see. Every day is there."""
    first = today - timedelta(days=days - 1)
    asked = select(CodeScan.scanned_on, func.sum(CodeScan.scans)).where(
        CodeScan.scanned_on >= first, _in_reach(actor, CodeScan.region_code)
    )
    if code is not None:
        asked = asked.where(CodeScan.kind == code.kind, CodeScan.digits == code.digits)
    found = {day: int(count) for day, count in session.execute(asked.group_by(CodeScan.scanned_on))}
    return {day: found.get(day, 0) for day in (first + timedelta(days=n) for n in range(days))}


def recalled_on(recall: CodeRecall) -> date:
    """The day in Beijing on which it was called back."""
    return office_day(recall.recalled_at)
