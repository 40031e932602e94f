"""发消息: the worker that empties the outbox. The only one that calls providers, and never in a transaction.

    claim (committed) -> call -> record (committed); what was not recorded in time is asked about.

Killed before the call: the provider does not know our reference, the message goes out later. Killed after:
the provider knows it, the message counts as accepted. Either way it is accepted once.
"""

import random
import threading

import structlog

from app.core.clock import Clock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.notifications.carriers import Carriers, make_carriers
from app.notifications.claiming import Claimed, Doubted, anything_due, claim_doubt, claim_next
from app.notifications.providers.base import Answer, Finding, Outcome, Verdict
from app.notifications.recording import record_answer, record_outcome

log = structlog.get_logger()


class OutboxWorker:
    """发件人: sends due messages and asks about calls in doubt, until told to stop."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        cipher: FieldCipher,
        carriers: Carriers,
        *,
        idle_s: float = 1.0,
    ) -> None:
        self._database, self._clock, self._cipher = database, clock, cipher
        self._carriers, self._idle_s = carriers, idle_s
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def run_forever(self) -> None:
        """Works in as many threads as set, until `stop`; a provider that hangs holds one of them only."""
        more = [
            threading.Thread(target=self._run, name=f"outbox-{number}", daemon=True)
            for number in range(1, self._carriers.threads)
        ]
        for thread in more:
            thread.start()
        self._run()
        for thread in more:
            thread.join(timeout=self._carriers.lease.total_seconds())

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self.run_one()
            except Exception as error:
                # The database is away, or we are at fault: what was claimed is asked about when it is back.
                log.error("outbox_trouble", kind=type(error).__name__, exc_info=error)
                busy = False
            if not busy:
                # Jitter keeps several workers from asking in step; it needs no secrecy.
                self._stop.wait(self._idle_s * random.uniform(0.5, 1.5))  # noqa: S311

    def run_due(self, limit: int = 10_000) -> int:
        """Does everything due now, in this thread; returns how many steps were taken."""
        done = 0
        while done < limit and self.run_one():
            done += 1
        return done

    def run_one(self) -> bool:
        """Sends one message or asks about one; False when nothing is due."""
        now = self._clock.now()
        with self._database.read() as session:
            if not anything_due(session, now):
                return False
        with self._database.write() as session:
            claimed = claim_doubt(session, now, self._cipher, self._carriers.lease) or claim_next(
                session, now, self._cipher, self._carriers
            )
        if isinstance(claimed, Doubted):
            self._ask(claimed)
        elif isinstance(claimed, Claimed):
            self._send(claimed)
        return claimed is not None

    def _send(self, claimed: Claimed) -> None:
        outcome = self._call(claimed)
        with self._database.write() as session:
            record_outcome(session, claimed, outcome, self._clock.now())
        log.info(
            "message_called",
            message_id=claimed.message_id,
            provider=claimed.provider.name,
            verdict=outcome.verdict.value,
            code=outcome.code,
        )

    def _call(self, claimed: Claimed) -> Outcome:
        now = self._clock.now()
        if now - claimed.called_at > self._carriers.lease / 2:
            # We slept (a stopped process, a moved machine): by now somebody may be asking about this call.
            return Outcome(Verdict.BUSY, code="overslept")
        try:
            return claimed.provider.send(claimed.outgoing, now)
        except Exception as error:
            # A fault of ours in mid-call says nothing about what the provider did.
            log.error("provider_trouble", provider=claimed.provider.name, kind=type(error).__name__)
            return Outcome(Verdict.DOUBT, code=type(error).__name__)

    def _ask(self, doubted: Doubted) -> None:
        provider, asked_at = self._carriers.by_name.get(doubted.provider), self._clock.now()
        answer = Answer(Finding.SILENT)
        if provider is not None and provider.can_be_asked:
            try:
                answer = provider.ask(doubted.reference, doubted.recipient, doubted.called_at, asked_at)
            except Exception as error:
                log.error("provider_trouble", provider=doubted.provider, kind=type(error).__name__)
        with self._database.write() as session:
            record_answer(session, doubted, provider, answer, asked_at)
        log.info("message_asked", message_id=doubted.message_id, finding=answer.finding.value)


def make_outbox(
    database: Database, clock: Clock, settings: Settings, carriers: Carriers | None = None
) -> OutboxWorker:
    """The worker of this installation. Raises `ValueError` when a provider's keys are missing."""
    return OutboxWorker(database, clock, cipher_of(settings), carriers or make_carriers(settings))
