"""照片表单: forms that carry a photo. What is too large is refused before it is read; drawing it anew needs
no database connection."""

from collections.abc import AsyncIterator

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.accounts.dependencies import SAFE_METHODS
from app.core.errors import TooLarge
from app.employers.papers.pictures import MAX_BYTES, TOO_BIG, Picture, clean_picture

# Up to here the form itself can still say what is wrong, with everything that was typed.
_MOST_BODY = 3 * MAX_BYTES


async def refuse_huge(request: Request) -> None:
    """Before anything of a body is read: it must tell its size, and that must be one we take. Raises
    TooLarge."""
    if request.method in SAFE_METHODS:
        return
    size = request.headers.get("content-length", "")
    if not size.isdigit() or int(size) > _MOST_BODY:
        raise TooLarge(TOO_BIG)


async def close_form(request: Request) -> AsyncIterator[None]:
    """Dependency of pages that read a form by themselves: what it keeps on disk goes when they are done."""
    try:
        yield
    finally:
        await request.close()


async def read_photo(sent: FormData) -> Picture:
    """The photo of the field `photo`, drawn anew. Raises Invalid."""
    photo = sent.get("photo")
    content = await photo.read(MAX_BYTES + 1) if isinstance(photo, UploadFile) else b""
    return await run_in_threadpool(clean_picture, content)


# Of a router whose forms carry photos; before the check that reads the form.
PHOTO_FORMS = [Depends(refuse_huge), Depends(close_form)]


def picture_response(content: bytes) -> Response:
    """A paper's picture: for these eyes, kept nowhere."""
    response = Response(content, media_type="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
