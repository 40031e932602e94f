"""What people type: everyday words of a trade, its sounds, traditional characters; anything else as it is."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.web.portal.words import read_words
from tests.employers.factories import VILLAGE
from tests.web.board import hang_board


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("缝纫", "sew"),
        ("縫紉", "sew"),
        ("電焊", "weld"),
        ("焊工", "weld"),
        ("带孩子", "baby"),
        ("帶 孩 子", "baby"),
        ("看大门", "guard"),
        ("dianhan", "weld"),
        ("DIAN HAN", "weld"),
        ("fengren", "sew"),
        ("伺候老人的活", "elder"),
        ("打扫卫生", "clean"),
        ("cc", "fork"),
    ],
)
def test_a_trade_is_understood(typed: str, kind: str) -> None:
    wanted = read_words(typed)
    assert wanted.kind is not None
    assert (wanted.kind.code, wanted.words) == (kind, "")


@pytest.mark.parametrize(
    ("typed", "words"), [("小丘針織", "小丘针织"), ("  明华  电子厂 ", "明华 电子厂"), ("a", "a"), ("", "")]
)
def test_other_words_are_looked_for_as_they_stand(typed: str, words: str) -> None:
    assert read_words(typed).kind is None
    assert read_words(typed).words == words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("縫紉", "缝纫工"),
        ("fengren", "缝纫工"),
        ("小丘針織", "缝纫工"),
        ("電焊", "电焊工"),
        ("焊工", "电焊工"),
    ],
)
def test_the_list_answers(
    session: Session, clock: FixedClock, client: TestClient, typed: str, found: str
) -> None:
    hang_board(session, clock)
    page = client.get(
        "/jobs", params={"at": VILLAGE, "far": "province" if "焊" in typed else "county", "q": typed}
    )
    assert page.status_code == 200
    assert found in page.text
    assert "苹果套袋" not in page.text
