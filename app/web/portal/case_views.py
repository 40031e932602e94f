"""诉求各页的内容: the form, the receipt with how it stands, the box for looking it up. Plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.cases import queries
from app.cases.models import Case, CaseStep
from app.cases.rules import written_number
from app.cases.terms import CaseClose, CaseKind, CaseState, CaseStepKind
from app.core.clock import office_day
from app.core.crypto import FieldCipher
from app.regions import gazetteer
from app.web.formats import day_words
from app.web.languages import Language, mark
from app.web.portal.apply_views import Step, moment_words
from app.web.portal.views import HelpKind, Officer, PlaceView
from app.web.reader import Reader

KINDS: Final[Mapping[CaseKind, tuple[str, str, str]]] = {
    CaseKind.WAGES: ("coin", mark("干了活，不给钱"), mark("写清楚：哪家、干了多久、欠多少。")),
    CaseKind.CHEATED: ("warn", mark("碰上骗子、要押金的"), mark("写清楚：谁要的、要了多少、怎么给的。")),
    CaseKind.INJURY: ("me", mark("干活受了伤"), mark("写清楚：哪天、哪家、伤在哪儿。先去看伤，病历留好。")),
    CaseKind.WORK: ("find", mark("帮我找活"), mark("写清楚：会干什么、愿意走多远、哪天能去。")),
    CaseKind.TRAINING: ("learn", mark("想学手艺"), mark("写清楚：想学什么、什么时候有空。")),
    CaseKind.FAMILY: ("family", mark("人在外地，家里要照应"), mark("写清楚：家里是谁、要帮什么。")),
    CaseKind.STAFF: (
        "desk",
        mark("工作人员办事不对"),
        mark("写清楚：谁、哪天、怎么不对。县里来管，他自己看不到。"),
    ),
    CaseKind.OTHER: ("ask", mark("别的事"), mark("有什么说什么，写两句就行。")),
}
OF_A_FIRM: Final = frozenset({CaseKind.WAGES, CaseKind.CHEATED, CaseKind.INJURY})
# What the input's checks say (cases.schemas), here for the catalogues.
_SAID_OF_FIELDS: Final = (
    mark("写两句是什么事，好知道怎么帮"),
    mark("写上手机号，好给你回话"),
    mark("手机号不对，是 1 开头的 11 位数"),
    mark("欠多少钱只写数字，比如 3200"),
)
_RESULTS: Final[Mapping[CaseClose, str]] = {
    CaseClose.SETTLED: mark("办成了"),
    CaseClose.PAID: mark("钱要回来了"),
    CaseClose.EXPLAINED: mark("说清楚了"),
    CaseClose.HANDED_ON: mark("转给管这事的部门了"),
    CaseClose.UNFOUNDED: mark("查了，没查到"),
    CaseClose.UNREACHABLE: mark("打了三回，没打通"),
    CaseClose.TWICE: mark("和你说的另一件是一件事"),
}


@dataclass(frozen=True)
class TypedCase:
    """填了什么: stays in the fields when something must be changed; `problems` are (field, sentence)."""

    story: str = ""
    name: str = ""
    phone: str = ""
    firm_name: str = ""
    owed_yuan: str = ""
    may_name: bool = False
    problems: tuple[tuple[str, str], ...] = ()

    def problem(self, field_name: str) -> str:
        return dict(self.problems).get(field_name, "")


NOTHING_SAID: Final = TypedCase()
TYPED: Final = ("story", "name", "phone", "firm_name", "owed_yuan", "may_name")


@dataclass(frozen=True)
class CaseForm:
    """说一件事. `place` is None where the county is not known yet: then it is chosen first."""

    kind: str
    icon: str
    title: str
    hint: str
    place: PlaceView | None
    office: str
    answer_by: str
    token: str
    action: str
    of_a_firm: bool
    asks_sum: bool
    typed: TypedCase = NOTHING_SAID


@dataclass(frozen=True)
class CaseReceipt:
    """一件事的回执: its number, who looks after it, how it stands."""

    title: str
    number: str
    what: str
    office: str
    steps: tuple[Step, ...]
    promise: str
    officer: Officer | None
    is_over: bool
    may_withdraw: bool
    action: str
    problem: str = ""


@dataclass(frozen=True)
class CaseLookUp:
    """查一件事: by its number and the last four digits of the phone."""

    action: str
    number: str = ""
    problem: str = ""


def help_kinds(reader: Reader) -> tuple[HelpKind, ...]:
    """The doors on the help page, in the order of how often they are needed."""
    return tuple(
        HelpKind(icon, title, reader.url("/cases/new", kind=kind.value))
        for kind, (icon, title, _hint) in KINDS.items()
    )


def receipt_title(language: Language, case: Case) -> str:
    """收到了 / 有人在办 / 办完了 / 撤好了."""
    _ = language.gettext
    return {
        CaseState.WAITING: _("收到了"),
        CaseState.IN_HAND: _("有人在办"),
        CaseState.CLOSED: _("办完了"),
        CaseState.WITHDRAWN: _("撤好了"),
    }[case.state]


def case_steps(
    language: Language, case: Case, steps: Sequence[CaseStep], cipher: FieldCipher, now: datetime
) -> tuple[Step, ...]:
    """What happened, and what comes next with its day. Colleagues are not named: the office answers."""
    _ = language.gettext
    found: list[Step] = []
    titles = {
        CaseStepKind.RECEIVED: _("你说了"),
        CaseStepKind.TAKEN: _("有人接了"),
        CaseStepKind.ANSWERED: _("给你回话"),
        CaseStepKind.FIRM_ASKED: _("去问了那家单位"),
        CaseStepKind.FIRM_ANSWERED: _("那家单位回了话"),
        CaseStepKind.WITHDRAWN: _("你撤了"),
    }
    for step in steps:
        note = queries.open_note(step, cipher) if step.is_told else ""
        when = moment_words(language, step.at)
        if step.kind is CaseStepKind.PASSED_ON and step.to_code:
            title = _("转给%(office)s办") % {"office": office_name(step.to_code)}
        elif step.kind is CaseStepKind.CLOSED and case.close_reason is not None:
            title = _(_RESULTS[case.close_reason])
        elif step.kind in titles:
            title = titles[step.kind]
        else:
            continue
        found.append(Step(title, "done", _("：").join(filter(None, (when, note)))))
    if case.state in queries.OPEN:
        by = day_words(language, office_day(case.due_at), office_day(now))
        if case.answered_at is None:
            found.append(Step(_("给你打电话"), "now", _("%(day)s前。号码生的也接一下。") % {"day": by}))
        found.append(Step(_("办完，告诉你结果"), "todo" if case.answered_at is None else "now"))
    return tuple(found)


def office_name(code: str) -> str:
    """The office of a place, as people call it."""
    division = gazetteer.find_nearest(code)
    return division.name if division is not None else ""


def spoken_number(case: Case) -> str:
    """4817 2206."""
    return written_number(case.number)
