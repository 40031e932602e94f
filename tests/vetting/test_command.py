"""`songgang vet`: a line out for each line in."""

import json

from typer.testing import CliRunner

from app.cli import build


def ask(*lines: str) -> tuple[list[dict[str, object]], str, int]:
    done = CliRunner().invoke(build(["vet", "parse"]), ["vet"], input="\n".join(lines) + "\n")
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr, done.exit_code


def test_same_order_and_named_fields() -> None:
    good = json.dumps({"title": "缝纫工", "unknown": {"a": 1}})
    bad = json.dumps({"title": "缝纫工", "description": "入职交押 金300"}, ensure_ascii=False)
    told, _, code = ask(good, bad)
    assert code == 0
    assert told[0] == {"findings": []}
    finding = told[1]["findings"][0]  # type: ignore[index]
    assert (finding["rule"], finding["severity"]) == ("deposit", "block")
    assert "押 金" in finding["quote"]
    assert {"rule", "severity", "quote", "advice"} <= finding.keys()


def test_a_broken_line_does_not_stop_the_rest() -> None:
    told, said, code = ask("{broken", "[1]", json.dumps({"title": "保洁"}))
    assert (len(told), code) == (3, 0)
    assert "第 1 行" in said
    assert "error" in told[0]
    assert "error" in told[1]
    assert told[2] == {"findings": []}
