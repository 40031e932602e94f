"""谁能对单位材料做什么 (SAFETY, row "employer's papers"), asked of the table of permissions."""

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may
from app.employers.models import Employer
from app.employers.papers.models import EmployerPaper


def may_send_paper(actor: Actor, employer: Employer) -> Permission | None:
    """The firm's own people, and the township or county for who stands at the counter."""
    return may(actor, Action.CREATE, Resource.EMPLOYER_PAPERS, _target(employer))


def may_read_paper(actor: Actor, employer: Employer) -> Permission | None:
    """Whom the table shows papers whole; where it says masked, the picture is not for them."""
    found = may(actor, Action.READ, Resource.EMPLOYER_PAPERS, _target(employer))
    return None if found is None or found.is_masked else found


def may_decide_paper(actor: Actor, employer: Employer, paper: EmployerPaper | None) -> Permission | None:
    """The township first, or the county; never who sent it in, nor somebody of the firm."""
    return may(actor, Action.DECIDE, Resource.EMPLOYER_PAPERS, _target(employer, paper))


def _target(employer: Employer, paper: EmployerPaper | None = None) -> Target:
    return Target(
        region_code=employer.office_code,
        employer_ids=frozenset({employer.id}),
        created_by_id=paper.uploaded_by_id if paper is not None else None,
        stage="first",
    )
