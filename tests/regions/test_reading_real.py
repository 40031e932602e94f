"""Accuracy on real addresses kept outside the repository; skipped where they are not at hand."""

import json
import os
from pathlib import Path

import pytest

from app.regions.reading import read_address

SHARED = Path(os.environ.get("SONGGANG_SHARED", Path(__file__).parents[2].parent / "shared"))
CASES = SHARED / "data" / "parse_cases_dev.json"


@pytest.mark.skipif(not CASES.exists(), reason="the real addresses are not at hand")
def test_at_least_96_percent_of_real_addresses_are_read_right() -> None:
    cases = json.loads(CASES.read_text("utf-8"))["address"]
    wrong = []
    for case in cases:
        code = read_address(case["text"]).code
        expected = case["expected"]
        accepted = {expected["code6"], *expected.get("accept_codes", [])}
        if (code[:6] if code else None) not in accepted:
            wrong.append((case["text"], code, accepted))
    assert len(wrong) <= len(cases) * 0.04, wrong
