"""推荐规则: the one table of transitions, who may make which, and what each tells whom (REFERRALS). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.accounts.permission_terms import Action
from app.accounts.terms import OFFICER_ROLES, Role
from app.core.terms import LabelledEnum
from app.referrals.terms import (
    CallBackCause,
    DeclineReason,
    Evidence,
    Party,
    ReferralAction,
    ReferralState,
    RefuseReason,
    TellKind,
    VerifiedLevel,
)

MOST_LIVE_OFFERS: Final = 3
"""Offers one person may have waiting for an answer (REFERRALS, guard of draft -> offered)."""
NOT_AGAIN_WITHIN: Final = timedelta(days=7)
MOST_INTERVIEW_MOVES: Final = 2
UNDO_WITHIN: Final = timedelta(days=7)
POOLED_FOR: Final = timedelta(days=60)
CALL_BACK_WITHIN: Final = timedelta(days=3)
"""A re-placement task is due within three days (REFERRALS, "After arrival")."""
SIMILAR_POSTINGS: Final = 3
MOST_FEN: Final = 100_000_000

_S, _A, _P = ReferralState, ReferralAction, Party

ENDED: Final = frozenset(
    {
        *(_S.ONBOARD, _S.DECLINED, _S.REFUSED, _S.NO_SHOW, _S.WITHDRAWN),
        *(_S.OBSOLETE, _S.EXPIRED, _S.CANCELLED),
    }
)
LIVE: Final = frozenset(ReferralState) - ENDED
WITH_EMPLOYER: Final = (_S.SUBMITTED, _S.VIEWED)
HOLDING_A_PLACE: Final = frozenset({_S.HIRED, _S.DEPARTING})

TRANSITIONS: Final[Mapping[tuple[ReferralState | None, ReferralAction], ReferralState | None]] = {
    (None, _A.PREPARE): _S.DRAFT,
    (None, _A.OFFER): _S.OFFERED,
    (None, _A.INTERESTED): _S.INTERESTED,  # applied by oneself
    (_S.DRAFT, _A.OFFER): _S.OFFERED,
    (_S.OFFERED, _A.INTERESTED): _S.INTERESTED,
    (_S.OFFERED, _A.DECLINE): _S.DECLINED,
    (_S.OFFERED, _A.EXPIRE_PERSON): _S.EXPIRED,
    (_S.INTERESTED, _A.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _A.VIEW): _S.VIEWED,
    **{
        (state, action): target
        for state in (_S.SUBMITTED, _S.VIEWED, _S.POOLED)
        for action, target in (
            (_A.INTERVIEW, _S.INTERVIEW),
            (_A.HIRE, _S.HIRED),
            (_A.REFUSE, _S.REFUSED),
            (_A.EXPIRE_EMPLOYER, _S.EXPIRED),
        )
    },
    (_S.SUBMITTED, _A.POOL): _S.POOLED,
    (_S.VIEWED, _A.POOL): _S.POOLED,
    (_S.INTERVIEW, _A.INTERVIEW): _S.INTERVIEW,  # moved, at most twice
    (_S.INTERVIEW, _A.HIRE): _S.HIRED,
    (_S.INTERVIEW, _A.REFUSE): _S.REFUSED,
    (_S.INTERVIEW, _A.NO_SHOW): _S.NO_SHOW,
    (_S.INTERVIEW, _A.EXPIRE_EMPLOYER): _S.EXPIRED,
    (_S.HIRED, _A.DEPART): _S.DEPARTING,
    (_S.HIRED, _A.ARRIVE): _S.ONBOARD,  # departing is skipped when the work is near
    (_S.DEPARTING, _A.ARRIVE): _S.ONBOARD,
    (_S.HIRED, _A.NO_SHOW): _S.NO_SHOW,
    (_S.DEPARTING, _A.NO_SHOW): _S.NO_SHOW,
    **{(state, _A.WITHDRAW): _S.WITHDRAWN for state in LIVE},
    **{(state, _A.CANCEL): _S.CANCELLED for state in LIVE},
    **{(state, _A.SUPERSEDE): _S.OBSOLETE for state in LIVE},
    (_S.ONBOARD, _A.UNDO): _S.HIRED,
    (_S.OBSOLETE, _A.REINSTATE): None,  # back to where it was, see `returns`
}

_RECORD: Final = (Action.CREATE, Action.EDIT)
"""Village RC, township RCU, county RUD (SAFETY, row "referral"): an officer of the area writes down what the
person says and what the officer saw."""
_CHANGE: Final = (Action.EDIT,)
"""Township and county: also what the employer says by phone."""

WHO: Final[Mapping[ReferralAction, Mapping[Party, tuple[Action, ...]]]] = {
    _A.OFFER: {_P.OFFICER: (Action.CREATE,), _P.BROKER: (Action.CREATE,)},
    _A.INTERESTED: {_P.PERSON: (Action.ANSWER,), _P.OFFICER: _RECORD},
    _A.DECLINE: {_P.PERSON: (Action.ANSWER,), _P.OFFICER: _RECORD},
    _A.SUBMIT: {_P.OFFICER: _RECORD},
    **{
        action: {_P.EMPLOYER: (Action.DECIDE,), _P.OFFICER: _CHANGE}
        for action in (_A.VIEW, _A.INTERVIEW, _A.HIRE, _A.REFUSE, _A.POOL)
    },
    **{
        action: {_P.PERSON: (Action.ANSWER,), _P.EMPLOYER: (Action.DECIDE,), _P.OFFICER: _RECORD}
        for action in (_A.DEPART, _A.ARRIVE, _A.NO_SHOW)
    },
    _A.WITHDRAW: {_P.PERSON: (Action.WITHDRAW,), _P.OFFICER: _RECORD},
    _A.UNDO: {_P.OFFICER: (Action.DECIDE,)},
}
"""Which party may do what, and which permission it needs; what is not here only the system does."""

EMPLOYER_ANSWERS: Final = frozenset({_A.INTERVIEW, _A.HIRE, _A.REFUSE, _A.POOL})
OF_THE_EMPLOYER: Final = EMPLOYER_ANSWERS | {_A.VIEW}
OF_THE_PERSON: Final = frozenset({_A.INTERESTED, _A.DECLINE, _A.WITHDRAW})
"""Words of the person's own: an officer writes them down with how they were said and that they agreed."""

EVIDENCE_LEVEL: Final[Mapping[Evidence, VerifiedLevel]] = {
    Evidence.SELF: VerifiedLevel.TOLD,
    Evidence.ROLL_CALL: VerifiedLevel.VILLAGE_CHECKED,
    Evidence.VISIT: VerifiedLevel.VILLAGE_CHECKED,
    Evidence.CONTRACT: VerifiedLevel.PROVEN,
    Evidence.PAYROLL: VerifiedLevel.PROVEN,
}

CALLED_TODAY: Final = frozenset({CallBackCause.NO_SHOW, CallBackCause.NOT_BACK, CallBackCause.BACK})
"""Who is spoken to on the very day, not within three."""

CALL_BACK_AFTER: Final[Mapping[ReferralState, CallBackCause]] = {
    _S.NO_SHOW: CallBackCause.NO_SHOW,
    _S.CANCELLED: CallBackCause.CANCELLED,
}


_REASONS: Final[Mapping[ReferralAction, tuple[LabelledEnum, ...]]] = {
    _A.DECLINE: tuple(DeclineReason),
    _A.WITHDRAW: tuple(DeclineReason),
    _A.REFUSE: tuple(RefuseReason),
}


def next_state(state: ReferralState | None, action: ReferralAction) -> ReferralState | None:
    """The state after `action`; None where the table does not allow it, and for what `returns`."""
    return TRANSITIONS.get((state, action))


def returns(state: ReferralState, action: ReferralAction) -> bool:
    """Whether the action leads back to the state before the last one."""
    return (state, action) in TRANSITIONS and TRANSITIONS[state, action] is None


def party_of(role: Role | None) -> Party:
    """As whom a role acts on a referral; None is the system."""
    if role is None:
        return Party.SYSTEM
    if role in OFFICER_ROLES:
        return Party.OFFICER
    return {Role.SEEKER: Party.PERSON, Role.EMPLOYER: Party.EMPLOYER}.get(role, Party.BROKER)


def may_party(party: Party, state: ReferralState, action: ReferralAction) -> bool:
    """Whether the "who" column has this party. The person cannot miss an interview for themselves: only
    the employer and staff say so."""
    if party is Party.SYSTEM:
        return True
    if action is _A.NO_SHOW and party is Party.PERSON:
        return state in HOLDING_A_PLACE
    return party in WHO.get(action, {})


def may_person(state: ReferralState, action: ReferralAction) -> bool:
    """Whether the person can take this step now: the table has it, and it is theirs."""
    return (state, action) in TRANSITIONS and may_party(Party.PERSON, state, action)


def level_rank(level: VerifiedLevel) -> int:
    """told 0 < village_checked 1 < proven 2 < matched 3."""
    return list(VerifiedLevel).index(level)


def reason_code(action: ReferralAction, reason: str) -> str | None:
    """The code a reason was given by (or its Chinese words); None for words of one's own."""
    terms = _REASONS.get(action, ())
    return next((term.value for term in terms if reason in (term.value, term.label)), None)


def reason_words(action: ReferralAction, reason: str) -> str:
    """A reason as people read it: the label of a code, else what was written."""
    code = reason_code(action, reason)
    return next((term.label for term in _REASONS.get(action, ()) if term.value == code), reason)


@dataclass(frozen=True)
class Tell:
    """告知: whom to tell what about a referral; `is_digest`: may wait for the day's collection."""

    to: Party
    kind: TellKind
    is_digest: bool = False


_PERSON_AND_OFFICER: Final = (_P.PERSON, _P.OFFICER)

_TELLS: Final[Mapping[ReferralState, tuple[Tell, ...]]] = {
    _S.OFFERED: (Tell(_P.PERSON, TellKind.OFFER),),
    _S.INTERESTED: (Tell(_P.OFFICER, TellKind.ANSWER),),
    _S.DECLINED: (Tell(_P.OFFICER, TellKind.ANSWER),),
    _S.SUBMITTED: (Tell(_P.EMPLOYER, TellKind.NEW_PERSON, is_digest=True),),
    _S.VIEWED: (Tell(_P.PERSON, TellKind.PROGRESS),),
    _S.INTERVIEW: (Tell(_P.PERSON, TellKind.INTERVIEW), Tell(_P.OFFICER, TellKind.PROGRESS)),
    _S.POOLED: tuple(Tell(party, TellKind.PROGRESS) for party in _PERSON_AND_OFFICER),
    _S.HIRED: tuple(Tell(party, TellKind.PROGRESS) for party in _PERSON_AND_OFFICER),
    _S.REFUSED: (Tell(_P.PERSON, TellKind.REFUSAL), Tell(_P.OFFICER, TellKind.PROGRESS)),
    _S.DEPARTING: (Tell(_P.EMPLOYER, TellKind.PROGRESS), Tell(_P.OFFICER, TellKind.PROGRESS)),
    _S.ONBOARD: tuple(Tell(p, TellKind.ARRIVED) for p in (_P.PERSON, _P.EMPLOYER, _P.OFFICER)),
    _S.NO_SHOW: (Tell(_P.OFFICER, TellKind.NO_SHOW), Tell(_P.EMPLOYER, TellKind.NO_SHOW)),
    _S.WITHDRAWN: (Tell(_P.EMPLOYER, TellKind.WITHDRAWN),),
    _S.CANCELLED: (Tell(_P.PERSON, TellKind.CANCELLED),),
    _S.OBSOLETE: (Tell(_P.EMPLOYER, TellKind.WITHDRAWN),),
    _S.EXPIRED: tuple(Tell(party, TellKind.CLOSED) for party in _PERSON_AND_OFFICER),
}


def tells(
    before: ReferralState | None, action: ReferralAction, after: ReferralState, *, employer_knows: bool
) -> tuple[Tell, ...]:
    """Whom a transition tells what (REFERRALS, column "tells"). A firm that never had the person in hand is
    told nothing; who applied gets the receipt at once."""
    if action is _A.UNDO or action is _A.REINSTATE:
        return (Tell(_P.OFFICER, TellKind.PROGRESS),)
    found = _TELLS.get(after, ())
    if before is None and action is _A.INTERESTED:
        found = (Tell(_P.PERSON, TellKind.RECEIPT), *found)
    knows = employer_knows or after is _S.SUBMITTED
    return tuple(tell for tell in found if knows or tell.to is not _P.EMPLOYER)
