"""The permission table against the oracle: the full product of role, resource, action and relation."""

import re
import sys
from itertools import islice
from pathlib import Path

import pytest

from app.accounts.permission_terms import Resource
from tests.permissions import oracle
from tests.permissions.probing import Outcome, all_probes, probe_all, sharp_probes

# What is thinned by default, by primes, so that every role, resource and relation has its turn.
SHARP_STEP, WHOLE_STEP = 5, 7
# Cells of SAFETY that say in words, or with a word first, what the oracle writes in letters.
IN_WORDS = {
    ("phone", "seeker"): "own",
    ("phone", "employer"): "one-time reveal, rel, quota, logged",
    ("phone", "broker"): "asg, logged",
    ("phone", "auditor"): "m",
    ("id_number", "seeker"): "m own",
    ("id_number", "village"): "m; full with reason, logged",
    ("id_number", "township"): "same",
    ("id_number", "county"): "same",
    ("id_number", "auditor"): "m",
    ("health", "seeker"): "U own",  # who writes it reads it (PIPL, access)
    ("health", "employer"): 'only "can do X"',
    ("health", "township"): "same",
    ("health", "county"): "duty role",
    ("posting", "seeker"): "R public",  # anyone's, so no right of the role
    ("referral", "seeker"): "RC, withdraw own",
    ("claim", "township"): "R, first decision",
    ("claim", "county"): "R, second decision",
    ("case", "seeker"): "RC own, may hide name",
    ("case", "employer"): "R answer, no phone",
    ("case", "village"): "RC, never about self",
    ("campaign", "seeker"): "opt out",
    ("campaign", "county"): "CD, second person > 1,000",
    ("people_file", "seeker"): "own copy",
    ("people_file", "auditor"): "log",
    ("staff_account", "employer"): "co members",
    ("staff_account", "broker"): "own",
    ("staff_account", "upper"): "one level down",
    ("audit_log", "seeker"): "who read my file",
    ("audit_log", "township"): "own team",
    ("audit_log", "county"): "p6",
    ("audit_log", "admin"): "technical",
    ("audit_log", "auditor"): "all",
}


def report(outcome: Outcome) -> None:
    asked, allowed, leaks = outcome.asked, outcome.allowed, len(outcome.leaks)
    sys.stdout.write(f"\n{asked:,} probes, {allowed:,} allowed, {leaks} leaks\n")


def test_where_something_can_go_wrong_the_table_agrees_with_the_oracle() -> None:
    outcome = probe_all(islice(sharp_probes(), 0, None, SHARP_STEP))
    report(outcome)
    assert outcome.asked > 100_000
    assert outcome.allowed > 3_000
    assert outcome.differences[:20] == []


@pytest.mark.slow
def test_the_whole_product_agrees_with_the_oracle() -> None:
    for probes in (sharp_probes(), islice(all_probes(), 0, None, WHOLE_STEP)):
        outcome = probe_all(probes)
        report(outcome)
        assert outcome.asked > 500_000
        assert outcome.differences[:20] == []


def test_the_oracle_has_the_letters_of_safety(shared_data: Path) -> None:
    """Cell by cell: the letters R C U D X of the real table are those of the oracle."""
    text = (shared_data.parent / "SAFETY.md").read_text(encoding="utf-8")
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    body = [row for row in rows if len(row) == 10][1:]
    assert len(body) == len(Resource) - len(oracle.NOT_IN_SAFETY)
    cells = {name: row for name, row in oracle.CELLS.items() if name not in oracle.NOT_IN_SAFETY}
    different = []
    for resource, row in zip(cells, body, strict=True):
        for column, cell, ours in zip(oracle.COLUMNS, row[1:], cells[resource], strict=True):
            words = IN_WORDS.get((resource, column))
            same = letters(cell) == letters(ours) if words is None else cell == words
            if not same:
                different.append((resource, column, cell, ours))
    assert different == []


def letters(cell: str) -> set[str]:
    """The letters at the beginning of a cell and after its semicolons."""
    return {letter for word in re.findall(r"(?:^|; )([RCUDX]+)\b", cell) for letter in word}
