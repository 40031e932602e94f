"""账号表: users, their roles, sessions, API tokens, phone codes, and what happened to them."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.terms import AccountEventKind, Role, UserKind
from app.core.db import NOT_IN_BACKUP, Base
from app.core.types import BigId, RegionCode, UtcDateTime, enum_column


class User(Base):
    """用户: anyone who can sign in. What they may do stands in their role grants."""

    __tablename__ = "users"
    # A colleague may look for work on the side: one phone, one account of each kind.
    __table_args__ = (UniqueConstraint("kind", "phone_index"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[UserKind] = mapped_column(enum_column(UserKind), comment="how they sign in")
    username: Mapped[str | None] = mapped_column(String(40), unique=True, comment="lower case; staff only")
    display_name: Mapped[str] = mapped_column(String(40), comment="what colleagues see")
    password_hash: Mapped[str | None] = mapped_column(String(200), comment="argon2id")
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed; 160 bits in base32")
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="null: not asked for yet")
    totp_last_step: Mapped[int | None] = mapped_column(Integer, comment="30 s step of the last code used")
    work_phone: Mapped[str | None] = mapped_column(
        String(20), comment="an officer's own, printed in full on posters: public"
    )
    phone: Mapped[bytes | None] = mapped_column(LargeBinary, comment="sealed")
    phone_index: Mapped[str | None] = mapped_column(String(64), comment="keyed digest")
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)


class RoleGrant(Base):
    """角色授权: a role a user holds over a region or for an employer, from when until when."""

    __tablename__ = "role_grants"
    __table_args__ = (
        Index("ix_role_grants_user_in_force", "user_id", "ended_at"),
        Index("ix_role_grants_region_role", "region_code", "role"),
        CheckConstraint("valid_until IS NULL OR valid_until > starts_at", name="dates_in_order"),
        CheckConstraint("role <> 'employer' OR employer_id IS NOT NULL", name="employer_named"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    region_code: Mapped[str | None] = mapped_column(RegionCode, ForeignKey("regions.code"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    is_read_only: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="left to a former officer after a hand-over"
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="null: the system")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Mandate(Base):
    """委托: until a day, an agency's people or a labour broker post for a firm that asked them to.

    Asked for with the paper, granted by the firm or by the office that keeps it. Whose it is: of an agency
    (all its people) or of one broker. Read anew with every request, as roles are.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        CheckConstraint("(agent_employer_id IS NULL) <> (agent_user_id IS NULL)", name="one_agent"),
        CheckConstraint("agent_employer_id IS NULL OR agent_employer_id <> client_id", name="not_oneself"),
        CheckConstraint("granted_at IS NULL OR valid_until > granted_at", name="dates_in_order"),
        Index("ix_mandates_agent_employer", "agent_employer_id", "ended_at"),
        Index("ix_mandates_agent_user", "agent_user_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True, comment="for whom")
    agent_employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    agent_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    paper_id: Mapped[int | None] = mapped_column(BigId, comment="the photographed paper, employer_papers")
    asked_by_id: Mapped[int | None] = mapped_column(BigId, comment="user; kept when the account goes")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(BigId)
    granted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proof: Mapped[str] = mapped_column(
        String(200), default="", comment="what the office saw, where it granted"
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="taken back, given up or refused")
    ended_by_id: Mapped[int | None] = mapped_column(BigId)
    end_reason: Mapped[str] = mapped_column(String(200), default="")


class UserSession(Base):
    """登录会话: one browser signed in. The cookie holds a random token, the table its hash."""

    __tablename__ = "user_sessions"
    __table_args__ = (Index("ix_user_sessions_user", "user_id", "ended_at"), NOT_IN_BACKUP)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="exact to a minute")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """接口令牌: lets a program act for a user."""

    __tablename__ = "api_tokens"
    __table_args__ = NOT_IN_BACKUP

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="exact to a minute")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PhoneCode(Base):
    """短信验证码: a code on its way to a phone, good for the browser that asked for it only."""

    __tablename__ = "phone_codes"
    __table_args__ = (Index("ix_phone_codes_asker", "asker_hash", "created_at"), NOT_IN_BACKUP)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    asker_hash: Mapped[str] = mapped_column(String(64), comment="hash of the asking browser's token")
    phone: Mapped[bytes] = mapped_column(LargeBinary, comment="sealed")
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), comment="keyed: six digits are soon tried out")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    spent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="used, replaced, tried too often")


class AccountEvent(Base):
    """账号记录: what happened to an account. Rows are added, never changed."""

    __tablename__ = "account_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[AccountEventKind] = mapped_column(enum_column(AccountEventKind))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True, comment="whose account")
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="null: public or system")
    detail: Mapped[str] = mapped_column(String(120), default="", comment="codes and ids, no personal data")


class HealthDuty(Base):
    """健康值守: a county officer appointed, until a day, to read health facts of the county's people.

    Without an appointment in force no county officer reads them (SAFETY: "duty role").
    """

    __tablename__ = "health_duties"
    __table_args__ = (
        Index("ix_health_duties_region", "region_code", "ended_at"),
        Index("ix_health_duties_user", "user_id"),
        CheckConstraint("valid_until > starts_at", name="dates_in_order"),
        CheckConstraint("appointed_by_id IS NULL OR appointed_by_id <> user_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    region_code: Mapped[str] = mapped_column(RegionCode, ForeignKey("regions.code"), comment="of a county")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    appointed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="null: the system")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
