"""码的样子: a few posters of 柳树塬村, a fair's code, and how often they were scanned in two weeks."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.codes import queries, service
from app.codes.counting import add_scans
from app.codes.schemas import NewCode
from app.codes.signing import PrintedCode, numbered
from app.codes.terms import CodeKind
from app.core.clock import OFFICE_ZONE, Clock, FixedClock
from app.core.crypto import FieldCipher

_WALLS = (("村委会门口", "王桂兰"), ("村卫生室", "王桂兰"), ("小卖部", ""))
_DAYS = 14


def load_codes(session: Session, cipher: FieldCipher, clock: Clock, *, village_code: str) -> None:
    """Once only: whoever loads the demo again keeps what was recalled or written since."""
    if queries.list_codes(session, SYSTEM, limit=1)[0]:
        return
    today = clock.today()
    hung_at = datetime.combine(today - timedelta(days=_DAYS), time(10), OFFICE_ZONE)
    for spot, name in _WALLS:
        data = NewCode(kind=CodeKind.POSTER, region_code=village_code, spot=spot, hung_by=name)
        row = service.issue_code(session, SYSTEM, data, cipher=cipher, clock=FixedClock(hung_at))
        _scan(session, numbered(CodeKind.POSTER, row.id), village_code, clock, every=len(spot))
    fair = NewCode(
        kind=CodeKind.FAIR,
        region_code=village_code[:9],
        title="周五镇上招聘会",
        spot="镇政府广场",
        held_on=today + timedelta(days=5),
    )
    service.issue_code(session, SYSTEM, fair, cipher=cipher, clock=clock)
    _scan(session, PrintedCode(CodeKind.VILLAGE, village_code), village_code, clock, every=4)


def _scan(session: Session, code: PrintedCode, village_code: str, clock: Clock, *, every: int) -> None:
    """Invented numbers: more while the poster is new, a rest day now and then."""
    for ago in range(_DAYS):
        scans = (ago + every) % 7
        if scans:
            add_scans(session, code, village_code, clock.today() - timedelta(days=ago), scans)
