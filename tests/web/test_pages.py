"""Every portal page as text: markup, weight, words in both languages. No browser, no database."""

import gzip
import re

import pytest

from app.web import rendering, styles
from app.web.languages import LOCALES, languages
from app.web.reader import Reader
from tests.web import gallery
from tests.web.markup import markup_faults

# FRONTEND "Budgets", in bytes of gzip 6; the compression used on the wire (brotli) does better.
LIST_BUDGET = 6 * 1024
PAGE_BUDGET = 5 * 1024


@pytest.mark.parametrize("name", gallery.PAGES)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_markup_is_sound(name: str, language: str) -> None:
    assert markup_faults(gallery.page(name, language=language)) == []


@pytest.mark.parametrize("name", gallery.PAGES)
def test_page_is_light(name: str) -> None:
    size = len(gzip.compress(gallery.page(name).encode(), 6))
    assert size <= (LIST_BUDGET if name == "jobs" else PAGE_BUDGET)


def test_style_sheet_is_under_5_kb() -> None:
    for name in styles.CSS_SETS:
        assert len(gzip.compress(styles.style_sheet(name).encode(), 6)) < 5 * 1024


@pytest.mark.parametrize(
    "broken",
    [
        "<!doctype html><title>x</title><h1>a</h1><div>",
        "<!doctype html><title>x</title><h1>a</h1><h3>b</h3>",
        "<!doctype html><title>x</title><h1>a</h1><img src=a.png>",
        "<!doctype html><title>x</title><h1>a</h1><p style=color:red>b</p>",
        "<!doctype html><title>x</title><style>a{gap:3px}</style><h1>a</h1>",
        '<!doctype html><title>x</title><h1>a</h1><svg><use href="#pin"/></svg>',
        "<!doctype html><title>x</title><h1>a %(n)s</h1>",
        "<!doctype html><title>x</title><h1>a</h1><script>1</script>",
    ],
)
def test_the_markup_check_sees_a_planted_break(broken: str) -> None:
    assert markup_faults(broken)


def test_minified_css_keeps_what_matters() -> None:
    css = "/* a */ .x > b { width : calc(1em + 2px) ; color: red; }\n@media print{ .y .z{top:0} }"
    assert styles.minify_css(css) == ".x>b{width :calc(1em + 2px);color:red}@media print{.y .z{top:0}}"


def test_a_page_carries_the_rules_it_uses_and_no_others() -> None:
    sheet = ":root{--a:1;--b:2}a,.x b{top:var(--a)}.x.y:focus>i{left:0}"
    sheet += "@media print{.z{top:0}.x{top:1px}}p[q]{top:2px}"
    html = '<html><a class="x"><b>class=z &lt;p&gt;</b></a>'
    names = styles.used_names(html)
    assert names == ({"html", "a", "b"}, {"x"})
    assert styles.used_rules(sheet, *names) == ":root{--a:1}a,.x b{top:var(--a)}@media print{.x{top:1px}}"


@pytest.mark.parametrize("name", gallery.PAGES)
def test_dropping_rules_changes_no_page(name: str) -> None:
    """Every rule of the full sheet whose classes and tags the page has is there."""
    html = gallery.page(name)
    css = html.split("<style>")[1].split("</style>")[0]
    _tags, classes = styles.used_names(html)
    for used in classes & {
        "job",
        "btn",
        "go",
        "tile",
        "opt",
        "dock",
        "tabs",
        "lintel",
        "seek",
        "rows",
        "note",
    }:
        assert re.search(rf"\.{used}\b", css), used
    assert css.startswith(":root{--")
    assert "@media print" in css


def test_written_text_cannot_become_markup() -> None:
    evil = '<script>alert(1)</script>"onclick=x <use href="#sew"/><!--icons-->'
    card = gallery.replace(gallery.CARDS[0], title=evil, employer=evil, tag=evil)
    job = gallery.replace(gallery.JOB, card=card, description=(evil,), linked_data={"title": evil})
    html = rendering.render("portal/job.html", gallery.reader(), view=job)
    assert markup_faults(html) == []
    assert "<script>alert" not in html
    assert html.count("alert(1)") >= 5


def test_a_word_in_the_search_box_is_escaped() -> None:
    view = gallery.replace(gallery.JOBS, words='"><b>x')
    html = rendering.render("portal/jobs.html", gallery.reader(), view=view)
    assert "<b>x" not in html
    assert 'value="&#34;&gt;&lt;b&gt;x"' in html


@pytest.mark.parametrize(("size", "mark"), [(1, ""), (2, " class=s2"), (3, " class=s3")])
def test_letter_size_is_a_class_of_the_page(size: int, mark: str) -> None:
    assert f'<html lang="zh-CN"{mark}>' in gallery.page("home", size)


def test_a_page_in_english_marks_the_chinese_of_postings() -> None:
    html = gallery.page("jobs", language="en")
    assert '<html lang="en">' in html
    assert '<a lang=zh-CN href="/jobs/1200">缝纫工</a>' in html


def test_no_chinese_of_our_own_on_an_english_page() -> None:
    """What is Chinese there is marked as Chinese: place names, postings, the seal."""
    for name in ("help", "formula", "code"):
        html = gallery.page(name, language="en")
        html = re.sub(r"<(style|script|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
        html = re.sub(r"<(\w+) lang=zh-CN[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
        html = html.replace(gallery.FORMULA.weights[0][0], "").replace("中文", "")
        for label, _points in gallery.FORMULA.weights:
            html = html.replace(label, "")
        assert re.findall(r"[\u4e00-\u9fff]+", html) == []


def test_choices_travel_in_links_where_cookies_are_refused() -> None:
    reader = Reader(languages()["zh-Hans"], size=2, place="610204", carry=(("s", "2"), ("at", "610204")))
    html = rendering.render("portal/home.html", reader, view=gallery.HOME)
    assert 'href="/find?s=2&amp;at=610204"' in html
    html = rendering.render("portal/question.html", reader, view=gallery.SKILLS)
    assert '<input type=hidden name="s" value="2">' in html


def test_style_hashes_name_every_sheet() -> None:
    assert len(set(rendering.style_hashes())) == len(styles.CSS_SETS)


def test_an_unknown_picture_is_an_error() -> None:
    with pytest.raises(KeyError):
        rendering.icon("nothing")


def test_every_template_is_used() -> None:
    templates = rendering.FRONTEND / "templates"
    named = {template for template, _view in gallery.PAGES.values()}
    on_disk = {str(path.relative_to(templates)) for path in templates.rglob("*.html")}
    base = {path for path in on_disk if path.startswith(("layouts/", "components/"))}
    portal = {path for path in on_disk - base if path.startswith(("portal/", "errors/"))}
    assert portal <= named
    assert {path.name for path in LOCALES.iterdir() if path.is_dir()} == {"en", "zh_Hans"}
