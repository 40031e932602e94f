"""版本号与 If-Match: what is edited carries its version as ETag; an edit naming an older one is refused."""

from typing import Annotated

from fastapi import Depends, Header

from app.core.errors import FieldProblem, Invalid


def etag(version: int) -> str:
    """The entity tag of a record's version."""
    return f'"{version}"'


def read_if_match(
    if_match: Annotated[str | None, Header(description='版本号，例如 "3"')] = None,
) -> int | None:
    """The version an `If-Match` header asks for; None without one, or for `*`. Raises Invalid."""
    if if_match is None or if_match.strip() == "*":
        return None
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Invalid("If-Match 里的版本号不对。", fields=[FieldProblem("If-Match", '应写成 "3" 这样')])
    return int(digits)


IfMatch = Annotated[int | None, Depends(read_if_match)]
