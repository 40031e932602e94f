"""Sealed fields open in their own place only, with their own key only, and give nothing away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.crypto import FieldCipher, Place, Unsealable

CIPHER = FieldCipher("one key of forty characters, more or less")
PHONE_OF_7 = Place("users", "phone", 7)


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert CIPHER.open(CIPHER.seal(text, PHONE_OF_7), PHONE_OF_7) == text


@pytest.mark.parametrize(
    "place", [Place("users", "phone", 8), Place("users", "totp_secret", 7), Place("phone_codes", "phone", 7)]
)
def test_moved_to_another_row_column_or_table_it_stays_shut(place: Place) -> None:
    sealed = CIPHER.seal("13900002041", PHONE_OF_7)
    with pytest.raises(Unsealable):
        CIPHER.open(sealed, place)


@given(st.data())
def test_any_change_of_a_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(CIPHER.seal("13900002041", PHONE_OF_7))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unsealable):
        CIPHER.open(bytes(sealed), PHONE_OF_7)


@given(st.binary(max_size=60))
def test_made_up_bytes_do_not_open(sealed: bytes) -> None:
    with pytest.raises(Unsealable):
        CIPHER.open(sealed, PHONE_OF_7)


def test_another_key_opens_nothing_and_finds_nothing() -> None:
    other = FieldCipher("another key of forty characters or so")
    with pytest.raises(Unsealable):
        other.open(CIPHER.seal("13900002041", PHONE_OF_7), PHONE_OF_7)
    assert other.blind_index("phone", "13900002041") != CIPHER.blind_index("phone", "13900002041")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({CIPHER.seal("13900002041", PHONE_OF_7) for _ in range(100)}) == 100


def test_an_index_finds_equals_within_one_purpose() -> None:
    index = CIPHER.blind_index("phone", "13900002041")
    assert index == CIPHER.blind_index("phone", "13900002041")
    assert index != CIPHER.blind_index("id_number", "13900002041")
    assert index != CIPHER.blind_index("phone", "13900002042")


def test_what_an_older_key_sealed_still_opens_and_is_found() -> None:
    new = FieldCipher(
        "the key of this year, long enough to be one", ["one key of forty characters, more or less"]
    )
    sealed = CIPHER.seal("13900002041", PHONE_OF_7)
    assert new.open(sealed, PHONE_OF_7) == "13900002041"
    assert not new.is_current(sealed)
    assert CIPHER.blind_index("phone", "13900002041") in new.blind_indexes("phone", "13900002041")
    again = new.seal("13900002041", PHONE_OF_7)
    assert new.is_current(again)
    with pytest.raises(Unsealable):
        CIPHER.open(again, PHONE_OF_7)


def test_naming_another_key_does_not_open_a_value() -> None:
    """The version is under the tag: a value relabelled with a key we have stays shut."""
    new = FieldCipher(
        "the key of this year, long enough to be one", ["one key of forty characters, more or less"]
    )
    sealed = CIPHER.seal("13900002041", PHONE_OF_7)
    with pytest.raises(Unsealable):
        new.open(new.header + sealed[len(new.header) :], PHONE_OF_7)
