"""用人单位接口 (CONTRACT, /employers)."""

from fastapi import APIRouter, Response

from app.accounts.dependencies import CurrentActor, CurrentCipher, SignedInActor
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.employers import policies, queries, service
from app.employers.dependencies import IfMatch, etag
from app.employers.models import Employer
from app.employers.schemas import EmployerActionIn, EmployerIn, EmployerOut

router = APIRouter(prefix="/employers", tags=["employers"], route_class=Route)


@router.post("", status_code=201)
def register_employer(
    data: EmployerIn,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    cipher: CurrentCipher,
    response: Response,
) -> EmployerOut:
    """登记一家单位，等着核验。"""
    employer = service.register_employer(session, actor, data, clock, cipher=cipher)
    response.headers["Location"] = f"/api/v1/employers/{employer.id}"
    response.headers["ETag"] = etag(employer.version)
    return EmployerOut.shown(employer, cipher)


@router.get("/{employer_id}")
def show_employer(
    employer_id: int, session: ReadSession, actor: CurrentActor, cipher: CurrentCipher, response: Response
) -> EmployerOut:
    """看一家单位；核验过的谁都能看，电话只给管得着的人。"""
    return _shown(queries.get_visible_employer(session, actor, employer_id), actor, cipher, response)


@router.post("/{employer_id}/actions")
def act_on_employer(
    employer_id: int,
    data: EmployerActionIn,
    session: WriteSession,
    actor: SignedInActor,
    clock: CurrentClock,
    cipher: CurrentCipher,
    if_match: IfMatch,
    response: Response,
) -> EmployerOut:
    """核验、退回、禁止、解除。"""
    employer = service.act_on_employer(
        session,
        actor,
        employer_id,
        data.action,
        clock,
        reason=data.reason or "",
        version=if_match,
        cipher=cipher,
    )
    return _shown(employer, actor, cipher, response)


def _shown(employer: Employer, actor: CurrentActor, cipher: CurrentCipher, response: Response) -> EmployerOut:
    response.headers["ETag"] = etag(employer.version)
    return EmployerOut.shown(employer, cipher if policies.may_see_contact(actor, employer) else None)
