"""回访与月核实: one answer about somebody's work serves the check, the month and the export; nobody is asked
twice (REFERRALS, "After arrival"; DOMAIN K1)."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import may
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import FieldProblem, Forbidden, Invalid
from app.referrals import queries as referral_queries
from app.referrals import rules as referral_rules
from app.referrals.clocks.rules import opening_on
from app.referrals.clocks.settings import county_clocks
from app.referrals.errors import CheckSettled
from app.referrals.spells import queries, rules
from app.referrals.spells.models import EmploymentAnswer, EmploymentSpell, FollowUpCheck
from app.referrals.spells.schemas import AnswerIn
from app.referrals.spells.service import ask_to_call_back, end_spell, follow_spell
from app.referrals.terms import CallBackCause, Channel, CheckOutcome, EndReason, Party
from app.seekers.access.ties import tie_of
from app.seekers.models import Person
from app.seekers.policies import target_of_person

_ENDS = {
    CheckOutcome.LEFT: EndReason.LEFT,
    CheckOutcome.MOVED: EndReason.MOVED,
    CheckOutcome.UNREACHABLE: EndReason.UNREACHABLE,
}


def answer_check(
    session: Session, actor: Actor, check_id: int, data: AnswerIn, *, cipher: FieldCipher, clock: Clock
) -> FollowUpCheck:
    """Writes down what a check has shown. Nobody reached is a try: after three tries on three days a visit
    is asked for, and only a visit in vain settles the check as `unreachable`. A check that was answered
    before gets a correction. What the person says settles the checks for which being told is enough.

    Raises CheckNotFound, Forbidden, CheckSettled (dropped), Invalid.
    """
    referral_queries.lock_person(session, queries.get_check(session, actor, check_id).person_id)
    check = queries.get_check(session, actor, check_id)
    spell = check.spell
    party = _party(session, actor, check.person, clock)
    if _is_known(session, spell.id, data):
        return check
    if check.settled_at is not None and check.outcome is None:
        raise CheckSettled
    _check_form(spell, data, clock.today())
    if data.outcome is CheckOutcome.UNREACHABLE and not _is_last_try(check, data):
        _note_try(check, clock)
        session.flush()
        return check
    # What the person says is told: where more is asked for, the check stays on the officer's list.
    asked = None if party is Party.PERSON else check
    _learn(session, actor, spell, check.person, data, party, asked, cipher=cipher, clock=clock)
    session.flush()
    return queries.get_check(session, actor, check_id)


def answer_month(
    session: Session, actor: Actor, spell_id: int, data: AnswerIn, *, cipher: FieldCipher, clock: Clock
) -> EmploymentAnswer:
    """The month's verification of a spell. It answers a check that is open for that day as well, when it is
    known well enough. Raises SpellNotFound, Forbidden, CheckSettled (the spell is over), Invalid."""
    referral_queries.lock_person(session, queries.get_spell(session, actor, spell_id).person_id)
    spell = queries.get_spell(session, actor, spell_id)
    party = _party(session, actor, spell.person, clock)
    if data.idempotency_key is not None:
        known = queries.find_answer(session, spell.id, data.idempotency_key)
        if known is not None:
            return known
    if spell.end_reason is EndReason.UNDONE:
        raise CheckSettled
    _check_form(spell, data, clock.today())
    return _learn(session, actor, spell, spell.person, data, party, None, cipher=cipher, clock=clock)


def learn_from_person(
    session: Session,
    actor: Actor,
    spell: EmploymentSpell,
    person: Person,
    data: AnswerIn,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> EmploymentAnswer:
    """What the person says of their own accord: told, no more, so that it settles the check for which that is
    enough and leaves the others to the officer. The caller knows that it is they who speak, and holds the
    person's lock. Raises Invalid."""
    _check_form(spell, data, clock.today())
    return _learn(session, actor, spell, person, data, Party.PERSON, None, cipher=cipher, clock=clock)


def _party(session: Session, actor: Actor, person: Person, clock: Clock) -> Party:
    """The person themself, or an officer of the area. Raises Forbidden."""
    target = target_of_person(person, tie_of(session, actor, person.id))
    for action, party in (
        (Action.ANSWER, Party.PERSON),
        (Action.CREATE, Party.OFFICER),
        (Action.EDIT, Party.OFFICER),
    ):
        permission = may(actor, action, Resource.REFERRAL, target, now=clock.now())
        if permission is None:
            continue
        found = referral_rules.party_of(permission.role)
        if found in (party, Party.SYSTEM):
            return party if found is not Party.SYSTEM else Party.OFFICER
    raise Forbidden("回访由本人或村里、镇上的同事来记。")


def _is_known(session: Session, spell_id: int, data: AnswerIn) -> bool:
    key = data.idempotency_key
    return key is not None and queries.find_answer(session, spell_id, key) is not None


def _check_form(spell: EmploymentSpell, data: AnswerIn, today: date) -> None:
    problems = []
    told_on = data.told_on or today
    if not spell.starts_on <= told_on <= today:
        problems.append(FieldProblem("told_on", "要在上班以后、今天以前"))
    if data.left_on is not None and not spell.starts_on <= data.left_on <= today:
        problems.append(FieldProblem("left_on", "要在上班以后、今天以前"))
    if data.outcome is CheckOutcome.LEFT and data.leave_reason is None:
        problems.append(FieldProblem("leave_reason", "离岗要写明为什么"))
    if data.outcome is CheckOutcome.MOVED and not data.employer_name:
        problems.append(FieldProblem("employer_name", "换厂要写明现在在哪家"))
    if problems:
        raise Invalid(fields=problems)


def _is_last_try(check: FollowUpCheck, data: AnswerIn) -> bool:
    return check.needs_visit and data.method is Channel.VISIT


def _note_try(check: FollowUpCheck, clock: Clock) -> None:
    """One try a day counts; the next one is due tomorrow."""
    today = clock.today()
    if check.last_try_on == today:
        return
    check.tries, check.last_try_on = check.tries + 1, today
    check.needs_visit = check.tries >= rules.MOST_TRIES
    check.due_at = opening_on(today + timedelta(days=1))
    check.version += 1


def _learn(
    session: Session,
    actor: Actor,
    spell: EmploymentSpell,
    person: Person,
    data: AnswerIn,
    party: Party,
    check: FollowUpCheck | None,
    *,
    cipher: FieldCipher,
    clock: Clock,
) -> EmploymentAnswer:
    answer = _write(session, actor, spell, person, data, party, clock)
    if referral_rules.level_rank(answer.level) > referral_rules.level_rank(spell.level):
        spell.level = answer.level
    for open_check in queries.list_open_checks(session, spell.id):
        is_asked = check is not None and open_check.id == check.id
        is_due = open_check.opens_on <= answer.told_on
        if is_asked or (is_due and rules.suffices(answer.level, open_check.wanted_level)):
            _settle(open_check, answer, clock)
    if check is not None and check.answer_id != answer.id:
        _settle(check, answer, clock)
    session.flush()
    reason = _ENDS.get(data.outcome)
    if reason is not None and spell.ends_on is None:
        ends_on = data.left_on or answer.told_on
        end_spell(
            session,
            actor,
            spell,
            person,
            reason,
            ends_on=ends_on,
            leave_reason=data.leave_reason,
            cipher=cipher,
            clock=clock,
        )
        if data.outcome is CheckOutcome.MOVED and data.employer_name:
            follow_spell(
                session,
                actor,
                spell,
                person,
                data.employer_name,
                since_on=ends_on,
                level=answer.level,
                cipher=cipher,
                clock=clock,
            )
    if data.outcome is CheckOutcome.DISPUTED:
        ask_to_call_back(session, person.id, CallBackCause.DISPUTED, f"answer:{answer.id}", clock)
    return answer


def _write(
    session: Session,
    actor: Actor,
    spell: EmploymentSpell,
    person: Person,
    data: AnswerIn,
    party: Party,
    clock: Clock,
) -> EmploymentAnswer:
    """The answer, added. The first of an open month counts for it; all else corrects."""
    told_on = data.told_on or clock.today()
    month_on = rules.month_of(told_on)
    before = queries.latest_answer(session, spell.id, month_on)
    closes_on = county_clocks(session, person.region_code).month_closes_on
    answer = EmploymentAnswer(
        spell_id=spell.id,
        person_id=person.id,
        month_on=month_on,
        told_on=told_on,
        outcome=data.outcome,
        level=rules.level_of(party, data.evidence),
        evidence=data.evidence,
        leave_reason=data.leave_reason,
        wage_fen=data.wage_fen,
        is_paid_on_time=data.is_paid_on_time,
        is_as_promised=data.is_as_promised,
        has_contract=data.has_contract,
        note=data.note,
        channel=Channel.APP if party is Party.PERSON else data.method or Channel.OFFICE,
        asked_by_id=actor.user_id,
        is_correction=before is not None or rules.is_closed(month_on, clock.today(), closes_on),
        corrects_id=before.id if before is not None else None,
        client_at=data.client_at,
        at=clock.now(),
        idempotency_key=data.idempotency_key,
    )
    session.add(answer)
    session.flush()
    return answer


def _settle(check: FollowUpCheck, answer: EmploymentAnswer, clock: Clock) -> None:
    check.outcome, check.answer_id = answer.outcome, answer.id
    check.settled_at = clock.now()
    check.version += 1
