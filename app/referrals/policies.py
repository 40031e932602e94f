"""谁能对推荐单做什么 (SAFETY, row "referral"; REFERRALS, column "who"), asked of the table of permissions."""

from datetime import datetime

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource, View
from app.accounts.permissions import Target, may, reading_prefixes, require
from app.core.errors import Conflict, Forbidden
from app.referrals import guards, rules
from app.referrals.errors import ReferralNotFound
from app.referrals.models import Referral
from app.referrals.schemas import Move
from app.referrals.terms import Party, ReferralAction
from app.seekers import policies as seeker_policies
from app.seekers.access.ties import Ties
from app.seekers.models import Person


def target_of(referral: Referral, ties: Ties) -> Target:
    """The facts about a referral (person and household loaded) on which permissions depend. A firm is related
    to it from the day it was submitted, unless the person has forbidden firms their file."""
    has_it = referral.submitted_at is not None and referral.employer_id in ties.related_employer_ids
    return Target(
        region_code=referral.person.region_code,
        owner_user_id=ties.owner_user_id,
        created_by_id=referral.created_by_id,
        assignments=ties.assignments,
        related_employer_ids=frozenset({referral.employer_id}) if has_it else frozenset(),
        is_erased=referral.person.erased_at is not None,
    )


def require_offer(actor: Actor, person: Person, ties: Ties, now: datetime) -> Party:
    """As whom somebody offers postings to a person: an officer of the village or township, a broker to whom
    the person was given, the person themself. Raises ReferralNotFound outside the area, Forbidden."""
    target = seeker_policies.target_of_person(person, ties)
    permission = require(actor, Action.CREATE, Resource.REFERRAL, target, now=now, missing=ReferralNotFound)
    return rules.party_of(permission.role)


def may_offer_in(actor: Actor, region_code: str) -> bool:
    """Whether postings may be offered to people of a place."""
    return may(actor, Action.CREATE, Resource.REFERRAL, Target(region_code=region_code)) is not None


def may_work_anywhere(actor: Actor) -> bool:
    """Whether the actor offers postings to people of a place, or writes down what comes of it."""
    return any(reading_prefixes(actor, Resource.REFERRAL, action) for action in (Action.CREATE, Action.EDIT))


def find_party(
    actor: Actor,
    referral: Referral,
    action: ReferralAction,
    ties: Ties,
    now: datetime,
    *,
    township_confirms: bool = False,
) -> Party | None:
    """As whom `actor` may do this to a referral, by the table of permissions and REFERRALS' column "who".

    Where a county wants the township's confirmation, submitting is no longer the village's.
    """
    if actor.is_system:
        return Party.SYSTEM
    target = target_of(referral, ties)
    for party, needed in rules.WHO.get(action, {}).items():
        actions = needed
        if action is ReferralAction.SUBMIT and township_confirms:
            actions = (Action.EDIT,)
        for permission_action in actions:
            permission = may(actor, permission_action, Resource.REFERRAL, target, now=now)
            fits = permission is not None and rules.party_of(permission.role) is party
            if fits and rules.may_party(party, referral.state, action):
                return party
    return None


def require_party(
    actor: Actor,
    referral: Referral,
    action: ReferralAction,
    ties: Ties,
    now: datetime,
    *,
    township_confirms: bool = False,
) -> Party:
    """As `find_party`. Raises Forbidden."""
    party = find_party(actor, referral, action, ties, now, township_confirms=township_confirms)
    if party is None:
        raise Forbidden("这一步不归您办。企业的答复由企业或镇里记，撤销到岗由县里办。")
    return party


def actions_for(
    actor: Actor, referral: Referral, ties: Ties, now: datetime, *, township_confirms: bool = False
) -> list[ReferralAction]:
    """What `actor` may do next, for buttons: the table of transitions and the permissions together."""
    return [
        action
        for action in ReferralAction
        if (referral.state, action) in rules.TRANSITIONS
        and action in rules.WHO
        and _is_still_possible(referral, action, now)
        and find_party(actor, referral, action, ties, now, township_confirms=township_confirms) is not None
    ]


def _is_still_possible(referral: Referral, action: ReferralAction, now: datetime) -> bool:
    """An arrival is undone within a week, a meeting moved twice: no button for what would be refused."""
    move = Move(action=action)
    try:
        guards.undo_is_in_time(referral, move, now)
        guards.interview_moves_are_few(referral, move)
    except Conflict:
        return False
    return True


def view_of(actor: Actor, referral: Referral, ties: Ties, now: datetime) -> View | None:
    """How a referral is shown. None: not at all."""
    permission = may(actor, Action.READ, Resource.REFERRAL, target_of(referral, ties), now=now)
    return None if permission is None else permission.view


def is_inside(actor: Actor, referral: Referral) -> bool:
    """Whether the referral lies in an area of the actor's: such see the note and who did what."""
    target = Target(region_code=referral.person.region_code)
    return may(actor, Action.READ, Resource.REFERRAL, target) is not None
