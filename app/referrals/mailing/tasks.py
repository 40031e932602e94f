"""群发后台任务: writing the messages of a large campaign."""

from collections.abc import Mapping
from typing import Any

from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.core.tasks import TaskContext, task
from app.notifications.settings import NotificationSettings
from app.referrals.mailing.planning import PLAN, plan_more


@task(PLAN)
def plan_campaign(context: TaskContext, payload: Mapping[str, Any]) -> None:
    """排群发: the next few hundred people of a campaign; plans its own continuation."""
    signature = NotificationSettings().sms_signature
    cipher = cipher_of(Settings())
    plan_more(context.session, context.clock, cipher, int(payload["campaign_id"]), signature)
