"""Each posting wears one trade; the finer code decides."""

import pytest

from app.web.portal.kinds import KINDS, OTHER, find_kind, kind_of
from app.web.rendering import icon_symbols


@pytest.mark.parametrize(
    ("code", "employer", "kind"),
    [
        ("6-05-01-02", "community_factory", "sew"),
        ("6-31-01-03", "enterprise", "elec"),
        ("6-31-01-02", "enterprise", "repair"),
        ("6-30-05-01", "enterprise", "fork"),
        ("6-30-05-05", "enterprise", "drive"),
        ("6-25-04-00", "enterprise", "factory"),
        ("4-10-01-05", "enterprise", "elder"),
        ("4-10-01-06", "enterprise", "clean"),
        ("4-10-03-01", "individual", "other"),
        ("2-02-10-01", "enterprise", "office"),
        ("4-09-08-01", "public_welfare", "public"),
        (None, "enterprise", "other"),
        ("", "enterprise", "other"),
    ],
)
def test_kind_of(code: str | None, employer: str, kind: str) -> None:
    assert kind_of(code, employer).code == kind


def test_the_table_is_sound() -> None:
    prefixes = [prefix for kind in KINDS for prefix in kind.prefixes]
    assert len(prefixes) == len(set(prefixes))
    assert {len(prefix) for prefix in prefixes} <= {1, 4, 7, 10}
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    assert {kind.icon for kind in KINDS} <= icon_symbols().keys()
    assert all(len(kind.label) <= 4 for kind in KINDS), "a tile holds four signs"
    assert all(kind.words for kind in KINDS if kind.ability)
    assert OTHER.code == "other"
    assert find_kind("nothing") is None
