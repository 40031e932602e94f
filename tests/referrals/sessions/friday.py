"""A township's session, and the colleagues around it."""

from app.accounts.actor import Actor, Grant
from app.accounts.terms import Role
from app.jobs.models import JobPosting
from app.referrals.sessions import board, confirming, proposing, queries, service
from app.referrals.sessions.models import MatchingSession, SessionPair
from app.referrals.sessions.terms import PairKind, SessionState
from app.seekers.models import Person
from tests.referrals.situations import TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

AUDITOR = Actor(91, "审计员", (Grant(Role.AUDITOR),))
NEIGHBOUR_TOWN = given.OTHER_TOWN
OTHER_TOWNSHIP = given.township_officer(NEIGHBOUR_TOWN, user_id=19)


class Friday:
    """A township's session with five people and two postings of one and two places."""

    def __init__(self, scene: Scene, region_code: str = given.TOWN, actor: Actor = TOWNSHIP) -> None:
        self.scene, self.actor = scene, actor
        self.people: list[Person] = [scene.neighbour(status="seeking") for _ in range(5)]
        self.jobs: list[JobPosting] = [
            scene.posting(title="平车工", openings=1),
            scene.posting(title="锁边工", openings=2),
        ]
        self.row = service.plan_session(
            scene.session, actor, region_code, scene.clock.today(), clock=scene.clock
        )
        self.bring(VILLAGE, *self.people)
        for job in self.jobs:
            service.bring_posting(scene.session, actor, self.row.id, job.id, "人社局", clock=scene.clock)

    def bring(self, actor: Actor, *people: Person) -> service.Brought:
        ids = [person.id for person in people]
        return service.bring_people(self.scene.session, actor, self.row.id, ids, clock=self.scene.clock)

    def propose(self, **more: object) -> MatchingSession:
        form = {"version": None, "clock": self.scene.clock} | more
        return proposing.propose(self.scene.session, self.actor, self.row.id, **form)  # type: ignore[arg-type]

    def decide(
        self,
        person: Person,
        job: JobPosting,
        kind: PairKind | None,
        actor: Actor | None = None,
        version: int | None = None,
    ) -> SessionPair | None:
        return proposing.decide_pair(
            self.scene.session,
            actor or self.actor,
            self.row.id,
            person.id,
            job.id,
            kind,
            version=version,
            clock=self.scene.clock,
        )

    def open(self) -> None:
        self.move(SessionState.RUNNING)

    def move(self, state: SessionState, version: int | None = None) -> MatchingSession:
        return service.move_session(
            self.scene.session, self.actor, self.row.id, state, version=version, clock=self.scene.clock
        )

    def confirm(self, actor: Actor | None = None, **more: object) -> confirming.Sent:
        form = {"version": None, "cipher": self.scene.cipher, "clock": self.scene.clock} | more
        return confirming.confirm_pairs(
            self.scene.session,
            actor or self.actor,
            self.row.id,
            **form,  # type: ignore[arg-type]
        )

    def pairs(self) -> list[SessionPair]:
        return queries.list_pairs(self.scene.session, self.row.id)

    def board(self, actor: Actor | None = None, *, full_names: bool = False) -> board.Board:
        return board.show_board(
            self.scene.session, actor or self.actor, self.row.id, self.scene.clock, full_names=full_names
        )
