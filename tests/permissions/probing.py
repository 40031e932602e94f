"""One probe: the same question to the code under test and to the oracle."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

from app.accounts import permissions
from app.accounts.permission_terms import Action, Resource, View
from app.accounts.permissions import Permission, Target
from app.core.errors import Forbidden, NotFound
from tests.permissions import oracle
from tests.permissions.worlds import NOW, Asker, askers, targets

SHOWN = {"full": View.FULL, "m": View.MASKED, "nophone": View.NO_PHONE, "nopersons": View.NO_PERSONS}
# Where the officers' areas meet, and the county next door.
AT_HOME = (" in 610204101201", " in 610222102", " in 441900003")
WIDER = ("nopersons", "m", "nophone", "full")


@dataclass(frozen=True)
class Probe:
    asker: Asker
    action: Action
    resource: Resource
    about: str
    target: Target

    def __str__(self) -> str:
        return f"{self.asker.name}: {self.action.value} {self.resource.value}, {self.about}"


@dataclass
class Outcome:
    """How many questions were asked, how many answered with yes, and where the two differ."""

    asked: int = 0
    allowed: int = 0
    leaks: list[str] = field(default_factory=list)
    wrongly_refused: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def differences(self) -> list[str]:
        return self.leaks + self.wrongly_refused


def all_probes() -> Iterator[Probe]:
    """The whole product."""
    for asker, resource, action, (about, target) in product(askers(), Resource, Action, list(targets())):
        yield Probe(asker, action, resource, about, target)


def sharp_probes() -> Iterator[Probe]:
    """The part of the product where something can go wrong: actions the row knows (and one it doesn't), each
    place with no further fact, each fact at home and across the border."""
    about = [
        (name, target)
        for name, target in targets()
        if name.startswith("nothing in") or name.endswith(AT_HOME) or name.startswith(("team", "assigned in"))
    ]
    for resource, asker in product(Resource, askers()):
        letters = {letter for cell in oracle.CELLS[resource.value] for letter in cell if letter.isupper()}
        known = {oracle.LETTERS[letter] for letter in letters} | {Action.READ, Action.CREATE}
        for action, (name, target) in product(sorted(known | {Action.EXPORT}), about):
            yield Probe(asker, action, resource, name, target)


def probe_all(probes: Iterable[Probe]) -> Outcome:
    outcome = Outcome()
    for probe in probes:
        outcome.asked += 1
        asked = (probe.asker.actor, probe.action, probe.resource, probe.target)
        verdicts = oracle.say(*asked, NOW)
        outcome.allowed += bool(verdicts)
        problem = compare(probe, verdicts, answer(probe))
        if problem is not None:
            outcome.kinds[problem] += 1
            wrongly = problem.startswith("refused")
            (outcome.wrongly_refused if wrongly else outcome.leaks).append(f"{probe}: {problem}")
    return outcome


def answer(probe: Probe) -> Permission | type[Exception]:
    """What `require` gives, or the error it raises."""
    try:
        return permissions.require(probe.asker.actor, probe.action, probe.resource, probe.target, now=NOW)
    except (Forbidden, NotFound) as error:
        return type(error)


def compare(probe: Probe, verdicts: list[oracle.Verdict], given: Permission | type[Exception]) -> str | None:
    """What differs, in a few words; None when both agree."""
    if isinstance(given, type):
        if verdicts:
            return "refused what is allowed"
        known = oracle.knows_of(probe.asker.actor, probe.resource, probe.target, NOW)
        if given is (Forbidden if known else NotFound):
            return None
        return "refused with 404 inside the area" if known else "403 tells that it exists"
    if not verdicts:
        return "allowed"
    fitting = [v for v in verdicts if conditions(v) == of_permission(given)]
    if not fitting:
        return f"on other conditions: {of_permission(given)} instead of {[conditions(v) for v in verdicts]}"
    if max(WIDER.index(v.shown) for v in verdicts) > WIDER.index(fitting[0].shown):
        return "refused the wider view"
    if (given.smallest_count == 10) is not (probe.action is Action.COUNT):
        return "counts below ten persons"
    return None


def conditions(verdict: oracle.Verdict) -> tuple[object, ...]:
    above = int(verdict.pair.partition(">")[2] or 0) or None
    second = verdict.pair == "pair"
    shown = SHOWN[verdict.shown]
    return (shown, verdict.why, second, above, verdict.log, verdict.once, verdict.most)


def of_permission(given: Permission) -> tuple[object, ...]:
    return (
        given.view,
        given.needs_reason,
        given.needs_second_person,
        given.second_person_above,
        given.is_logged,
        given.is_one_time,
        given.max_people,
    )
