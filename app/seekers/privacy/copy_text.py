"""副本的文字: the copy as plain Chinese, to print or read out. Pure."""

from collections.abc import Iterator
from datetime import datetime

from app.core.clock import OFFICE_ZONE
from app.seekers.privacy.schemas import CopiedField, CopyOut


def write_copy(copy: CopyOut) -> str:
    """One line an item, headings numbered; ends with whom to turn to."""
    return "\n".join(_lines(copy)) + "\n"


def _lines(copy: CopyOut) -> Iterator[str]:
    yield "个人信息副本"
    yield f"这是本单位存着的、关于您的全部资料，{_time(copy.made_at)}做的。"
    yield ""
    yield "一、您的情况"
    yield from _fields([*copy.private, *copy.person])
    yield from (f"（没放进来的）{part}" for part in copy.left_out)
    yield ""
    yield "二、您家的情况"
    yield from _fields(copy.household)
    yield ""
    yield "三、改过什么"
    for change in copy.history:
        for_whom = f"，听{change.acting_for}说的" if change.acting_for else ""
        why = f"，因为{change.reason}" if change.reason else ""
        yield f"{_time(change.at)} {change.actor_name} {change.kind}{for_whom}{why}"
        yield from (f"    {line}" for line in _fields(change.fields))
    yield ""
    yield "四、您同意过、收回过什么"
    for consent in copy.consents:
        word = "同意" if consent.is_given else "收回同意"
        yield f"{_time(consent.at)} {word}：{consent.purpose_label}（{consent.method_label}）"
    yield ""
    yield "五、谁看过您的资料"
    for look in copy.looks:
        why = f"，因为{look.reason}" if look.reason else ""
        yield f"{_time(look.at)} {look.actor_name}（{look.role or '系统'}）{look.action}：{look.what}{why}"
    yield ""
    yield "有不对的，请告诉村里的就业信息员，当面就能改。您也可以收回同意，或者要求删除。"


def _fields(fields: list[CopiedField]) -> Iterator[str]:
    return (f"{field.label}：{field.shown}" for field in fields if field.shown != "无")


def _time(at: datetime) -> str:
    moment = at.astimezone(OFFICE_ZONE)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour:02}:{moment.minute:02}"
