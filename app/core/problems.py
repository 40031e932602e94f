"""Every error in its medium: `application/problem+json` (RFC 9457) under /api, an HTML page elsewhere."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.core.errors import (
    AppError,
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooMany,
    Unavailable,
)
from app.core.http import replay_after_race

log = structlog.get_logger()


@dataclass(frozen=True)
class Problem:
    """An error as it is told to a person. `reference` is set when the office should look into its log."""

    status: int
    code: str
    title: str
    fields: tuple[FieldProblem, ...] = ()
    extra: dict[str, object] = field(default_factory=dict)
    retry_after_s: int | None = None
    reference: str | None = None

    @classmethod
    def of(cls, error: AppError) -> "Problem":
        retry = error.retry_after_s if isinstance(error, TooMany | Unavailable) else None
        return cls(error.status, error.code, error.title, error.fields, error.extra, retry)

    def headers(self) -> dict[str, str]:
        headers = {"Cache-Control": "no-store"}
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(self.retry_after_s)
        return headers


RenderPage = Callable[[Request, Problem], Response]


def as_json(problem: Problem) -> Response:
    """The problem document."""
    body: dict[str, object] = {
        "type": f"urn:songgang:problem:{problem.code}",
        "status": problem.status,
        "code": problem.code,
        "title": problem.title,
    }
    if problem.fields:
        body["errors"] = [{"field": p.field, "message": p.message} for p in problem.fields]
    if problem.reference:
        body["reference"] = problem.reference
    return JSONResponse(
        body | problem.extra,
        problem.status,
        problem.headers(),
        "application/problem+json",
    )


def install_problem_handlers(app: FastAPI, render_page: RenderPage) -> None:
    """Registers the handlers. `render_page` draws the page for everything outside /api."""

    def answer(request: Request, problem: Problem) -> Response:
        if request.url.path.startswith("/api/"):
            return as_json(problem)
        return render_page(request, problem)

    @app.exception_handler(AppError)
    async def on_app_error(request: Request, error: AppError) -> Response:
        return answer(request, Problem.of(error))

    @app.exception_handler(RequestValidationError)
    async def on_bad_shape(request: Request, error: RequestValidationError) -> Response:
        return answer(request, Problem.of(Invalid(fields=field_problems(error))))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        return answer(request, _problem_of_status(error.status_code))

    @app.exception_handler(IntegrityError)
    async def on_integrity(request: Request, error: IntegrityError) -> Response:
        given = await replay_after_race(request)
        if given is not None:
            return given
        log.warning("constraint_refused", kind=type(error.orig).__name__)
        return answer(request, Problem.of(Conflict()))

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    async def on_database_trouble(request: Request, error: Exception) -> Response:
        log.error("database_unavailable", kind=_kind(error))
        return answer(request, Problem.of(Unavailable()))

    @app.exception_handler(Exception)
    async def on_unexpected(request: Request, error: Exception) -> Response:
        # The reference is all that is shown; the log has the traceback's frames but not its values.
        reference = secrets.token_hex(4).upper()
        log.error("unexpected_error", reference=reference, kind=type(error).__name__, exc_info=error)
        title = f"我们这边出了点毛病，不是你弄坏的。再试一次；还不行，把编号 {reference} 告诉信息员。"
        return answer(request, Problem(500, "internal", title, reference=reference))


def field_problems(error: RequestValidationError) -> list[FieldProblem]:
    """Pydantic's findings in plain Chinese. What was typed is never repeated."""
    found = []
    for item in error.errors():
        path = ".".join(str(part) for part in item["loc"] if part not in ("body", "query", "path"))
        found.append(FieldProblem(path or "body", _plain_message(item["type"], item.get("ctx") or {})))
    return found


_PLAIN = {
    "missing": "这一项要填",
    "extra_forbidden": "没有这一项，请去掉",
    "json_invalid": "不是正确的 JSON",
    "string_type": "要填文字",
    "int_parsing": "要填整数",
    "int_type": "要填整数",
    "int_from_float": "要填整数",
    "float_parsing": "要填数字",
    "float_type": "要填数字",
    "bool_parsing": "只能填 true 或 false",
    "bool_type": "只能填 true 或 false",
    "date_from_datetime_parsing": "日期写成 2026-11-22 这样",
    "date_parsing": "日期写成 2026-11-22 这样",
    "datetime_parsing": "时间写成 2026-11-22T09:00:00+08:00 这样",
    "list_type": "要填一组值",
    "dict_type": "要填一个对象",
    "model_attributes_type": "要填一个对象",
}


def _plain_message(kind: str, context: dict[str, object]) -> str:
    if kind == "string_too_long":
        return f"太长了，最多 {context.get('max_length')} 个字"
    if kind == "string_too_short":
        return f"太短了，最少 {context.get('min_length')} 个字"
    if kind in ("greater_than_equal", "greater_than"):
        return f"不能小于 {context.get('ge', context.get('gt'))}"
    if kind in ("less_than_equal", "less_than"):
        return f"不能大于 {context.get('le', context.get('lt'))}"
    if kind == "too_long":
        return f"太多了，最多 {context.get('max_length')} 个"
    if kind == "enum" or kind == "literal_error":
        return f"只能填这些：{context.get('expected')}"
    if kind == "value_error":
        # Our own validators raise ValueError with a plain sentence.
        return str(context.get("error", "这个值不对"))
    return _PLAIN.get(kind, "这个值不对")


def _problem_of_status(status: int) -> Problem:
    by_status: dict[int, type[AppError]] = {
        401: NotSignedIn,
        403: Forbidden,
        404: NotFound,
        413: TooLarge,
        422: Invalid,
    }
    if status in by_status:
        return Problem.of(by_status[status]())
    if status == 405:
        return Problem(405, "method_not_allowed", "这个地址不能这样用。")
    return Problem(status, "http_error", "这个请求我们办不了，请退回去再试一次。")


def _kind(error: Exception) -> str:
    """The class of the driver's error: its text may quote the row."""
    return type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
