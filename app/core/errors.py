"""Errors a person can be told about. Each carries its status, a code for programs and a plain Chinese title.

AppError 400
├── NotSignedIn 401
├── Forbidden 403
├── NotFound 404          (also: it exists, but outside your area)
├── Conflict 409
│   └── Stale 412         (someone else changed it first)
├── Gone 410
├── TooLarge 413
├── Invalid 422           (the shape is right, a value is not)
├── TooMany 429
├── Upstream 502
└── Unavailable 503
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldProblem:
    """One field that must be changed. `message` never repeats what was typed: it may be personal data."""

    field: str
    message: str


class AppError(Exception):
    """Base of all errors shown to people.

    `title` is a plain Chinese sentence that says what to do next; `fields` names the fields to change;
    `extra` joins the problem document as further members.
    """

    status = 400
    code = "bad_request"
    title = "这个请求我们没看懂，请退回去再试一次。"

    def __init__(
        self,
        title: str | None = None,
        *,
        fields: Sequence[FieldProblem] = (),
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self.title = title or type(self).title
        self.fields = tuple(fields)
        self.extra = dict(extra or {})
        super().__init__(self.code)


class NotSignedIn(AppError):
    status, code, title = 401, "not_signed_in", "请先登录。"


class Forbidden(AppError):
    status, code, title = 403, "forbidden", "这件事您的账号办不了，请找上一级的同事。"


class NotFound(AppError):
    status, code, title = 404, "not_found", "没找到。可能已经撤下来了，也可能地址抄错了。"


class Conflict(AppError):
    status, code, title = 409, "conflict", "刚才有变化，这一步现在办不了，请刷新看看。"


class Stale(Conflict):
    status, code, title = 412, "stale", "刚刚有人改过这一页，请刷新后再改。"


class Gone(AppError):
    status, code, title = 410, "gone", "这个已经撤下来了。"


class TooLarge(AppError):
    status, code, title = 413, "too_large", "文件太大了。"


class Invalid(AppError):
    status, code, title = 422, "invalid", "有的地方填得不对，改一下就行。"


class TooMany(AppError):
    """`retry_after_s` seconds until another try makes sense."""

    status, code, title = 429, "too_many", "点得太快了，歇一会儿再试。"

    def __init__(self, title: str | None = None, *, retry_after_s: int = 60) -> None:
        super().__init__(title)
        self.retry_after_s = retry_after_s


class Upstream(AppError):
    status, code, title = 502, "upstream", "对方的系统没有回应，请过一会儿再试。"


class Unavailable(AppError):
    """`retry_after_s` seconds until another try makes sense."""

    status, code, title = 503, "unavailable", "我们这边正忙，请过几秒再试。您填的没有丢。"

    def __init__(self, title: str | None = None, *, retry_after_s: int = 5) -> None:
        super().__init__(title)
        self.retry_after_s = retry_after_s
