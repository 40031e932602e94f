"""岗位: 1,500 postings of the demo employers, 55 % in the county, 20 % in the province, 25 % outside.

Dates stand relative to the demo's day, so that the county is always in the middle of its season. Texts and
figures are drawn per posting from its own key: the order of making them does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from app.demo.dice import Dice
from app.demo.employers import DemoEmployer
from app.demo.pay import DemoWage, make_wage
from app.demo.places import DemoPlace, spot_near, town_point
from app.demo.trades import Trade, all_trades, fitting
from app.demo.wording import Facts, describe
from app.employers.terms import EmployerKind, EmployerState
from app.jobs.terms import JobState
from app.regions import gazetteer
from app.regions.projection import unproject

COUNTS = {"local": 590, "welfare": 235, "province": 300, "outside": 375}
"""How many postings the employers of each area share by weight: 1,500 in all."""

FIVE_INSURANCES = ("pension", "medical", "unemployment", "injury", "maternity")


@dataclass(frozen=True, slots=True)
class DemoPosting:
    """岗位, in the field names of CONTRACT. `number` from 1; points in degrees and metres, or None."""

    number: int
    employer_number: int
    trade: str
    title: str
    occupation_code: str
    region_code: str
    address: str
    lng: float | None
    lat: float | None
    x: int | None
    y: int | None
    wage: DemoWage
    openings: int
    filled: int
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    demands: tuple[str, ...]
    suits: tuple[str, ...]
    pickup: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    education: str
    profile: str
    shifts: tuple[str, ...]
    meals: int
    board: bool
    lodging: bool
    transport: bool
    insurance: tuple[str, ...]
    starts_on: date | None
    valid_until: date
    published_at: datetime
    confirmed_at: datetime
    description: str
    state: JobState


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the work is done."""

    region_code: str
    address: str
    x: int | None
    y: int | None


def build_postings(places: list[DemoPlace], employers: list[DemoEmployer], today: date) -> list[DemoPosting]:
    """All postings, employer by employer."""
    postings: list[DemoPosting] = []
    by_town: dict[str, list[DemoPlace]] = {}
    for place in places:
        by_town.setdefault(place.town_code, []).append(place)
    for area, count in COUNTS.items():
        own = [employer for employer in employers if employer.area == area]
        for employer, share in zip(own, share_out(count, [one.weight for one in own]), strict=True):
            dice = Dice("postings", employer.name)
            work = _openings_of_trades(dice, employer, share, today)
            spots = _spots(dice, employer, share, places, by_town)
            for (trade, title), spot in zip(work, spots, strict=True):
                postings.append(_posting(len(postings) + 1, employer, trade, title, spot, today))
    return postings


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares of `total` by weight that add up to it (largest remainder)."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in rest[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _openings_of_trades(
    dice: Dice, employer: DemoEmployer, count: int, today: date
) -> list[tuple[Trade, str]]:
    """Trade and title of each posting: in season, every title once before any comes twice."""
    known = [all_trades()[key] for key in employer.trades]
    trades = [trade for trade in known if trade.is_in_season(today.month)] or known
    context = _context(employer, today)
    lists = [
        [(trade, title) for title in dice.shuffled(fitting(trade.titles, context) or [plain_title(trade)])]
        for trade in trades
    ]
    longest = max(len(titles) for titles in lists)
    round_robin = [titles[i] for i in range(longest) for titles in lists if i < len(titles)]
    return [round_robin[i % len(round_robin)] for i in range(count)]


def plain_title(trade: Trade) -> str:
    """The trade's first title, for an employer that none of the titles was written for."""
    return trade.titles[0].partition("@")[0]


def _context(employer: DemoEmployer, today: date) -> str:
    """What the conditions of texts are matched against (`trades.fitting`): firm, area, month (m01 .. m12)."""
    return f"{employer.name} {employer.intro} {employer.area} m{today.month:02d}"


def _spots(
    dice: Dice,
    employer: DemoEmployer,
    count: int,
    places: list[DemoPlace],
    by_town: dict[str, list[DemoPlace]],
) -> list[_Spot]:
    """A work place for each posting: one firm works in one place, a bureau's posts stand all over."""
    if employer.spreads:
        everywhere = by_town.get(employer.region_code) or places
        wanted = [place for place in everywhere if not place.is_community] or everywhere
        order = dice.shuffled(wanted)
        return [_spot_in(dice, order[i % len(order)], None) for i in range(count)]
    if employer.area in ("province", "outside"):
        return [_Spot(employer.region_code, employer.address, None, None)] * count
    if employer.place is not None:
        fixed = _spot_in(dice, employer.place, employer.address)
    else:
        x, y = spot_near(dice, town_point(employer.region_code), 1_200)
        fixed = _Spot(employer.region_code, employer.address, x, y)
    if employer.kind is EmployerKind.AGENCY:  # households and small sites all over the town
        near = by_town[employer.region_code]
        return [fixed if dice.chance(50) else _spot_in(dice, dice.pick(near), None) for _ in range(count)]
    return [fixed] * count


def _spot_in(dice: Dice, place: DemoPlace, address: str | None) -> _Spot:
    x, y = spot_near(dice, (place.x, place.y), 400)
    return _Spot(place.code, address or f"耀州区{place.label}", x, y)


def _posting(
    number: int, employer: DemoEmployer, trade: Trade, title: str, spot: _Spot, today: date
) -> DemoPosting:
    dice = Dice("posting", number, employer.name, title)
    context = f"{title} {_context(employer, today)}"
    shifts = trade.shifts[:1] if trade.key != "call_centre" else (dice.pick(trade.shifts),)
    live_in = title in trade.live_in
    meals = 3 if live_in else 0 if shifts == ("flexible",) else employer.meals
    lodging = live_in or (employer.lodging and meals > 0 and not trade.is_welfare)
    patterns = fitting((trade.pay_out if employer.is_far else trade.pay_in) or trade.pay_in, context)
    wage = make_wage(dice, dice.pick(patterns), daily=trade.profile == "day", fixed=trade.is_welfare)
    openings = _openings(dice, employer, trade)
    state = _state(dice, employer)
    published, confirmed, starts_on, valid_until = _dates(dice, trade.profile, state, today)
    pickup = employer.pickup if dice.chance(80) else ()
    lng, lat = unproject(spot.x, spot.y) if spot.x is not None and spot.y is not None else (None, None)
    posting = DemoPosting(
        number=number,
        employer_number=employer.number,
        trade=trade.key,
        title=_with_note(dice, title, trade, shifts, fed=meals == 3 and lodging),
        occupation_code=trade.codes.get(title, trade.code),
        region_code=spot.region_code,
        address=spot.address,
        lng=lng,
        lat=lat,
        x=spot.x,
        y=spot.y,
        wage=wage,
        openings=openings,
        filled=_filled(dice, openings, state),
        skills=tuple(dice.some(trade.skills, dice.between(1, len(trade.skills)))),
        certificates=trade.certificates,
        demands=tuple(sorted({*trade.demands} - ({"night"} if "day" in shifts else set()))),
        suits=trade.suits,
        pickup=pickup,
        age_min=trade.age_min,
        age_max=trade.age_max,
        education=trade.education,
        profile=trade.profile,
        shifts=shifts,
        meals=meals,
        board=meals > 0,
        lodging=lodging,
        transport=bool(pickup),
        insurance=_insurance(dice, employer, trade.profile),
        starts_on=starts_on,
        valid_until=valid_until,
        published_at=published,
        confirmed_at=confirmed,
        description="",
        state=state,
    )
    facts = _facts(posting, employer, trade, context, live_in, today)
    return replace(posting, description=describe(dice, trade, facts))


def _facts(
    posting: DemoPosting, employer: DemoEmployer, trade: Trade, context: str, live_in: bool, today: date
) -> Facts:
    """What the text may tell."""
    return Facts(
        employer=employer.name,
        intro=employer.intro,
        place=gazetteer.get_nearest(posting.region_code).name,
        profile=posting.profile,
        shifts=posting.shifts,
        outdoor="outdoor" in posting.demands,
        meals=posting.meals,
        lodging=posting.lodging,
        context=context,
        towns=tuple(gazetteer.get(code).name for code in posting.pickup),
        insurance=posting.insurance,
        live_in=live_in,
        paid_by_day=posting.wage.unit == "day",
        far=employer.is_far,
        welfare=trade.is_welfare,
        openings=posting.openings,
        starts_on=posting.starts_on,
        today=today,
    )


_NOTES = {"rotating": "（倒班）", "night": "（夜班）", "flexible": "（时间自由）"}


def _with_note(dice: Dice, title: str, trade: Trade, shifts: tuple[str, ...], *, fed: bool) -> str:
    """Now and then the bracket that offices put behind a title."""
    if "（" in title or trade.is_welfare or not dice.chance(14):
        return title
    if trade.profile == "day":
        return title + "（日结）"
    if fed and dice.chance(60):
        return title + "（管吃住）"
    return title + _NOTES.get(shifts[0], "（白班）")


_FEW_NEEDED = frozenset({"qc", "cook", "site_electrician", "fitter", "guard", "cashier", "laundry"})
_OPENINGS = {
    EmployerKind.ENTERPRISE: (1, 8),
    EmployerKind.PARK: (2, 12),
    EmployerKind.COMMUNITY_FACTORY: (3, 15),
    EmployerKind.WORKSHOP: (2, 10),
    EmployerKind.FAMILY_FARM: (2, 12),
    EmployerKind.COOPERATIVE: (2, 15),
    EmployerKind.PROJECT: (2, 20),
    EmployerKind.PUBLIC_WELFARE: (1, 2),
    EmployerKind.AGENCY: (1, 10),
    EmployerKind.INDIVIDUAL: (1, 3),
}


def _openings(dice: Dice, employer: DemoEmployer, trade: Trade) -> int:
    low, high = _OPENINGS[employer.kind]
    if trade.key in _FEW_NEEDED:
        return dice.between(1, min(4, high))
    if employer.area == "outside" and trade.family in ("machine", "cloth") and not trade.certificates:
        return dice.pick((10, 15, 20, 20, 30, 30, 40, 50, 60, 80, 100))
    if trade.certificates and trade.certificates != ("健康证",):
        return dice.between(1, min(3, high))
    return dice.between(low, high)


def _state(dice: Dice, employer: DemoEmployer) -> JobState:
    """Most are open; a real list always has some that are not. Unverified firms wait with their postings."""
    if employer.state is EmployerState.PENDING:
        return JobState.REVIEW
    return dice.weighted(
        [
            (JobState.OPEN, 870),
            (JobState.PAUSED, 30),
            (JobState.FILLED, 35),
            (JobState.EXPIRED, 35),
            (JobState.REVIEW, 20),
            (JobState.CLOSED, 10),
        ]
    )


def _filled(dice: Dice, openings: int, state: JobState) -> int:
    if state is JobState.FILLED:
        return openings
    if state is JobState.REVIEW or openings == 1:
        return 0
    return dice.below(openings) if dice.chance(35) else 0


_AGES_DAYS = {"long": (0, 24), "season": (0, 8), "day": (0, 0)}
_VALID_DAYS = {"long": (12, 60), "season": (5, 30), "day": (0, 5)}


def _dates(
    dice: Dice, profile: str, state: JobState, today: date
) -> tuple[datetime, datetime, date | None, date]:
    """Published, last confirmed (UTC, in office hours), first day of work or None, last day of recruiting."""
    confirmed_on = today - timedelta(days=dice.between(*_AGES_DAYS[profile]))
    published_on = confirmed_on - timedelta(days=dice.below(30) if dice.chance(40) else 0)
    valid_until = today + timedelta(days=dice.between(*_VALID_DAYS[profile]))
    starts_on = None
    if dice.chance(30) and state is not JobState.EXPIRED:
        starts_on = today + timedelta(days=dice.between(1, 20 if profile != "day" else 3))
        valid_until = max(valid_until, starts_on)
    if state is JobState.EXPIRED:
        valid_until = today - timedelta(days=dice.between(1, 20))
        confirmed_on = published_on = valid_until - timedelta(days=dice.between(5, 30))
    minute = dice.below(8 * 60)  # between 8:00 and 16:00 in Beijing; never after midnight of the demo's day
    clock = time(minute // 60, minute % 60, tzinfo=UTC)
    published = datetime.combine(published_on, clock)
    confirmed = datetime.combine(confirmed_on, clock)
    return published, max(published, confirmed), starts_on, valid_until


def _insurance(dice: Dice, employer: DemoEmployer, profile: str) -> tuple[str, ...]:
    if employer.kind is EmployerKind.PROJECT:
        return ("injury", "accident") if dice.chance(50) else ("injury",)
    if profile != "long":
        return ("accident",) if dice.chance(40) else ()
    if employer.kind in (EmployerKind.ENTERPRISE, EmployerKind.PARK):
        if dice.chance(70):
            return FIVE_INSURANCES
        return ("injury",) if dice.chance(70) else ()
    if employer.kind is EmployerKind.PUBLIC_WELFARE:
        return ("accident",)
    return ("injury",) if dice.chance(45) else ()
