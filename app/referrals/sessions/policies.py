"""谁能办对接会 (SAFETY, row "referral"; DOMAIN E6): townships bring people, the region's office runs it.

A session belongs to a township or county. It is seen by whoever reads referrals of a part of it or of all of
it, each with the people of their own area; run by an office that edits referrals of the whole region; and a
pair is sent by who may offer postings to that person, which a county is not.
"""

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, may, reading_prefixes
from app.regions.scope import scope_prefix


def overlaps(prefixes: tuple[str, ...], region_code: str) -> bool:
    """Whether one of the prefixes lies in the region, or the region in it."""
    own = scope_prefix(region_code)
    return any(own.startswith(prefix) or prefix.startswith(own) for prefix in prefixes)


def may_see(actor: Actor, region_code: str) -> bool:
    """Whether a session of this region is any of the actor's business."""
    return overlaps(reading_prefixes(actor, Resource.REFERRAL), region_code)


def may_run(actor: Actor, region_code: str) -> bool:
    """Whether the actor plans, opens and closes it, and works the proposal out."""
    return may(actor, Action.EDIT, Resource.REFERRAL, Target(region_code=region_code)) is not None


def may_bring(actor: Actor, region_code: str) -> bool:
    """Whether the actor may bring people of a part of it, and postings."""
    return any(
        overlaps(reading_prefixes(actor, Resource.REFERRAL, action), region_code)
        for action in (Action.CREATE, Action.EDIT)
    )


def may_send(actor: Actor, region_code: str) -> bool:
    """Whether the actor may send pairs of people of a part of it."""
    return overlaps(reading_prefixes(actor, Resource.REFERRAL, Action.CREATE), region_code)


def may_send_to(actor: Actor, home_code: str) -> bool:
    """Whether the actor may offer postings to people who live there."""
    return may(actor, Action.CREATE, Resource.REFERRAL, Target(region_code=home_code)) is not None


def may_bring_person(actor: Actor, home_code: str) -> bool:
    """Whether somebody who lives there is the actor's to bring and to take off the list."""
    target = Target(region_code=home_code)
    return any(
        may(actor, action, Resource.REFERRAL, target) is not None for action in (Action.CREATE, Action.EDIT)
    )


def may_decide_pair(actor: Actor, session_region: str, home_code: str) -> bool:
    """Whether the actor sets or rules out pairs of somebody who lives there: who runs the session, and the
    township that brought them."""
    own = may(actor, Action.EDIT, Resource.REFERRAL, Target(region_code=home_code)) is not None
    return own or may_run(actor, session_region)


def sees_names(actor: Actor, home_code: str) -> bool:
    """Whether whole names of people who live there may be put on a screen at all; an auditor's may not."""
    found = may(actor, Action.READ, Resource.REFERRAL, Target(region_code=home_code))
    return found is not None and not found.is_masked
