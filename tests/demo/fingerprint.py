"""A digest of a whole demo county: equal digests, equal counties. Also a program, for test_repeatable."""

import hashlib
import sys
from datetime import date

from app.demo.county import DemoCounty, build_demo_county


def fingerprint(county: DemoCounty) -> str:
    """Every field of every value, in order. `repr` of dataclasses, dates, integers and texts is stable."""
    parts = (county.places, county.staff, county.employers, county.postings, county.households)
    return hashlib.sha256("\n".join(repr(part) for part in parts).encode()).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(fingerprint(build_demo_county(date.fromisoformat(sys.argv[1]))))
