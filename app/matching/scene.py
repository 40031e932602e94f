"""匹配场景: small made-up situations, ranked through the service's own readers and rules, with no database.

For `songgang match scene FILE` and for the hand-graded scenes in tests/matching/scenes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.core.errors import AppError
from app.matching.facts import MatchContext, PostingFacts, Vocabulary
from app.matching.reading.people import read_person
from app.matching.reading.postings import read_posting
from app.matching.reading.scenes import BadScene, read_scene_job, read_scene_seeker
from app.matching.reference import rank_postings
from app.matching.words import OCCUPATION_WORDS


def rank_scenes(text: str, today: date) -> Iterator[dict[str, Any]]:
    """Rank every scene of a JSON list, in order; one that can't be read gives its `error` and no ranking.

    Raises BadScene for text that is no JSON list.
    """
    try:
        scenes = json.loads(text)
    except ValueError:
        raise BadScene("这个文件不是 JSON，请检查括号和引号。") from None
    if not isinstance(scenes, list) or not all(isinstance(scene, dict) for scene in scenes):
        raise BadScene("文件里要是一个列表，每一项是一个场景。")
    for scene in scenes:
        try:
            yield rank_scene(scene, today)
        except BadScene as error:
            yield {"id": scene.get("id"), "ranked": [], "excluded": {}, "error": error.title}


def rank_scene(scene: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Rank one scene: `{"id", "seeker", "jobs"}` to `{"id", "ranked", "excluded", "ignored", "formula"}`.

    Employers count as verified, postings as open, vetting is left aside. `ignored` lists what no reader
    could use. Raises BadScene.
    """
    identity = scene.get("id")
    ignored: set[str] = set()
    keys: list[str] = []
    postings: list[PostingFacts] = []
    if not isinstance(scene.get("seeker"), Mapping) or not isinstance(scene.get("jobs"), list):
        raise BadScene(f"场景 {identity} 要有 seeker 和 jobs 两项。")
    try:
        profile = read_scene_seeker(scene["seeker"], ignored)
        for number, job in enumerate(scene["jobs"], start=1):
            keys.append(str(job["key"]))
            row = read_scene_job(job, number, profile.region_code, today, ignored)
            postings.append(read_posting(row, today))
        person = read_person(profile, today).facts
    except KeyError as error:
        raise BadScene(f"场景 {identity} 少了 {error.args[0]} 这一项。") from None
    except AppError as error:
        raise BadScene(f"场景 {identity}：{error.title}") from None
    context = MatchContext(today.toordinal(), Vocabulary.from_postings(postings), OCCUPATION_WORDS)
    ranking = rank_postings(person, postings, context)
    return {
        "id": identity,
        "ranked": [
            {
                "key": keys[match.id - 1],
                "score": round(match.score, 2),
                "reasons": [reason.text for reason in match.reasons],
                "gaps": [gap.text for gap in match.gaps],
                "verdict": match.verdict.value,
            }
            for match in ranking.matches
        ],
        "excluded": {keys[number - 1]: gate.value for number, gate in ranking.excluded_by_id.items()},
        "ignored": sorted(ignored),
        "formula": ranking.formula,
    }
