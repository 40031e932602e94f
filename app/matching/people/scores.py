"""分数列: the formula over many people at once, in the reference's order of operations: the same bits."""

import numpy as np

from app.matching.index.columns import Flags, Floats, Ints
from app.matching.people.columns import NOWHERE
from app.matching.people.tables import HOUSEHOLD, NEEDS, WAITING, Question
from app.matching.rules import places, scoring
from app.matching.rules.scoring import PEOPLE_WEIGHTS, WEIGHTS

Columns = dict[str, Ints]


def standing(need: Ints, waiting: Ints) -> Floats:
    """What household and waiting add to a score, for bounds."""
    return HOUSEHOLD * NEEDS.take(need) + WAITING * (waiting / (waiting + scoring.WAITING_DAYS))


def score_people(columns: Columns, question: Question, rows: Ints) -> Floats:
    """`scoring.score_for_officer` of the pair's score, for some rows."""
    trade, terms = columns["trade"].take(rows), columns["terms"].take(rows)
    place = columns["place"].take(rows)
    ways = _ways(columns, question, rows, place)
    fetched = None if question.served is None else question.served.take(place)
    total = question.skill.take(trade)
    total += WEIGHTS["place"] * _place(columns, question, rows, ways, fetched)
    total += question.wage.take(columns["floor"].take(rows))
    total += question.occupation.take(trade)
    for part in question.steady:
        total += part
    total *= 100.0
    fit = question.near.take(terms)
    far = ways > places.COMMUTE_M
    if far.any():
        fit = np.where(far, question.far.take(terms), fit)
    total *= fit
    total *= PEOPLE_WEIGHTS["pair"]
    waiting = columns["waiting"].take(rows)
    total += HOUSEHOLD * NEEDS.take(columns["need"].take(rows))
    total += WAITING * (waiting / (waiting + scoring.WAITING_DAYS))
    return total


def _ways(columns: Columns, question: Question, rows: Ints, place: Ints) -> Floats:
    """Metres of the way (see `places.travel_m`)."""
    posting = question.posting
    bounds, tiers = question.site.tiers
    if posting.x is None or posting.y is None:
        return tiers.take(np.searchsorted(bounds, question.tables.scopes.take(place), "right"))
    x, blur = columns["x"].take(rows), columns["blur"].take(rows)
    east = x.astype(np.float64) - posting.x
    north = columns["y"].take(rows).astype(np.float64) - posting.y
    ways: Floats = np.floor(np.sqrt(east * east + north * north))
    ways = np.maximum(np.maximum(ways, blur), posting.blur_m)
    coarse = (x == NOWHERE) | (blur > places.BLUR_M[places.TOWN_DIGITS])
    if question.site.village is None and not coarse.any():
        return ways
    scope = question.tables.scopes.take(place)
    if question.site.village is not None:
        inside = (scope >= question.site.village[0]) & (scope < question.site.village[1])
        ways = np.where(inside, np.minimum(ways, places.TIER_M[places.VILLAGE_DIGITS]), ways)
    return np.where(coarse, tiers.take(np.searchsorted(bounds, scope, "right")), ways)


def _place(columns: Columns, question: Question, rows: Ints, ways: Floats, fetched: Flags | None) -> Floats:
    """The place grade (see `places.place_fit`)."""
    posting = question.posting
    daily = np.where(ways <= places.COMMUTE_M, places.TIER_M[places.TOWN_DIGITS], places.COMMUTE_M)
    brought = ways > places.TIER_M[places.TOWN_DIGITS]
    if "home_work" in posting.suits:
        ways = np.where(brought, daily, ways)
    elif fetched is not None:
        ways = np.where(brought & fetched, daily, ways)
    scale = question.tables.scales.take(columns["pace"].take(rows))
    grade: Floats = 1.0 / (1.0 + ways / scale)
    if posting.lodging:
        return grade
    return np.where(ways > places.COMMUTE_M, grade * 0.7, grade)
