"""消息怎么显示: one message as a colleague may read it, opened for whoever may see the reader's phone."""

from dataclasses import dataclass, field
from datetime import datetime

from app.core.crypto import FieldCipher, Unsealable
from app.notifications import stuck
from app.notifications.models import Message
from app.notifications.sealing import open_parameters, open_recipient
from app.notifications.terms import Channel, MessageState
from app.notifications.wording import get_template, render_template


@dataclass(frozen=True)
class ShownMessage:
    """一条消息. `tail` are the last four of the number; `trouble` says plainly what a person should do."""

    id: int
    title: str
    channel: Channel
    state: MessageState
    tail: str = field(repr=False)
    text: str = field(repr=False)
    due_at: datetime
    called_at: datetime | None
    settled_at: datetime | None
    parts: int
    cost_fen: int
    trouble: str = ""


def show_message(message: Message, cipher: FieldCipher) -> ShownMessage:
    """The message with its text; empty text and tail when its content was forgotten."""
    try:
        recipient, parameters = open_recipient(message, cipher), open_parameters(message, cipher)
    except Unsealable:
        recipient, parameters = "", {}
    text = render_template(message.template_code, parameters) if parameters else ""
    return ShownMessage(
        id=message.id,
        title=get_template(message.template_code).title,
        channel=message.channel,
        state=message.state,
        tail=recipient[-4:],
        text=text,
        due_at=message.due_at,
        called_at=message.called_at,
        settled_at=message.settled_at,
        parts=message.parts,
        cost_fen=message.cost_fen,
        trouble=trouble_of(message),
    )


def trouble_of(message: Message) -> str:
    """What is wrong and what to do, as a sentence; empty when all is well."""
    if message.state is MessageState.UNKNOWN:
        return "发的时候断了线，问了运营商也说不清。请打电话问一下本人收到没有，再点“收到了”或者“再发一次”。"
    if message.state is MessageState.FAILED:
        return "没送到，号码可能停机或者换了。请打电话，或者托人带话。"
    if message.state is MessageState.DROPPED and message.drop_reason is not None:
        return f"没有发：{message.drop_reason.label}。"
    if message.state is MessageState.WAITING and message.outcome_code == stuck.BUDGET:
        return "今天的短信钱用完了，明天接着发。急的请打电话。"
    if message.state is MessageState.WAITING and message.outcome_code == stuck.NOBODY_CARRIES:
        return "短信通道现在不通，通了就发。急的请打电话。"
    return ""
