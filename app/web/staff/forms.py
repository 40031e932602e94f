"""表单页: what a form page of the ledger shows, and how the problems of a form are told at its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData

from app.core.errors import AppError, FieldProblem
from app.core.problems import field_problems
from app.web.csrf import FORM_FIELD
from app.web.staff import fields
from app.web.staff.conflicts import Conflict
from app.web.staff.fields import Group, Typed


@dataclass(frozen=True)
class FormView:
    """表单页: `action` where it is sent, `button` what the green button says, `back` where one gives up."""

    title: str
    action: str
    back: str
    button: str
    groups: tuple[Group, ...]
    hidden: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    conflict: Conflict | None = None
    officer: str = ""
    officer_action: str = ""
    is_mine: bool = False
    close_action: str = ""
    version: int = 0


async def read_form(request: Request) -> FormData:
    """What was sent; the CSRF check has read it already."""
    return await request.form()


SentForm = Annotated[FormData, Depends(read_form)]


def version_in(form: FormData) -> int:
    """The version a form was filled in from; 0, which no record has, for nonsense."""
    text = str(form.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def with_problems(view: FormView, typed: Typed, title: str, found: Sequence[FieldProblem]) -> FormView:
    """The same form with what was typed, each mistake named at its field."""
    problems = {problem.field.split(".")[0]: problem.message for problem in found}
    shown = {field.name for group in view.groups for field in group.fields}
    listed = tuple(
        (name, f"{fields.label(name)}：{words}") for name, words in problems.items() if name in shown
    )
    groups = fields.filled(view.groups, typed, problems)
    return replace(view, groups=groups, problem=title, problems=listed)


class _Form(Protocol):
    """Any dataclass; the forms of `shown_again` have `typed`, `token`, `problem` and `problems`."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Form = TypeVar("Form", bound=_Form)


def shown_again(
    form: Form, typed: Mapping[str, str], sent: FormData, error: AppError | ValidationError
) -> tuple[Form, int]:
    """A refused form as it was sent, with its token and its mistakes by field; and the status."""
    title, found, status = problems_of(error)
    told = {each.field: each.message for each in found}
    changed = replace(form, typed=typed, token=str(sent.get(FORM_FIELD, "")), problem=title, problems=told)
    return changed, status


def problems_of(error: AppError | ValidationError) -> tuple[str, list[FieldProblem], int]:
    """The sentence on top, the fields, and the status of a refused form."""
    if isinstance(error, AppError):
        return error.title, list(error.fields), error.status
    found = field_problems(RequestValidationError(error.errors()))
    said = [
        FieldProblem(problem.field, str(item.get("ctx", {}).get("error") or problem.message))
        for problem, item in zip(found, error.errors(), strict=True)
    ]
    general = [problem.message for problem in said if problem.field in ("body", "")]
    return general[0] if general else "有的地方填得不对，改一下就行。", said, 422
