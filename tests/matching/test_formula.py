"""The published formula is the one in force."""

from fastapi.testclient import TestClient

from app.matching.rules import scoring
from app.matching.terms import Gate


def test_anyone_may_read_the_formula_in_force(client: TestClient) -> None:
    told = client.get("/api/v1/matches/formula").json()
    assert told["version"] == scoring.FORMULA_VERSION
    assert [gate["code"] for gate in told["gates"]] == [gate.value for gate in Gate]
    assert told["weights"] == scoring.WEIGHTS
    assert round(sum(told["weights"].values()), 9) == round(sum(told["people_weights"].values()), 9) == 1
    assert "sex" in told["not_looked_at"]
