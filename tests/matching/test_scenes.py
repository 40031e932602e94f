"""Hand-graded scenes: nobody past a gate, the right order, and every reason true."""

import json
import re
from math import log2
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.matching.reading.postings import read_certificate_word
from app.matching.reading.scenes import BadScene
from app.matching.rules.places import SCOPE_DIGITS
from app.matching.scene import rank_scene, rank_scenes
from app.occupations.certificates import certificate_label, covers
from app.occupations.classification import occupation_name
from app.occupations.reading import read_occupation
from app.occupations.skills import read_skills, skills
from app.regions import gazetteer
from app.regions.gazetteer import Point
from app.regions.reading import read_address
from app.regions.scope import contains, distance_m

FOLDER = Path(__file__).parent / "scenes"
MARKET: dict[str, dict[str, Any]] = {}
for market in sorted(FOLDER.glob("market*.json")):
    MARKET |= json.loads(market.read_text(encoding="utf-8"))
SCENES: list[dict[str, Any]] = [
    scene
    for path in sorted(FOLDER.glob("[0-9]*.json"))
    for scene in json.loads(path.read_text(encoding="utf-8"))
]
LEAST_NDCG = 0.80
LEAST_MEAN_NDCG = 0.95


def jobs_of(scene: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The scene's postings by key; a name stands for a posting of the market."""
    jobs = [{"key": job, **MARKET[job]} if isinstance(job, str) else job for job in scene["jobs"]]
    return {job["key"]: job for job in jobs}


def ranked(scene: dict[str, Any], clock: FixedClock) -> dict[str, Any]:
    """The scene's result."""
    asked = {"id": scene["id"], "seeker": scene["seeker"], "jobs": list(jobs_of(scene).values())}
    return rank_scene(asked, clock.today())


def gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:5]))


def ndcg(scene: dict[str, Any], result: dict[str, Any]) -> float:
    """nDCG@5 of the order against the hand-made grades."""
    grades = scene["grades"]
    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(row["key"], 0) for row in result["ranked"]]) / best if best else 1.0


def test_there_are_enough_scenes() -> None:
    assert len(SCENES) >= 60
    assert len({scene["id"] for scene in SCENES}) == len(SCENES)


@pytest.mark.parametrize("scene", SCENES, ids=[scene["id"] for scene in SCENES])
def test_scene(scene: dict[str, Any], clock: FixedClock) -> None:
    result = ranked(scene, clock)
    assert result["excluded"] == scene["gates"]
    assert {row["key"] for row in result["ranked"]} == set(jobs_of(scene)) - set(scene["gates"])
    assert set(scene["grades"]) <= {row["key"] for row in result["ranked"]}
    assert ndcg(scene, result) >= LEAST_NDCG
    assert result["ignored"] == []


def test_scenes_are_in_good_order_on_the_whole(clock: FixedClock) -> None:
    grades = [ndcg(scene, ranked(scene, clock)) for scene in SCENES]
    assert sum(grades) / len(grades) >= LEAST_MEAN_NDCG


def is_true(reason: str, seeker: dict[str, Any], job: dict[str, Any]) -> bool:
    """Check one reason against what the scene says, with as little of the engine as possible."""
    words = {skill.label: {skill.label, *skill.synonyms} for skill in skills().values()}
    text = f"{job['title']} {job.get('description', '')} {' '.join(job.get('skills', []))}"
    own = " ".join(seeker.get("skills", []))
    if found := re.fullmatch("你会(.+)", reason):
        asked = found[1].split("、")
        return all(
            any(w in own for w in words.get(a, {a})) and any(w in text for w in words.get(a, {a}))
            for a in asked
        )
    if found := re.fullmatch("(.+)和(.+)是一路活", reason):
        return any(word in own for word in words.get(found[1], {found[1]}))
    if found := re.fullmatch("你的(.+)用得上", reason):
        held = [code for word in seeker.get("certificates", []) for code in read_certificate_word(word)]
        asked = [code for word in job.get("certificates", []) for code in read_certificate_word(word)]
        return found[1] in map(certificate_label, held) and all(covers(held, code) for code in asked)
    checks = {
        "就在本村": job["region_code"] == seeker["region_code"],
        "管饭": bool(job.get("board")),
        "管住": bool(job.get("lodging")),
        "管吃管住": bool(job.get("board") and job.get("lodging")),
        "能拿回家干": "home_work" in job.get("suits", []),
        "能顾上接送孩子": "care_hours" in job.get("suits", []),
        "时间自己定": "flexible" in job.get("shifts", []),
        "白班，不上夜班": job.get("shifts") == ["day"],
        "半劳动力也能干": "semi" in job.get("suits", []) and seeker.get("class") == "semi",
        "弱劳动力也能干": "weak" in job.get("suits", []) and seeker.get("class") == "weak",
        "活不重": "weak" in job.get("suits", []),
        "公益岗，你够条件": job["employer"]["kind"] == "public_welfare"
        and seeker.get("welfare_eligible", False),
        "就干一季": job.get("profile") == "season",
        "日结": job.get("profile") == "day",
        "没干过有人教": bool(re.search("师傅带|有人教|培训|生手|新手", text)),
        "不用手艺": not job.get("certificates"),
        "没要求手艺": not job.get("skills") and not job.get("certificates"),
    }
    if reason in checks:
        return checks[reason]
    if "班车到" in reason:
        return any(stop.startswith(seeker["region_code"][:9]) for stop in job.get("pickup", []))
    if found := re.search(r"工钱.*比你要的高 ([\d,]+) 元", reason):
        return int(found[1].replace(",", "")) > 0 and "wage_floor_fen" in seeker
    if reason == "就在本镇":
        return "小丘镇" in job.get("address", "") or job["region_code"][:9] == seeker["region_code"][:9]
    return is_true_of_place(reason, seeker, job) or is_true_of_trade(reason, seeker, text)


def is_true_of_place(reason: str, seeker: dict[str, Any], job: dict[str, Any]) -> bool:
    """在X names a division of the work place; a way is that between the centres of the two divisions."""
    code = read_address(job.get("address", ""), job["region_code"]).code or job["region_code"]
    places = {job["region_code"], code if contains(job["region_code"], code) else job["region_code"]}
    if found := re.fullmatch(r"在(\S+)", reason):
        return any(found[1] == gazetteer.ancestors(place)[-1].name for place in places)
    if found := re.fullmatch(r"离家大约 (\d+) 公里", reason):
        ways = [distance_m(point_of(seeker["region_code"]), point_of(place)) / 1_000 for place in places]
        return any(abs(way - int(found[1])) <= 1 for way in ways)
    return False


def point_of(code: str) -> Point:
    """The centre of a division, or of the next above that has one."""
    point = gazetteer.point(code[:12]) if len(code) < 12 else gazetteer.point(code[:9])
    assert point is not None
    return point


def is_true_of_trade(reason: str, seeker: dict[str, Any], text: str) -> bool:
    """The wished trade is one of those they named; a skill told as of use is one they hold."""
    if found := re.fullmatch(r"你想干的(\S+)", reason):
        wishes = [read_occupation(said).code for said in seeker.get("occupations", [])]
        wishes += [read_occupation(said).code for said in seeker.get("skills", [])]
        return found[1] in [occupation_name(code) for code in wishes if code]
    if found := re.fullmatch(r"你会的(\S+)用得上", reason):
        held = {skill.label for said in seeker.get("skills", []) for skill in read_skills(said)}
        return found[1] in held and bool(text)
    return False


@pytest.mark.parametrize("scene", SCENES, ids=[scene["id"] for scene in SCENES])
def test_every_reason_is_true(scene: dict[str, Any], clock: FixedClock) -> None:
    jobs = jobs_of(scene)
    for row in ranked(scene, clock)["ranked"]:
        assert 1 <= len(row["reasons"]) <= 3
        for reason in row["reasons"]:
            assert is_true(reason, scene["seeker"], jobs[row["key"]]), (row["key"], reason)


def test_a_false_reason_is_caught() -> None:
    job = {"key": "x", **MARKET["小丘针织"]}
    assert not is_true("你会电焊", {"skills": ["缝纫"], "region_code": "610204107203"}, job)
    assert not is_true("管住", {"region_code": "610204107203"}, job)
    assert not is_true("就在本村", {"region_code": "610204107203"}, job)


@pytest.mark.parametrize("scene", SCENES, ids=[scene["id"] for scene in SCENES])
def test_gates_hold_against_the_plain_data(scene: dict[str, Any], clock: FixedClock) -> None:
    """Nothing ranked breaks a gate, judged from the scene's own fields and not by the engine."""
    seeker, jobs = scene["seeker"], jobs_of(scene)
    for row in ranked(scene, clock)["ranked"]:
        job = jobs[row["key"]]
        assert job.get("valid_until_days", 1) >= 0
        assert job.get("filled", 0) < job.get("openings", 1)
        assert not set(job.get("demands", [])) & set(seeker.get("limits", []))
        assert job.get("lodging") or not seeker.get("needs_lodging")
        assert job.get("board") or not seeker.get("needs_board")
        if job["employer"]["kind"] == "public_welfare":
            assert seeker.get("welfare_eligible")
        if seeker.get("cares_for_family"):
            assert set(job.get("shifts", ["day"])) != {"rotating"}
        if not job.get("pickup") and "address" not in job:
            digits = min(SCOPE_DIGITS[seeker.get("travel", "anywhere")], len(seeker["region_code"]))
            assert job["region_code"].startswith(seeker["region_code"][:digits])


@pytest.mark.parametrize("field", ["sex", "ethnicity", "disability", "household_kinds", "hukou"])
def test_what_the_law_forbids_to_count_changes_nothing(field: str, clock: FixedClock) -> None:
    for scene in SCENES[::5]:
        plain = ranked(scene, clock)
        flipped = ranked(scene | {"seeker": scene["seeker"] | {field: "anything"}}, clock)
        assert flipped["ignored"] == [f"seeker.{field}"]
        assert flipped | {"ignored": []} == plain


def test_a_scene_survives_careless_writing(clock: FixedClock) -> None:
    scene = {
        "id": "乱写",
        "seeker": {
            "home": "铜川市耀州区小丘镇",
            "age": 40,
            "skills": ["会缝纫"],
            "limits": ["night", "nonsense"],
        },
        "jobs": [
            {
                "key": "a",
                "title": "缝纫工",
                "occupation": "缝纫工",
                "employer": {"name": "某厂", "kind": "enterprise"},
                "region": "耀州区",
                "address": "小丘镇街道东头",
                "wage": "3000-4000元/月",
                "age": "18-45岁",
                "board": "管午饭",
                "lodging": "不管",
                "demands": ["nonsense", "outdoor"],
            },
            {"key": "b", "title": "晚的", "region_code": "610204107", "valid_until_days": -1},
        ],
    }
    result = next(rank_scenes(json.dumps([scene]), clock.today()))
    assert [row["key"] for row in result["ranked"]] == ["a"]
    assert result["ranked"][0]["reasons"] == ["你会缝纫", "就在本镇", "管饭"]
    assert result["excluded"] == {"b": "expired"}
    assert result["ignored"] == ["job.demands.0", "seeker.limits.1"]


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        ({"id": "s", "jobs": []}, "seeker"),
        ({"id": "s", "seeker": {}, "jobs": []}, "region_code"),
        ({"id": "s", "seeker": {"region_code": "999999"}, "jobs": []}, "地区"),
        ({"id": "s", "seeker": {"region_code": "x"}, "jobs": []}, "region_code"),
        ({"id": "s", "seeker": {"region_code": "610204"}, "jobs": [{"title": "保洁员"}]}, "key"),
        ({"id": "s", "seeker": {"region_code": "610204"}, "jobs": [{"key": "a"}]}, "region_code"),
    ],
)
def test_a_scene_nobody_can_read_says_so_and_spoils_no_other(
    scene: dict[str, Any], message: str, clock: FixedClock
) -> None:
    good = {"id": "g", "seeker": {"region_code": "610204"}, "jobs": []}
    first, second = rank_scenes(json.dumps([scene, good]), clock.today())
    assert message in first["error"]
    assert (first["id"], first["ranked"], first["excluded"]) == ("s", [], {})
    assert "error" not in second


@pytest.mark.parametrize(("text", "message"), [("{", "JSON"), ("{}", "列表"), ("[1]", "列表")])
def test_a_file_that_is_no_list_of_scenes_is_refused(text: str, message: str, clock: FixedClock) -> None:
    with pytest.raises(BadScene) as refusal:
        list(rank_scenes(text, clock.today()))
    assert message in refusal.value.title


def test_licences_cover_as_the_rules_say() -> None:
    held = {"A2": "licence_a2", "B2": "licence_b2", "C1": "licence_c1"}
    assert covers([held["A2"]], held["B2"])
    assert covers([held["B2"]], held["C1"])
    assert not covers([held["C1"]], held["B2"])
    assert not covers(["licence_a1"], held["A2"])
