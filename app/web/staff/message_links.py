"""消息的入口: from the staff home and today's list to campaigns, messages in trouble and calls."""

from app.core.http import ReadSession
from app.notifications.campaign_reports import count_waiting_for
from app.referrals.mailing.calls import count_calls
from app.referrals.mailing.opting import may_record
from app.referrals.mailing.troubles import count_troubles
from app.seekers.dependencies import Desk
from app.web.staff.page import MenuItem, may_work_referrals


def due_links(session: ReadSession, desk: Desk) -> tuple[MenuItem, ...]:
    """What about messages waits for this colleague: calls, messages in trouble; nothing where nothing does.
    Two statements."""
    if not may_work_referrals(desk.actor):
        return ()
    now, found = desk.clock.now(), []
    if calls := count_calls(session, desk.actor, now):
        found.append(MenuItem("calls", "/staff/calls", f"收不了短信的，要打 {calls:,} 个电话", "phone"))
    if troubles := count_troubles(session, desk.actor, now):
        found.append(MenuItem("messages", "/staff/messages", f"{troubles:,} 条消息没送到，要人管", "warn"))
    return tuple(found)


def message_links(session: ReadSession, desk: Desk) -> tuple[MenuItem, ...]:
    """All of them, with campaigns and opt-outs, for the staff home."""
    found = list(due_links(session, desk))
    if may_record(desk.actor):
        waiting = count_waiting_for(session, desk.actor, desk.clock.now())
        words = f"群发消息：{waiting} 次等您点头" if waiting else "群发消息"
        found.append(MenuItem("campaigns", "/staff/campaigns", words, "say"))
        found.append(MenuItem("optouts", "/staff/optouts", "有人不想收消息，记退订", "no"))
    return tuple(found)
