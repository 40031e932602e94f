"""交材料与看材料: a firm's papers come in, are accepted or sent back by the office, and are opened by few."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.errors import FieldProblem, Forbidden, Invalid, TooMany
from app.core.ratelimit import Limit
from app.employers import queries as employer_queries
from app.employers.models import Employer
from app.employers.papers import policies, queries, rules
from app.employers.papers.errors import PaperDecided, PaperExpired, PaperNotFound
from app.employers.papers.models import EmployerPaper, PaperPicture
from app.employers.papers.pictures import Picture
from app.employers.papers.terms import PaperKind, PaperState

# Ours: papers are few, and pictures are what fills a disk.
_PER_DAY: Final = (Limit(20, timedelta(days=1)),)
_OPEN: Final = (PaperState.WAITING, PaperState.SENT_BACK)


@dataclass(frozen=True)
class PaperIn:
    """交来的材料: what is said about a picture; a village proof tells who vouched, and when."""

    kind: PaperKind
    expires_on: date | None = None
    vouched_by: str = ""
    vouched_on: date | None = None


def send_paper(
    session: Session,
    actor: Actor,
    employer: Employer,
    data: PaperIn,
    picture: Picture,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> EmployerPaper:
    """Takes in one paper; it waits for the office's look, and takes the place of one not accepted yet.

    Raises Forbidden, Invalid (a wrong date, nobody named who vouches), TooMany.
    """
    permission = policies.may_send_paper(actor, employer)
    if permission is None:
        raise Forbidden("只有单位自己的人，或者管这里的镇、县人社工作人员能交材料。")
    _check(data, clock.today())
    wait_s = ratelimit.hit(session, f"paper:{employer.id}", _PER_DAY, clock.now())
    if wait_s:
        raise TooMany("今天交得太多了，明天再交。着急就带上原件去镇劳保所。", retry_after_s=wait_s)
    if data.kind is not PaperKind.MANDATE:
        for earlier in queries.list_same(session, employer.id, data.kind, _OPEN):
            _put_away(session, earlier)
    paper = keep_paper(session, actor, employer.id, data, picture, cipher=cipher, clock=clock)
    _audit(session, cipher, clock, actor, Action.CREATE, employer, paper, permission)
    return paper


def keep_paper(
    session: Session,
    actor: Actor,
    employer_id: int,
    data: PaperIn,
    picture: Picture,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> EmployerPaper:
    """Stores a paper whose right was asked for already."""
    paper = EmployerPaper(
        employer_id=employer_id,
        kind=data.kind,
        state=PaperState.WAITING,
        expires_on=data.expires_on,
        vouched_by=data.vouched_by,
        vouched_on=data.vouched_on,
        picture_bytes=len(picture.content),
        uploaded_by_id=actor.user_id,
        uploaded_at=clock.now(),
        version=1,
    )
    session.add(paper)
    session.flush()
    key = secrets.token_hex(32)
    session.add(
        PaperPicture(
            id=paper.id,
            picture_key=cipher.seal(key, Place("paper_pictures", "picture_key", paper.id)),
            content=FieldCipher(key).seal_block(picture.content, _block(paper.id)),
        )
    )
    session.flush()
    return paper


def decide_paper(
    session: Session,
    actor: Actor,
    paper_id: int,
    *,
    accepted: bool,
    reason: str = "",
    cipher: FieldCipher,
    clock: Clock,
) -> EmployerPaper:
    """The office has looked: the paper is good, or goes back with a reason the firm reads. An accepted one
    replaces the one before it.

    Raises PaperNotFound, Forbidden (whoever sent it in, the firm's own), PaperDecided, Invalid (no reason).
    """
    paper, employer = _visible(session, actor, paper_id)
    permission = policies.may_decide_paper(actor, employer, paper)
    if permission is None:
        raise Forbidden("材料要由管这个单位的镇、县人社部门来看；自己交的，要请另一位同事看。")
    if not accepted and not reason:
        raise Invalid("请写清楚哪里不对。", fields=[FieldProblem("reason", "写清楚哪里不对，单位看得到")])
    target = PaperState.ACCEPTED if accepted else PaperState.SENT_BACK
    if accepted:
        for earlier in queries.list_same(session, employer.id, paper.kind, (PaperState.ACCEPTED,)):
            if paper.kind is not PaperKind.MANDATE:
                _put_away(session, earlier)
    moved = session.scalar(
        update(EmployerPaper)
        .where(EmployerPaper.id == paper.id, EmployerPaper.state == PaperState.WAITING)
        .values(
            state=target,
            reason="" if accepted else reason,
            decided_by_id=actor.user_id,
            decided_at=clock.now(),
            version=EmployerPaper.version + 1,
        )
        .returning(EmployerPaper.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise PaperDecided
    session.refresh(paper)
    _audit(session, cipher, clock, actor, Action.DECIDE, employer, paper, permission)
    return paper


def open_picture(
    session: Session, actor: Actor, paper_id: int, *, cipher: FieldCipher, clock: Clock
) -> bytes:
    """The JPEG, for the firm's own people and the office; written down. Raises PaperNotFound for all others,
    Unsealable."""
    paper, employer = _visible(session, actor, paper_id)
    permission = policies.may_read_paper(actor, employer)
    picture = queries.find_picture(session, paper.id)
    if permission is None or picture is None:
        raise PaperNotFound
    _audit(session, cipher, clock, actor, Action.READ, employer, paper, permission)
    key = cipher.open(picture.picture_key, Place("paper_pictures", "picture_key", paper.id))
    return FieldCipher(key).open_block(picture.content, _block(paper.id))


def check_in_date(session: Session, employer: Employer, today: date) -> None:
    """A firm whose licence ran out posts nothing new. Raises PaperExpired."""
    held = queries.list_held(session, [employer.id]).get(employer.id, [])
    ended = rules.lapsed(employer.kind, held, today)
    if ended is not None and ended.expires_on is not None:
        words = f"{ended.kind.label} {rules.day_words(ended.expires_on)}到期了。"
        raise PaperExpired(f"{words}到“单位和同事”里换上新的照片，人社局看过就能接着发。")


def _visible(session: Session, actor: Actor, paper_id: int) -> tuple[EmployerPaper, Employer]:
    paper = queries.find_paper(session, paper_id)
    if paper is None:
        raise PaperNotFound
    firm = employer_queries.list_employers_by_id(session, [paper.employer_id])[paper.employer_id]
    if policies.may_read_paper(actor, firm) is None:
        raise PaperNotFound
    return paper, firm


def _check(data: PaperIn, today: date) -> None:
    problems: list[FieldProblem] = []
    if data.expires_on is not None and data.expires_on < today:
        problems.append(FieldProblem("expires_on", "已经过期了，请拍新换的那一张"))
    if data.expires_on is None and data.kind in rules.ENDING:
        problems.append(FieldProblem("expires_on", "写上到哪天为止，证上有"))
    if data.kind is PaperKind.VILLAGE_PROOF:
        if not data.vouched_by:
            problems.append(FieldProblem("vouched_by", "写上村里谁给证明的，比如村主任王桂兰"))
        if data.vouched_on is None:
            problems.append(FieldProblem("vouched_on", "写上哪天证明的"))
        elif not today - rules.OLDEST_PROOF <= data.vouched_on <= today:
            problems.append(FieldProblem("vouched_on", "要一年以内的，也不能是还没到的日子"))
    if problems:
        raise Invalid("有几处还要改一下。", fields=problems)


def _put_away(session: Session, paper: EmployerPaper) -> None:
    """A newer one takes its place; the picture nobody needs any more goes."""
    paper.state = PaperState.REPLACED
    paper.version += 1
    session.execute(delete(PaperPicture).where(PaperPicture.id == paper.id))


def _block(paper_id: int) -> bytes:
    return f"paper {paper_id}".encode()


def _audit(
    session: Session,
    cipher: FieldCipher,
    clock: Clock,
    actor: Actor,
    action: Action,
    employer: Employer,
    paper: EmployerPaper,
    permission: Permission,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        action,
        Resource.EMPLOYER_PAPERS,
        subject_id=employer.id,
        region_code=employer.office_code,
        permission=permission,
        detail={"paper": paper.id, "kind": paper.kind.value, "state": paper.state.value},
    )


def settle_mandate_paper(
    session: Session, actor: Actor, paper_id: int, *, accepted: bool, reason: str, clock: Clock
) -> None:
    """The paper of a mandate follows what was decided about the mandate."""
    session.execute(
        update(EmployerPaper)
        .where(EmployerPaper.id == paper_id, EmployerPaper.state == PaperState.WAITING)
        .values(
            state=PaperState.ACCEPTED if accepted else PaperState.SENT_BACK,
            reason="" if accepted else reason,
            decided_by_id=actor.user_id,
            decided_at=clock.now(),
            version=EmployerPaper.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
