"""The state table: every state by every action by every role, against REFERRALS once more by hand."""

from typing import Any

import pytest

from app.accounts.actor import Actor
from app.core.errors import AppError
from app.referrals import offering, rules
from app.referrals.models import Referral
from app.referrals.terms import ReferralAction, ReferralState
from tests.referrals.situations import BROKER, BY_PHONE, COUNTY, OWNER, TOWNSHIP, VILLAGE, WAYS, Scene
from tests.seekers import factories as given

# State, action, state after, who: Village, Township, County, the Person, the Employer. Brokers do nothing.
TABLE = """
draft      withdraw   withdrawn   VTC
offered    interested interested  VTCP
offered    decline    declined    VTCP
offered    withdraw   withdrawn   VTCP
interested submit     submitted   VTC
interested withdraw   withdrawn   VTCP
submitted  view       viewed      TCE
submitted  interview  interview   TCE
submitted  hire       hired       TCE
submitted  refuse     refused     TCE
submitted  pool       pooled      TCE
submitted  withdraw   withdrawn   VTCP
viewed     interview  interview   TCE
viewed     hire       hired       TCE
viewed     refuse     refused     TCE
viewed     pool       pooled      TCE
viewed     withdraw   withdrawn   VTCP
interview  interview  interview   TCE
interview  hire       hired       TCE
interview  refuse     refused     TCE
interview  no_show    no_show     VTCE
interview  withdraw   withdrawn   VTCP
pooled     interview  interview   TCE
pooled     hire       hired       TCE
pooled     refuse     refused     TCE
pooled     withdraw   withdrawn   VTCP
hired      depart     departing   VTCPE
hired      arrive     onboard     VTCP
hired      no_show    no_show     VTCPE
hired      withdraw   withdrawn   VTCP
departing  arrive     onboard     VTCP
departing  no_show    no_show     VTCPE
departing  withdraw   withdrawn   VTCP
onboard    undo       hired       C
"""
# Who may do it at all (403 for the others; 409 where the table has no such step).
MAY = {
    "interested": "VTCP",
    "decline": "VTCP",
    "submit": "VTC",
    "view": "TCE",
    "interview": "TCE",
    "hire": "TCE",
    "refuse": "TCE",
    "pool": "TCE",
    "depart": "VTCPE",
    "arrive": "VTCPE",  # the firm's own word is refused with 409
    "no_show": "VTCE",
    "withdraw": "VTCP",
    "undo": "C",
}
SEEN_BY_FIRM = {
    *("submitted", "viewed", "interview", "pooled", "hired", "departing", "onboard", "refused", "no_show"),
    *("obsolete", "expired", "cancelled"),
}
ROLES = "VTCPEBX"


def expected(state: str, action: str, role: str) -> str:
    """The state afterwards, or the status of the refusal."""
    allowed = {
        (s, a): (after, who) for s, a, after, who in (line.split() for line in TABLE.split("\n") if line)
    }
    if role == "X" or (role == "E" and state not in SEEN_BY_FIRM) or (role == "P" and state == "draft"):
        return "404"
    may = MAY[action]
    if action == "no_show" and state in ("hired", "departing"):
        may += "P"
    if role not in may:
        return "403"
    after, who = allowed.get((state, action), ("", ""))
    return after if role in who else "409"


def put(scene: Scene, state: str) -> Referral:
    """A referral in any of the seventeen states; those that end by themselves once the firm had it."""
    if state in WAYS:
        return scene.at(state)
    if state == "draft":
        made = offering.draft_batch(
            scene.session, VILLAGE, scene.job.id, [scene.person.id], cipher=scene.cipher, clock=scene.clock
        )
        return scene.session.get_one(Referral, made.referrals[scene.person.id])
    action = {"obsolete": "supersede", "expired": "expire_employer", "cancelled": "cancel"}[state]
    return scene.by_itself(scene.at("submitted"), ReferralAction(action))


def attempt(scene: Scene, referral: Referral, actor: Actor, role: str, action: str) -> str:
    form: dict[str, Any] = dict(scene.usual(action)[1])
    if role in "PE":
        form.pop("on_behalf", None)
        form.pop("told_by", None)
    elif action in ("interested", "decline", "withdraw"):
        form["on_behalf"] = BY_PHONE
    with scene.session.begin_nested() as savepoint:
        try:
            return scene.act(referral, actor, action, **form).state.value
        except AppError as error:
            return str(error.status)
        finally:
            savepoint.rollback()
            scene.session.expire_all()


@pytest.mark.parametrize("state", [state.value for state in ReferralState])
def test_every_action_by_every_role(scene: Scene, state: str) -> None:
    owner = scene.own()
    scene.give_to_broker()
    referral = put(scene, state)
    assert referral.state is ReferralState(state)
    actors = {
        "V": VILLAGE,
        "T": TOWNSHIP,
        "C": COUNTY,
        "P": owner,
        "E": scene.member,
        "B": BROKER,
        "X": given.village_officer(given.OTHER_VILLAGE, user_id=9),
    }
    wrong = []
    for action in MAY:
        for role in ROLES:
            got = attempt(scene, referral, actors[role], role, action)
            if got != (want := expected(state, action, role)):
                wrong.append(f"{state} {action} by {role}: {got} instead of {want}")
    assert wrong == []


def test_the_buttons_are_what_may_be_done(scene: Scene) -> None:
    """`actions` in the answer is the same table, asked beforehand."""
    owner = scene.own()
    actors = {"V": VILLAGE, "T": TOWNSHIP, "C": COUNTY, "P": owner, "E": scene.member, "B": BROKER}
    ties = {role: offering.tie_of(scene.session, actor, scene.person.id) for role, actor in actors.items()}
    referral = scene.at("submitted")
    ties["E"] = offering.tie_of(scene.session, scene.member, scene.person.id)
    for role, actor in actors.items():
        shown = {
            action.value
            for action in offering.policies.actions_for(actor, referral, ties[role], scene.clock.now())
        }
        able = {action for action in MAY if expected("submitted", action, role) in set(ReferralState)}
        assert shown == able, role


def test_the_rules_have_no_more_than_the_table() -> None:
    """Steps of people in `rules.TRANSITIONS` are exactly those above (an arrival undone is the county's)."""
    written = {tuple(line.split()[:3]) for line in TABLE.split("\n") if line}
    people = {ReferralAction(action) for action in MAY}
    in_rules = {
        (state.value, action.value, after.value)
        for (state, action), after in rules.TRANSITIONS.items()
        if state is not None and action in people and after is not None
    }
    assert in_rules == written


def test_each_end_is_an_end() -> None:
    for state, action in rules.TRANSITIONS:
        if state in rules.ENDED:
            assert (state, action) in {
                (ReferralState.ONBOARD, ReferralAction.UNDO),
                (ReferralState.OBSOLETE, ReferralAction.REINSTATE),
            }
    assert OWNER.user_id
