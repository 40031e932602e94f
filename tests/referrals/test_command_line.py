"""`songgang clocks run`: what is due is told in a dry run, and done without it."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.clocks import app
from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.referrals.models import Referral
from app.referrals.terms import ReferralState
from tests.referrals.situations import Scene


def told(*arguments: str) -> dict[str, int]:
    result = CliRunner().invoke(app, ["run", "--json", *arguments])
    assert result.exit_code == 0, result.output
    found: dict[str, int] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_a_dry_run_and_a_run(
    own_settings: Settings, own_database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    monkeypatch.setattr("app.cli.clocks.SystemClock", lambda: clock)
    with own_database.write() as session:
        scene = Scene(session, cipher_of(own_settings), clock)
        referral_id = scene.at("interested").id
    assert told("--dry-run") == {"seen": 1, "failed": 0, "submit": 1}
    assert told("--dry-run") == {"seen": 1, "failed": 0, "submit": 1}
    assert told() == {"seen": 1, "failed": 0, "submit": 1}
    assert told() == {"seen": 0, "failed": 0}
    with own_database.read() as session:
        assert session.get_one(Referral, referral_id).state is ReferralState.SUBMITTED
