"""Parts, quiet hours, limits, waiting."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import OFFICE_ZONE
from app.notifications import rules
from app.notifications.terms import RANK, MessageState, states_below


@pytest.mark.parametrize(
    ("length", "parts"),
    [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4), (500, 8)],
)
def test_mainland_parts_as_the_provider_bills_them(length: int, parts: int) -> None:
    assert rules.count_parts("字" * length) == parts
    assert rules.count_parts("a" * length) == parts


def test_the_signature_counts() -> None:
    """A body of 63 with 【送岗】 is 67: one message; one of 67 is 71: two."""
    assert rules.count_parts(rules.with_signature("字" * 63, "送岗")) == 1
    assert rules.count_parts(rules.with_signature("字" * 66, "送岗")) == 1
    assert rules.count_parts(rules.with_signature("字" * 67, "送岗")) == 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 69 + "字", 1),
        ("a" * 70 + "字", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_outside_the_mainland(text: str, parts: int) -> None:
    assert rules.count_parts(text, mainland=False) == parts


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22 {text}").replace(tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [("07:59:59", True), ("08:00", False), ("19:59:59", False), ("20:00", True), ("00:00", True)],
)
def test_quiet_from_eight_to_eight_in_beijing(moment: str, quiet: bool) -> None:
    assert rules.is_quiet(at(moment)) is quiet
    assert rules.is_quiet(at(moment).astimezone(UTC)) is quiet


def test_what_falls_into_the_night_goes_in_the_morning() -> None:
    assert rules.after_quiet(at("12:30")) == at("12:30")
    assert rules.after_quiet(at("21:00")) == at("08:00") + timedelta(days=1)
    assert rules.after_quiet(at("03:00")) == at("08:00")


def test_room_for_one_a_day_on_a_channel_and_three_a_week() -> None:
    now, hour = at("12:00"), timedelta(hours=1)
    assert rules.has_room_at(now, None, None) == now
    assert rules.has_room_at(now, now - 23 * hour, None) == now + hour
    assert rules.has_room_at(now, now - 24 * hour, None) == now
    assert rules.has_room_at(now, None, now - timedelta(days=6)) == now + timedelta(days=1)


def test_waits_grow() -> None:
    assert [rules.retry_after(n).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert sum((rules.ask_after(n) for n in range(rules.MAX_ASKS)), timedelta()) < timedelta(hours=1)


def test_a_delivered_message_is_the_highest_and_a_failed_one_was_accepted() -> None:
    assert states_below(MessageState.DELIVERED) == set(MessageState) - {MessageState.DELIVERED}
    assert RANK[MessageState.UNKNOWN] < RANK[MessageState.ACCEPTED] < RANK[MessageState.FAILED]
