"""A village, a township and a firm on a running server whose clock the test moves, and their people."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import uvicorn
from playwright.sync_api import BrowserContext
from sqlalchemy import select
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Part

from app.accounts.actor import Actor
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.http import SESSION_COOKIE
from app.core.settings import Settings
from app.core.tasks import TaskContext
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.main import create_app
from app.notifications.models import Message
from app.notifications.sealing import open_parameters
from app.referrals import tasks, telling
from app.referrals.models import Referral, ReferralEvent
from app.referrals.spells.models import EmploymentAnswer, FollowUpCheck
from app.seekers.models import Person
from app.seekers.sealing import open_phone
from tests.employers.factories import set_phone, verified_employer
from tests.web.employer.firms import Boss, with_firm
from tests.web.staff.officer_scene import Scene as Village
from tests.web.staff.village import Village as Colleagues
from tests.web.staff.village import open_session, settle

BEGAN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PATIENCE_S = 60
FIRM_PHONE = "13900007788"


class Posts:
    """Passes requests on and counts the forms: how many came and how many were answered to the end. While
    the `door` is shut, forms wait there, so that several go in together."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.came, self.done = app, 0, 0
        self.door = threading.Event()
        self.door.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        # Read at once: a browser that clicks again hangs up, and what it sent must be there all the same.
        parts = [await receive()]
        while parts[-1].get("more_body"):
            parts.append(await receive())
        self.came += 1
        await asyncio.to_thread(self.door.wait, PATIENCE_S)
        left = iter(parts)

        async def again() -> Part:
            return next(left, None) or await receive()

        try:
            await self.app(scope, again, send)
        finally:
            self.done += 1

    def wait_for(self, came: int, *, answered: bool = True) -> None:
        """Until so many forms came and, with `answered`, none is under way."""
        until = time.monotonic() + PATIENCE_S
        while self.came < came or (answered and self.came != self.done):
            assert time.monotonic() < until, f"{self.came} forms came, {self.done} were answered"
            threading.Event().wait(0.01)


@dataclass
class Place:
    """一个地方: its server, clock and database. Nothing runs in the background: `night` does the tasks."""

    address: str
    settings: Settings
    clock: FixedClock
    database: Database
    colleagues: Colleagues
    boss: Boss
    firm_id: int
    posts: Posts
    made: int = field(default=0)

    @cached_property
    def cipher(self) -> FieldCipher:
        return cipher_of(self.settings)

    # ------------------------------------------------------------ arranging
    @contextmanager
    def village(self) -> Iterator[Village]:
        """What other people did meanwhile, in one transaction."""
        with self.database.write() as session:
            scene = Village(session, self.cipher, self.clock, self.colleagues, self.made)
            yield scene
            self.made = scene.made

    def posting(self, **changes: Any) -> int:
        """An open posting of the firm's."""
        with self.village() as scene:
            firm = scene.session.get_one(Employer, self.firm_id)
            job_id = scene.posting(employer=firm, **changes).id
            set_phone(firm, FIRM_PHONE)  # a mobile: it gets messages
            return job_id

    def other_posting(self, **changes: Any) -> int:
        """An open posting of somebody else's."""
        with self.village() as scene:
            firm = verified_employer(scene.session, self.clock, f"别的厂{scene.made}")
            return scene.posting(employer=firm, **changes).id

    def neighbours(self, count: int = 1) -> list[int]:
        with self.village() as scene:
            return [scene.neighbour().id for _ in range(count)]

    def offered(self, person_id: int, job_id: int) -> int:
        """An officer has pushed the posting to somebody."""
        with self.village() as scene:
            person, job = scene.session.get_one(Person, person_id), scene.session.get_one(JobPosting, job_id)
            return scene.push(person, job).id

    def moved(self, referral_id: int, *actions: str) -> int:
        """A referral taken further by whoever usually does it."""
        today = str(self.clock.today())
        forms: dict[str, dict[str, Any]] = {
            "interested": {"on_behalf": {"method": "phone", "consent": True}},
            "hire": {"told_by": "phone", "starts_on": today, "wage_fen": 320000},
            "interview": {"told_by": "phone", "starts_on": today, "interview_place": "厂门口"},
            "arrive": {"evidence": "visit"},
        }
        with self.village() as scene:
            referral = scene.session.get_one(Referral, referral_id)
            for action in actions:
                scene.act(referral, action, **forms.get(action, {}))
        return referral_id

    # ------------------------------------------------------------ time
    def later(self, **by: float) -> None:
        """Time passes, and what is done by itself is done."""
        self.clock.move(timedelta(**by))
        self.night()

    def night(self) -> None:
        """The tasks of referrals that are due: clocks, and postings that are gone or unconfirmed."""
        for run in (tasks.run_clocks, tasks.confirm_postings):
            with self.database.write() as session:
                run(TaskContext(session, self.clock), {"day": str(self.clock.today())})

    def tell_firm(self) -> str:
        """The firm's collected news of the day; the path of the link in it."""
        with self.database.write() as session:
            telling.tell_new_people(session, self.firm_id, self.clock)
        return self.link("employer_referred", f"employer:{self.firm_id}")

    # ------------------------------------------------------------ looking
    def read(self, look: Callable[[Any], Any]) -> Any:
        with self.database.read() as session:
            return look(session)

    def state(self, referral_id: int) -> str:
        return str(self.read(lambda s: s.get_one(Referral, referral_id).state.value))

    def steps(self, referral_id: int) -> list[str]:
        """The states a referral went through."""
        statement = select(ReferralEvent).where(ReferralEvent.referral_id == referral_id)
        events = self.read(lambda s: list(s.scalars(statement.order_by(ReferralEvent.id))))
        return [each.to_state for each in events if each.from_state != each.to_state]

    def checks(self, referral_id: int) -> dict[int, str | None]:
        """Outcome of the checks by day; None while nobody has answered."""

        def look(session: Any) -> dict[int, str | None]:
            spell_id = session.get_one(Referral, referral_id).spell_id
            rows = session.scalars(select(FollowUpCheck).where(FollowUpCheck.spell_id == spell_id))
            return {row.day: row.outcome.value if row.outcome else None for row in rows}

        return dict(self.read(look))

    def answers(self) -> list[EmploymentAnswer]:
        return list(self.read(lambda s: list(s.scalars(select(EmploymentAnswer)))))

    def messages(self, template: str, key: str) -> list[dict[str, str]]:
        """The words of what was written to a reader (`person:1`, `employer:1`) by a template."""
        statement = select(Message).where(Message.template_code == template, Message.recipient_key == key)
        found = self.read(lambda s: list(s.scalars(statement.order_by(Message.id))))
        return [open_parameters(each, self.cipher) for each in found]

    def link(self, template: str, key: str) -> str:
        """The path of the link in the last such message."""
        return "/" + self.messages(template, key)[-1]["link"].partition("/")[2]

    def referral(self, person_id: int, job_id: int) -> int:
        """The referral of a person to a posting; there is one."""
        statement = select(Referral.id).where(Referral.job_id == job_id, Referral.person_id == person_id)
        return int(self.read(lambda s: s.scalars(statement).one()))

    def tail(self, person_id: int) -> str:
        """The last four digits of somebody's phone."""
        phone = self.read(lambda s: open_phone(s.get_one(Person, person_id), self.cipher))
        return str(phone)[-4:]

    def sign_in(self, context: BrowserContext, actor: Actor) -> None:
        """Somebody's browser, signed in a moment ago."""
        with self.database.write() as session:
            token = open_session(session, self.clock, actor)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])


@contextmanager
def serving(settings: Settings) -> Iterator[Place]:
    """The place on a server of its own; `settings` name a migrated database."""
    clock, database = FixedClock(BEGAN), Database(settings)
    with database.write() as session:
        colleagues = settle(session, clock, cipher_of(settings))
        boss = with_firm(session, clock, cipher_of(settings))
        assert boss.firm is not None
        firm_id = boss.firm.id
    posts = Posts(create_app(settings, database=database, clock=clock))
    server = uvicorn.Server(uvicorn.Config(posts, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    yield Place(address, settings, clock, database, colleagues, boss, firm_id, posts)
    server.should_exit = True
    thread.join(10)
