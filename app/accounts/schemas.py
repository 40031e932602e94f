"""账号表单: what is sent to open an account or to sign in."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.accounts.rules import BAD_USERNAME, is_username, normalise_username
from app.accounts.terms import STAFF_ROLES, Role, UserKind


class NewStaff(BaseModel):
    """新工作人员."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str = Field(max_length=60)
    display_name: str = Field(min_length=1, max_length=40)
    role: Role
    region_code: str | None = Field(default=None, max_length=12)
    # Stands in full on posters and portal pages: that is how a false sticker is noticed.
    work_phone: str | None = Field(default=None, pattern=r"^[0-9-]{5,20}$")

    @field_validator("username")
    @classmethod
    def _read_username(cls, typed: str) -> str:
        name = normalise_username(typed)
        if not is_username(name):
            raise ValueError(BAD_USERNAME)
        return name

    @field_validator("role")
    @classmethod
    def _only_staff(cls, role: Role) -> Role:
        if role not in STAFF_ROLES:
            raise ValueError("这个角色不是工作人员的角色")
        return role


@dataclass(frozen=True)
class Visit:
    """来访: where a sign-in comes from. `token` is the session the browser came with, if any."""

    address: str
    token: str | None = None


@dataclass(frozen=True)
class SignedIn:
    """登录结果: `token` goes into the session cookie and nowhere else."""

    token: str
    user_id: int
    kind: UserKind
