"""通知接口: where providers report how messages fared. Open to the world; each push must prove itself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from app.accounts.dependencies import CurrentCipher
from app.core.errors import Forbidden, NotFound, TooLarge
from app.core.http import CurrentClock, WriteSession
from app.core.settings import Settings
from app.notifications.carriers import Carriers, make_carriers
from app.notifications.providers.base import Provider, Push, PushRefused
from app.notifications.providers.wechat import WechatTemplates
from app.notifications.receipts import take_push

router = APIRouter(tags=["receipts"])
MAX_BODY = 512 * 1024


def get_carriers(request: Request) -> Carriers:
    """The carriers of this process, made when first needed."""
    found: Carriers | None = getattr(request.app.state, "carriers", None)
    if found is None:
        settings: Settings = request.app.state.settings
        found = request.app.state.carriers = make_carriers(settings)
    return found


CurrentCarriers = Annotated[Carriers, Depends(get_carriers)]


def _find_provider(carriers: Carriers, name: str) -> Provider:
    provider = carriers.by_name.get(name)
    if provider is None:
        raise NotFound
    return provider


async def read_push(request: Request) -> Push:
    """The push as it came. Raises `TooLarge`."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooLarge
    return Push(dict(request.query_params), {k.lower(): v for k, v in request.headers.items()}, body)


@router.post("/receipts/{provider}", include_in_schema=False)
def take_receipts(
    provider: str,
    push: Annotated[Push, Depends(read_push)],
    session: WriteSession,
    clock: CurrentClock,
    cipher: CurrentCipher,
    carriers: CurrentCarriers,
) -> Response:
    """Takes receipts and replies; the same push twice changes nothing."""
    carrier = _find_provider(carriers, provider)
    try:
        items = carrier.read_push(push, clock.now())
    except PushRefused as refused:
        raise Forbidden("这次推送没有通过校验。") from refused
    take_push(session, clock, cipher, provider, items)
    answer = carrier.push_answer()
    return PlainTextResponse(answer) if isinstance(answer, str) else JSONResponse(dict(answer))


@router.get("/receipts/{provider}", include_in_schema=False)
def confirm_address(
    provider: str,
    request: Request,
    clock: CurrentClock,
    carriers: CurrentCarriers,
    echostr: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """WeChat asks once whether the address is ours (接入指南): its signed word is repeated."""
    carrier = _find_provider(carriers, provider)
    if not isinstance(carrier, WechatTemplates):
        raise NotFound
    try:
        carrier.check_push(Push(dict(request.query_params), {}, b""), clock.now())
    except PushRefused as refused:
        raise Forbidden("这次推送没有通过校验。") from refused
    return PlainTextResponse(echostr)
