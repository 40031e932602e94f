"""Enumerations that store English and show Chinese."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A closed list of terms: the value is the stored English code, `label` the Chinese word people read.

    >>> class Meal(LabelledEnum):
    ...     LUNCH = "lunch", "午饭"
    >>> Meal("lunch").label
    '午饭'
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
