"""Posters and boards: what is printed leads here, also from dirty, tilted paper, and says what is true."""

import io
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app.cli import build
from app.codes.signing import make_numbered_code, read_code
from app.codes.terms import CodeKind
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.settings import Settings
from app.jobs.terms import JobState
from app.web.paper.board import draw_board
from app.web.paper.content import Office, VillagePapers, choose_varied, gather_papers, villages_in
from app.web.paper.fonts import NoChineseFont, find_font
from app.web.paper.poster import draw_poster
from app.web.paper.sheet import PaperSize, Sheet
from tests.employers.factories import TOWN, VILLAGE
from tests.jobs.factories import put_in_state
from tests.web.board import OFFICER, hang_board

OFFICE = Office("https://sg.yaozhou.gov.cn", "a key of the office")


@pytest.fixture
def papers(session: Session, clock: FixedClock) -> VillagePapers:
    hang_board(session, clock)
    return gather_papers(session, VILLAGE, OFFICE, clock)


def printed(papers: VillagePapers, size: PaperSize = PaperSize.A4) -> pypdfium2.PdfDocument:
    with Sheet(find_font(), size) as sheet:
        draw_poster(sheet, papers)
        draw_board(sheet, papers, papers.near)
        draw_board(sheet, papers, papers.away)
        return pypdfium2.PdfDocument(sheet.as_bytes())


def looked_at(page: pypdfium2.PdfPage, dots_per_inch: int = 200) -> Image.Image:
    return page.render(scale=dots_per_inch / 72).to_pil().convert("L")


def codes_on(image: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)}


def words_on(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_bounded())


@pytest.mark.parametrize("size", list(PaperSize))
def test_every_printed_code_leads_to_its_village_or_posting(papers: VillagePapers, size: PaperSize) -> None:
    poster, near, away = printed(papers, size)
    assert poster.get_width() == pytest.approx(595 if size is PaperSize.A4 else 842, abs=1)
    assert codes_on(looked_at(poster)) == {papers.url}
    for page, board in ((near, papers.near), (away, papers.away)):
        assert codes_on(looked_at(page)) == {papers.url, *(slip.url for slip in board.slips)}
    read = read_code([OFFICE.secret_key], papers.url.rsplit("/", 1)[1])
    assert read is not None
    assert read.region_code == VILLAGE
    for slip in (*papers.near.slips, *papers.away.slips):
        found = read_code([OFFICE.secret_key], slip.url.rsplit("/", 1)[1])
        assert found is not None
        assert found.number == slip.job_id


@pytest.mark.parametrize("angle", [-15, 8])
def test_the_smallest_codes_are_read_tilted_and_blurred(papers: VillagePapers, angle: int) -> None:
    board = looked_at(printed(papers)[1])
    photo = board.rotate(angle, expand=True, fillcolor=255).filter(ImageFilter.GaussianBlur(1.2))
    wanted = {slip.url for slip in papers.near.slips}
    assert wanted <= codes_on(photo)


def test_words_are_those_of_the_village(papers: VillagePapers) -> None:
    poster, near, away = (words_on(page) for page in printed(papers))
    for word in (papers.name, OFFICER, "139 0000 2041", "不收一分钱", "12333"):
        assert word in poster
    assert papers.near.slips
    for slip in papers.near.slips:
        assert slip.title in near
        assert f"编号 {slip.job_id}" in near
    assert {slip.title for slip in papers.away.slips} == {"电子厂装配工", "电焊工"}
    assert "电子厂装配工" in away
    assert "13900001111" not in near + away, "a firm's phone is not for the wall"


def test_a_board_is_varied(session: Session, clock: FixedClock) -> None:
    jobs = list(hang_board(session, clock).values())
    assert {job.title for job in choose_varied(jobs)} >= {"村道保洁", "电焊工", "电子厂装配工"}
    same = [jobs[0]] * 3
    assert choose_varied(same) == [jobs[0]]


def test_a_place_without_postings_or_officer_has_papers_too(session: Session, clock: FixedClock) -> None:
    hang_board(session, clock)
    lonely = gather_papers(session, "540102", OFFICE, clock)
    assert (lonely.officer, lonely.phone) == ("", "12333")
    assert "眼下没有" in words_on(printed(lonely)[1])
    assert list(villages_in(session, TOWN)) == [VILLAGE]


def test_a_posting_s_code_shows_the_posting_and_says_when_it_is_gone(
    session: Session, clock: FixedClock, client: TestClient, shared_settings: Settings
) -> None:
    job = hang_board(session, clock)["welfare"]
    code = make_numbered_code(shared_settings.secret_key.get_secret_value(), CodeKind.POSTING, job.id)
    assert "村道保洁" in client.get(f"/q/{code}").text
    put_in_state(session, job, JobState.FILLED)
    gone = client.get(f"/q/{code}")
    assert gone.status_code == 410
    assert client.get(f"/q/{code[:-1]}{'a' if code[-1] != 'a' else 'b'}").status_code == 404


def test_without_a_chinese_font_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoChineseFont) as missing:
        find_font((tmp_path,))
    assert "fonts-wqy-microhei" in missing.value.title


def test_letters_the_font_does_not_have_are_left_out() -> None:
    with Sheet(find_font()) as sheet:
        sheet.new_page()
        sheet.text(10, 10, "招工\U0001f525缝纫", 8)
        page = pypdfium2.PdfDocument(io.BytesIO(sheet.as_bytes()))[0]
    assert "招工缝纫" in words_on(page)


def test_on_the_command_line(
    own_settings: Settings,
    own_database: Database,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with own_database.write() as session:
        hang_board(session, clock)
    monkeypatch.setenv("SONGGANG_DATABASE_URL", own_settings.database_url)
    run, commands = CliRunner().invoke, build(["posters", "parse"])
    out = tmp_path / "village.pdf"
    done = run(commands, ["posters", "--region", TOWN, "--out", str(out)])
    assert (done.exit_code, len(pypdfium2.PdfDocument(out))) == (0, 3)
    chosen = ["--kind", "leaflet", "--kind", "poster", "--size", "A3"]
    done = run(commands, ["posters", "--region", TOWN, "--out", str(out), *chosen])
    assert (done.exit_code, len(pypdfium2.PdfDocument(out))) == (0, 2)
    only = run(commands, ["posters", "--region", TOWN, "--out", str(out), "--no-boards"])
    assert (only.exit_code, len(pypdfium2.PdfDocument(out))) == (0, 1)
    assert run(commands, ["posters", "--region", "999999", "--out", str(out)]).exit_code == 2
    assert run(commands, ["posters", "--region", TOWN, "--out", str(tmp_path)]).exit_code == 2
