"""群发对象表: whom a campaign is for, how far it is written, and who was left out."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.types import BigId, JsonDocument, enum_column
from app.notifications.terms import SkipReason


class CampaignAudience(Base):
    """群发对象: the people a campaign was made for, and how far its messages are written.

    People are gone through by id, some hundred in one transaction; `last_person_id` is where that stands.
    """

    __tablename__ = "campaign_audiences"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("message_campaigns.id"), primary_key=True)
    filters: Mapped[dict[str, Any]] = mapped_column(JsonDocument, comment="AudienceFilters; no names")
    words: Mapped[dict[str, str]] = mapped_column(
        JsonDocument, comment="parameters of the text but the name; nothing about a person"
    )
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job_postings.id"), comment="the posting it is about"
    )
    price_fen: Mapped[int] = mapped_column(Integer, comment="of one part, when it was made")
    max_people: Mapped[int | None] = mapped_column(Integer, comment="limit of who made it; null: none")
    second_person_above: Mapped[int | None] = mapped_column(Integer, comment="more than so many take two")
    last_person_id: Mapped[int] = mapped_column(BigId, default=0, comment="people up to here are looked at")
    seen: Mapped[int] = mapped_column(Integer, default=0, comment="people looked at so far")


class CampaignSkip(Base):
    """群发跳过的人: somebody the campaign was meant for who gets no message, or not at once, and why."""

    __tablename__ = "campaign_skips"
    __table_args__ = (Index("ix_campaign_skips_person", "person_id"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("message_campaigns.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    reason: Mapped[SkipReason] = mapped_column(enum_column(SkipReason))
