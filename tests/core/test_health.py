from fastapi.testclient import TestClient


def test_the_process_and_the_database_answer(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert "songgang_requests_total" in client.get("/metrics").text


def test_an_unknown_api_address_is_a_problem_document(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing-here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
