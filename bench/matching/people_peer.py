"""The question "the best 20 people for this posting" in SQL, as well tuned as we know how.

PostgreSQL gets every help: sets are bit masks, what the posting is worth for each held skill and wanted trade
comes worked out as small arrays, areas of reach are stored, so that who reaches a place is one look into an
index. Every home has a point, so the statement knows no typical ways.
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts
from app.matching.index.columns import Codebook
from app.matching.people.tables import latest_birth
from app.matching.rules import gates, places, scoring
from bench.matching.peers import Best

HELD = 3
SHIFTS = {"day": 1, "night": 2, "rotating": 4, "flexible": 8}
NIGHTS = SHIFTS["night"] | SHIFTS["rotating"]
CLASSES = {"semi": 1, "weak": 2}
COLUMNS = {
    **{"id": "bigint", "area": 'text COLLATE "C"', "home": 'text COLLATE "C"', "homebound": "int"},
    **{"born": "int", "education": "int", "papers": "bigint", "limits": "bigint", "no_nights": "int"},
    **{"floor": "float8", "class": "int", "welfare": "int", "profiles": "int", "cares": "int"},
    **{"taken": "int", "shifts": "int", "needs_board": "int", "needs_lodging": "int", "burdens": "bigint"},
    **{"x": "float8", "y": "float8", "blur": "float8", "scale": "float8", "need": "float8"},
    **{"waiting": "float8", "s1": "int", "s2": "int", "s3": "int", "wish": "int", "trust": "float8"},
    **{"silent": "int"},
}
STATEMENT = """
WITH reached AS MATERIALIZED (
  SELECT *, greatest(greatest(floor(sqrt((x - %(x)s) * (x - %(x)s) + (y - %(y)s) * (y - %(y)s))), blur),
      %(blur)s) AS straight, {fetched} AS fetched
  FROM people
  WHERE (area = ANY(%(areas)s) {or_fetched})
    AND born <= %(lawful)s AND born <= %(youngest)s AND born > %(oldest)s AND education >= %(step)s
    AND papers & %(papers)s = %(papers)s AND limits & %(demands)s = 0 AND (no_nights = 0 OR %(night)s = 0)
    AND floor <= %(pay_max)s AND (class <> 1 OR %(semi_shut)s = 0) AND (class <> 2 OR %(weak_shut)s = 0)
    AND (welfare = 1 OR %(welfare)s = 0) AND (profiles = 0 OR profiles & %(profile)s <> 0)
    AND (cares = 0 OR %(night)s = 0 OR %(care)s = 1)
    AND (%(care)s = 1 OR taken = 0 OR ((%(night)s = 0 OR taken & {nights} <> 0)
      AND (%(shifts)s = 0 OR taken & %(shifts)s <> 0)))
    AND needs_board <= %(board)s AND needs_lodging <= %(lodging)s),
travelled AS (SELECT *, CASE WHEN home = %(village)s AND straight > 1000 THEN 1000.0 ELSE straight END AS way
  FROM reached),
carried AS (SELECT *, CASE WHEN (%(home_work)s = 1 OR fetched) AND way > 5000
  THEN CASE WHEN way <= 40000 THEN 5000.0 ELSE 40000.0 END ELSE way END AS brought FROM travelled)
SELECT id, 0.85 * (100.0 * (0.35 * {skill}
    + 0.25 * (1.0 / (1.0 + brought / scale) * CASE WHEN brought > 40000 AND %(lodging)s = 0 THEN 0.7
      ELSE 1.0 END)
    + 0.15 * greatest(CASE WHEN %(unpaid)s = 1 THEN 0.3 WHEN %(low)s < floor THEN 0.5 * (%(low)s / floor)
      ELSE least(0.5 * (%(middle)s / CASE WHEN floor > 0 THEN floor ELSE %(usual)s END), 1.0) END, %(least)s)
    + 0.1 * {trade} + %(answers)s + %(freshness)s + %(fair)s)
  * (CASE WHEN cares = 1 THEN %(care_share)s ELSE 1.0 END
    * CASE WHEN cares = 1 AND way > 40000 THEN 0.6 ELSE 1.0 END
    * CASE WHEN burdens & %(likely)s <> 0 THEN 0.6 ELSE 1.0 END
    * CASE WHEN shifts <> 0 AND shifts & %(shifts)s = 0 THEN 0.9 ELSE 1.0 END
    * CASE WHEN (class = 1 AND %(semi)s = 0) OR (class = 2 AND %(weak)s = 0) THEN 0.9 ELSE 1.0 END))
  + 10.0 * need + 5.0 * waiting AS score
FROM carried ORDER BY score DESC, id LIMIT %(limit)s
"""


class PeoplePeer:
    """PostgreSQL with one table of people."""

    name = "PostgreSQL"

    def __init__(
        self, people: Iterable[tuple[PersonFacts, HouseholdFacts]], context: MatchContext, url: str
    ) -> None:
        self.context = context
        self.held: Codebook[str | None] = Codebook([None])
        self.wished: Codebook[str | None] = Codebook([None])
        self.certificates: Codebook[str] = Codebook()
        self.demands: Codebook[str] = Codebook(["night"])
        self.profiles: Codebook[str] = Codebook()
        self.covered = lru_cache(maxsize=None)(self._covered)
        self.worth = lru_cache(maxsize=None)(self._worth)
        self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        run = self.connection.execute
        run(f"CREATE TABLE people ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
        with self.connection.cursor().copy("COPY people FROM STDIN") as copy:
            for person, household in people:
                copy.write_row(self._row(person, household))
        run("ALTER TABLE people ADD PRIMARY KEY (id)")
        run("CREATE INDEX by_area ON people (area)")
        run("CREATE INDEX by_home ON people (home)")
        run("CLUSTER people USING by_area")
        run("VACUUM ANALYZE people")
        for setting in (
            *("jit = off", "plan_cache_mode = force_custom_plan", "random_page_cost = 1.1"),
            *("work_mem = '256MB'", "max_parallel_workers_per_gather = 0"),
        ):
            run(f"SET {setting}")
        self.pid = self.connection.info.backend_pid

    def _row(self, person: PersonFacts, household: HouseholdFacts) -> tuple[Any, ...]:
        burdens = (*person.limits, "night") if person.cares_for_family else person.limits
        scale = places.SCALE_M[person.reach if person.reach_is_said else "county"]
        days = household.waiting_days
        need = (0.5 if household.monitored else 0.0) + (0.0 if household.anyone_employed else 0.5)
        skills = [self.held.code(word) for word in person.skills] + [0] * (HELD - len(person.skills))
        return (
            *(person.id, places.reach_area(person, person.reach), person.home_scope),
            *(int(person.reach == "village"), person.born_on, person.education_step),
            *(self.covered(person.certificates), self.demands.bits(set(person.limits) - {"night"})),
            *(int("night" in person.limits), person.pay_floor or 0, CLASSES.get(person.labour_class, 0)),
            *(int(person.welfare_eligible), self.profiles.bits(person.profiles)),
            int(person.cares_for_family),
            sum(SHIFTS[shift] for shift in gates.accepted_shifts(person)),
            sum(SHIFTS[shift] for shift in person.shifts),
            *(int(person.needs_board), int(person.needs_lodging), self.demands.bits(burdens)),
            *(person.x, person.y, person.blur_m),
            min(scale, places.SCALE_M["county"]) / 2.0 if person.cares_for_family else scale,
            *(need, days / (days + scoring.WAITING_DAYS), *skills),
            self.wished.code(person.occupations[0] if person.occupations else None),
            scoring.BESIDE_A_WISH if person.names_a_wish else 1.0,
            int(not person.skills and not person.occupations),
        )

    def _covered(self, held: tuple[str, ...]) -> int:
        """Bits of the certificates that these cover."""
        for code in CERTIFICATES:
            self.certificates.code(code)
        covers = self.context.words.covers
        return sum(1 << at for at, code in enumerate(self.certificates.values) if covers(held, code))

    def _worth(self, kind: str, code: str) -> list[float]:
        """What every held skill or wanted trade is worth for one asked word or occupation."""
        words = self.context.words
        measures = {
            "known": (self.held, words.skill_kinship),
            "used": (self.wished, lambda wish, skill: 0.8 * words.occupation_uses_skill(wish, skill)),
            "serves": (self.held, words.skill_serves_occupation),
            "kin": (self.wished, words.occupation_kinship),
        }
        book, measure = measures[kind]
        return [0.0 if value is None else measure(value, code) for value in book.values]

    def ask(self, posting: PostingFacts) -> tuple[str, dict[str, Any]]:
        """The statement for a posting, and its parameters."""
        values, stops = self._values(posting), posting.pickup
        values |= {f"stop{number}": stop for number, stop in enumerate(stops)}
        values |= {f"end{number}": stop + "~" for number, stop in enumerate(stops)}
        bus = " OR ".join(f"(home >= %(stop{n})s AND home < %(end{n})s)" for n in range(len(stops)))
        skill, trade = self._skill(posting, values), self._trade(posting, values)
        text = STATEMENT.format(
            skill=skill,
            trade=trade,
            nights=NIGHTS,
            fetched=f"({bus})" if bus else "false",
            or_fetched=f"OR (homebound = 0 AND ({bus}))" if bus else "",
        )
        return text, values

    def _skill(self, posting: PostingFacts, values: dict[str, Any]) -> str:
        best = "greatest({held}[s1 + 1], {held}[s2 + 1], {held}[s3 + 1], {more})"
        if not posting.skills:
            if posting.occupation_code is None:
                return "0.4::float8"
            values["serves"] = self.worth("serves", posting.occupation_code)
            return best.format(held="(%(serves)s::float8[])", more="0.4")
        total, asked = "", 0.0
        for number, word in enumerate(posting.skills):
            weight = scoring.word_weight(self.context.vocabulary, word)
            asked = asked + weight
            least = 0.4 if self.context.words.is_elementary(word) else 0.0
            values |= {f"known{number}": self.worth("known", word), f"used{number}": self.worth("used", word)}
            values |= {f"weight{number}": weight}
            known = best.format(
                held=f"(%(known{number})s::float8[])", more=f"(%(used{number})s::float8[])[wish + 1], {least}"
            )
            total += f"{' + ' if total else ''}%(weight{number})s::float8 * {known} * {known}"
        values["asked"] = asked
        grade = f"sqrt(({total}) / %(asked)s::float8)"
        return f"greatest({grade}, 0.4)" if posting.trains_beginners else grade

    def _trade(self, posting: PostingFacts, values: dict[str, Any]) -> str:
        if posting.occupation_code is None:
            return "CASE WHEN silent = 1 THEN 0.5 ELSE 0.0 END"
        values["kin"] = self.worth("kin", posting.occupation_code)
        values["served"] = self.worth("serves", posting.occupation_code)
        served = "greatest(" + ", ".join(f"(%(served)s::float8[])[s{n} + 1]" for n in (1, 2, 3)) + ")"
        best = f"greatest((%(kin)s::float8[])[wish + 1], trust * {served})"
        return f"CASE WHEN silent = 1 THEN 0.5 ELSE {best} END"

    def _values(self, posting: PostingFacts) -> dict[str, Any]:
        day = gates.start_day(posting, self.context.today)
        adult = posting.barred_to_minors or "heights" in posting.demands
        least = max(posting.age_min or 0, gates.ADULT_AGE if adult else 0)
        most = 1_000 if posting.age_max is None else posting.age_max
        low, high = posting.pay_min or 0, posting.pay_max or 0
        care, welfare = gates.has_care_hours(posting), posting.employer_kind == "public_welfare"

        def shut(name: str) -> int:
            who = PersonFacts(home_scope="", labour_class=name)
            return int(gates.is_wrong_class(who, posting, self.context))

        plain = scoring.CARE_PLAIN_DAY if "day" in posting.shifts else scoring.CARE_UNKNOWN_HOURS
        return {
            "areas": [posting.region_scope[:size] for size in range(len(posting.region_scope) + 1)],
            "village": posting.region_scope if len(posting.region_scope) == 12 else "-",
            "lawful": latest_birth(gates.LOWEST_AGE, day),
            "youngest": latest_birth(least, day),
            "oldest": latest_birth(most + 1, day),
            "step": posting.education_step,
            "papers": self.certificates.known_bits(posting.certificates),
            "demands": self.demands.known_bits(posting.demands),
            "likely": self.demands.known_bits(posting.likely_demands),
            "night": int(gates.is_night_work(posting)),
            "care": int(care),
            "care_share": 1.0 if care else plain,
            "pay_max": float("inf") if posting.pay_max is None else float(posting.pay_max),
            "semi_shut": shut("semi"),
            "weak_shut": shut("weak"),
            "semi": int("semi" in posting.suits),
            "weak": int("weak" in posting.suits),
            "welfare": int(welfare),
            "profile": self.profiles.known_bits([posting.profile]),
            "shifts": sum(SHIFTS[shift] for shift in posting.shifts),
            "board": int(posting.board),
            "lodging": int(posting.lodging),
            "home_work": int("home_work" in posting.suits),
            **{"x": float(posting.x or 0), "y": float(posting.y or 0), "blur": float(posting.blur_m)},
            "unpaid": int(posting.pay_min is None and posting.pay_max is None),
            "low": float(low),
            "middle": (low + max(high, low)) / 2.0,
            "least": scoring.NO_OPINION if welfare else 0.0,
            "usual": float(self.context.vocabulary.usual_pay),
            "answers": scoring.WEIGHTS["answers"]
            * (0.5 if posting.answer_permille is None else posting.answer_permille / 1000.0),
            "freshness": scoring.WEIGHTS["freshness"] * scoring.freshness(posting, self.context.today),
            "fair": scoring.WEIGHTS["fair_share"] * scoring.fair_share(posting),
        }

    def best(self, posting: PostingFacts, limit: int) -> Best:
        if any(
            test(PersonFacts(home_scope=""), posting, self.context)
            for test in (gates.is_closed, gates.is_employer_unfit, gates.is_expired, gates.is_full)
        ):
            return []
        statement, values = self.ask(posting)
        return self.connection.execute(statement, values | {"limit": limit}).fetchall()

    def size(self) -> int:
        """Bytes of the table with its indexes."""
        row = self.connection.execute("SELECT pg_total_relation_size('people')").fetchone()
        return int(row[0]) if row else 0

    def cpu_s(self) -> float:
        """Processor seconds of this process and of the database's."""
        with suppress(OSError):
            fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return time.process_time() + (int(fields[11]) + int(fields[12])) / 100
        return time.perf_counter()


CERTIFICATES: Sequence[str] = (
    *("forklift", "electrician", "health", "licence_c1", "licence_b2", "licence_a2", "welder"),
)
