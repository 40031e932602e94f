import json
import logging

import pytest
import structlog
from fastapi.testclient import TestClient

from app.core.logging import configure_logging, mask_personal

PERSONAL = ["13912345678", "139 1234 5678", "11010519491231002X", "110105491231002"]


@pytest.mark.parametrize("value", PERSONAL)
def test_what_looks_like_a_phone_or_an_id_number_is_masked(value: str) -> None:
    assert mask_personal(f"号码{value}。") == "号码[masked]。"


def test_ordinary_numbers_stay() -> None:
    text = "id 4411, code 610204101000, 2026-11-22, 45000"
    assert mask_personal(text) == text


@pytest.mark.parametrize("value", PERSONAL)
def test_no_way_into_the_log_carries_personal_data(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    log = structlog.get_logger()
    log.info("event", text=value, nested={"list": [value]})
    logging.getLogger("library").warning("text %s", value)
    try:
        raise ValueError(f"row with {value}")
    except ValueError:
        log.error("trouble", exc_info=True)
    written = capsys.readouterr().err
    assert value not in written
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in lines] == ["event", "library", "trouble"]
    assert lines[2]["error"] == "ValueError"
    assert lines[2]["frames"]


def test_the_access_line_has_the_route_and_never_the_address(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/api/v1/people-13912345678?q=王桂兰")
    written = capsys.readouterr().err
    assert '"status": 404' in written
    assert "13912345678" not in written
    assert "王桂兰" not in written


def test_routes_of_the_api_are_told_from_pages(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/api/v1/regions/610204")
    assert '"route": "/api/v1/regions/{code}"' in capsys.readouterr().err
