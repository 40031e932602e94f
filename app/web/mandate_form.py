"""委托的表: an agency or a labour broker asks to act for a firm, with the photographed paper it gave."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Protocol

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import AppError, FieldProblem, Invalid
from app.core.http import ReadSession, WriteSession, read_once, run_with_database
from app.employers.team import mandates
from app.employers.team.mandate_queries import Agent
from app.web.photos import read_photo

FIELDS: Final = ("client", "until_on")
_LONGEST: Final = 80
Typed = Mapping[str, str]


class AskingDesk(Protocol):
    """办事台: who asks, the keys and the time."""

    @property
    def actor(self) -> Actor: ...

    @property
    def cipher(self) -> FieldCipher: ...

    @property
    def clock(self) -> Clock: ...


async def ask_with_paper(
    request: Request,
    desk: AskingDesk,
    sent: FormData,
    *,
    find_agent: Callable[[WriteSession], Agent],
    address_after: Callable[[Agent], str],
    show_again: Callable[[ReadSession, Typed, AppError], Response],
) -> Response:
    """Asks and leads on; what was refused is said on the form, `show_again`, with what was typed."""
    typed = {name: str(sent.get(name, ""))[:_LONGEST].strip() for name in FIELDS}

    def work(database: Database) -> Response:
        with database.write() as session:
            agent = find_agent(session)
            mandates.ask_mandate(
                session,
                desk.actor,
                agent,
                client=typed["client"],
                until_on=until_on,
                picture=picture,
                cipher=desk.cipher,
                clock=desk.clock,
            )
            return RedirectResponse(address_after(agent), 303)

    try:
        until_on = _read_until(typed["until_on"])
        picture = await read_photo(sent)
        return await run_with_database(request, work)
    except AppError as error:
        refused = error
        return await read_once(request, lambda session: show_again(session, typed, refused))


def _read_until(text: str) -> date | None:
    """Raises Invalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        words = "日子写成 2027-06-30 这样"
        raise Invalid("有几处还要改一下。", fields=[FieldProblem("until_on", words)]) from error
