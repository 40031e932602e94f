"""Every page of the portal, at every size: FRONTEND's rule for old eyes and small phones, and axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe_violations, phone, sideways_scroll, size_faults
from tests.web import gallery

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 412)
NORMAL, HUGE = 1, 3


@pytest.fixture(scope="module")
def screen(browser: Browser) -> Iterator[Page]:
    context = phone(browser)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", [NORMAL, HUGE])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_all_can_be_read_and_hit(screen: Page, name: str, size: int) -> None:
    screen.set_content(gallery.page(name, size))
    assert axe_violations(screen) == []
    for width in WIDTHS:
        screen.set_viewport_size({"width": width, "height": 740})
        assert size_faults(screen) == [], width
        assert sideways_scroll(screen) == 0, width
    if size == NORMAL:
        # Letters of twice the size, as a browser's own setting makes them.
        screen.evaluate("document.documentElement.style.fontSize = '36px'")
        for width in WIDTHS:
            screen.set_viewport_size({"width": width, "height": 740})
            assert sideways_scroll(screen) == 0, f"{width} at 200 %"


@pytest.mark.parametrize("name", gallery.PAGES)
def test_english_fits_as_well(screen: Page, name: str) -> None:
    screen.set_viewport_size({"width": WIDTHS[0], "height": 740})
    screen.set_content(gallery.page(name, language="en"))
    assert sideways_scroll(screen) == 0
    assert axe_violations(screen) == []
