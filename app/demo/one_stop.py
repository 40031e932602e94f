"""示范的一站: what the county wrote for the policy library, and three affairs people told it of. Invented."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.actor import Actor
from app.cases import handling
from app.cases import service as cases
from app.cases.handling import Hand
from app.cases.schemas import AnswerIn, CaseIn
from app.cases.service import Said
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.demo import numbers
from app.policies import queries as guides
from app.policies import service as writing
from app.policies.content import Content
from app.policies.library import library
from app.policies.terms import GuideKind

_WRITER, _READER = "township", "county"
_PHONE_SERIAL = 9_950


def load_one_stop(
    session: Session, cipher: FieldCipher, clock: Clock, *, village_code: str, site: str
) -> None:
    """Puts the entries and the affairs in once; does nothing where the demo's accounts are missing."""
    writer, reader = _colleague(session, _WRITER, clock), _colleague(session, _READER, clock)
    if writer is None or reader is None:
        return
    town_code = village_code[:9]
    if any(each.region_code == town_code for each in guides.list_shown(session, village_code, clock.today())):
        return
    for slug, kind, content in _entries(clock):
        entry = writing.create_entry(session, writer, kind, slug, town_code, content, clock=clock)
        version = writing.hand_in(session, writer, guides.list_versions(session, entry.id)[0].id)
        writing.publish(session, reader, version.id, cipher=cipher, clock=clock)
    for number, (said, answer) in enumerate(_AFFAIRS):
        by = Said(f"demo-{number}", "demo", village_code)
        case = cases.open_case(
            session,
            CaseIn.model_validate(said | {"phone": numbers.phone(_PHONE_SERIAL + number)}),
            by,
            cipher=cipher,
            clock=clock,
        )
        if answer:
            hand = Hand(reader, cipher, clock, site)
            handling.answer_case(session, hand, case.id, AnswerIn(words=answer))


def _colleague(session: Session, username: str, clock: Clock) -> Actor | None:
    user = accounts.find_staff(session, username)
    return accounts.actor_of(session, user, clock.now()) if user is not None else None


def _entries(clock: Clock) -> tuple[tuple[str, GuideKind, Content], ...]:
    today = clock.today()
    bus = library()["transport-grant"].model_copy(
        update={
            "amount": "500 元，一年一回",
            "paid": "交齐后 30 天内打到卡上。钱不经别人的手。",
            "where": "小丘镇劳保所，周一到周五。也能让信息员代交。",
            "is_local": False,
            "en": None,
        }
    )
    fair = Content(
        title="小丘镇招聘会",
        starts_on=today + timedelta(days=12),
        ends_on=today + timedelta(days=12),
        where="镇政府广场，早上九点到十二点",
        body=("来 22 家厂，要 310 个人。", "各村村口八点有车接，不收钱。", "带上身份证就行。"),
    )
    course = Content(
        title="学面点，管午饭",
        amount="不要钱",
        starts_on=today + timedelta(days=20),
        ends_on=today + timedelta(days=35),
        where="小丘镇劳保所二楼",
        body=("学做馒头、花卷、油饼，一共 15 天。", "学会了考过了有证，想去镇上开店的有人帮。"),
    )
    story = Content(
        title="赵改霞在家门口上班",
        body=(
            "赵改霞以前在西安当保姆，一年回来两趟。",
            "去年村里的针织厂招人，信息员王桂兰给她打了电话。",
            "现在她白天踩缝纫机，晚上在家。一个月 3,100 元。",
        ),
    )
    notice = Content(
        title="下雪天，车晚半小时",
        body=("下雪的日子，早上的车八点半走。", "车停不停，打信息员的电话问。"),
    )
    return (
        ("transport-grant", GuideKind.POLICY, bus),
        ("xiaoqiu-fair", GuideKind.FAIR, fair),
        ("pastry", GuideKind.TRAINING, course),
        ("zhao-gaixia", GuideKind.STORY, story),
        ("snow-bus", GuideKind.NOTICE, notice),
    )


# What was said, and what the county answered already.
_AFFAIRS: tuple[tuple[dict[str, str], str], ...] = (
    (
        {
            "kind": "wages",
            "story": "今年三月到五月在老街工地砌墙，说好一天 240 元，还差 8,000 元没给。",
            "name": "李拴虎",
            "firm_name": "老街工地",
            "owed_yuan": "8000",
        },
        "问过工地了，他们说下周一结。到时没给，再打电话来。",
    ),
    (
        {
            "kind": "cheated",
            "story": "网上说去南方上班，先要 300 元体检费，交完就不回话了。",
        },
        "",
    ),
    (
        {
            "kind": "training",
            "story": "想学电焊，农闲的时候有空，什么时候开班？",
            "name": "张卫东",
        },
        "",
    ),
)
