"""People at their phones: who taps what, how often, and what they see. Without JavaScript unless said."""

import os
import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from app.accounts.actor import Actor
from tests.browser import phone, sideways_scroll, size_faults
from tests.web.life.place import FIRM_PHONE, PATIENCE_S, Place

# A folder to keep a picture of every page in.
SHOTS = os.environ.get("SONGGANG_SHOTS", "")
PATIENCE_MS = PATIENCE_S * 1000


@dataclass
class Hand:
    """A human's thumb on a phone. Every page a tap leads to is looked at; `pages` are all of the story's."""

    place: Place
    context: BrowserContext
    name: str
    pages: list[str]
    taps: int = 0
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page: Page = self.context.new_page()

    def goto(self, path: str) -> None:
        """Opens an address of the place (or of a message)."""
        answer = self.page.goto(self.place.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def open(self, path: str) -> str:
        """The same, and has a look at the page."""
        self.goto(path)
        return self.look()

    def tap(self, words: str, within: str = "main") -> str:
        """Presses the button, link or label that says so, or opens the part with that heading."""
        target = self.page.locator(within).locator("button,a,summary,label", has_text=re.compile(words))
        return self.press(target.first)

    def press(self, target: Locator) -> str:
        self.taps += 1
        leads_on = target.evaluate("e => e.matches('a[href]') || (e.matches('button') && !!e.form)")
        if not leads_on:
            target.tap()
            return self.text()
        with self.page.expect_navigation():
            target.tap()
        return self.look()

    def fill(self, name: str, text: str) -> None:
        self.page.locator(f"[name={name}]:visible").first.fill(text)

    def text(self) -> str:
        return self.page.inner_text("main")

    def look(self) -> str:
        """Takes the picture and the measure of the page in front; returns what it says."""
        self.pages.append(self.name)
        wide = sideways_scroll(self.page)
        found = [*size_faults(self.page), *([f"{wide} px too wide"] if wide > 0 else [])]
        if SHOTS:
            story, who = self.name.split(" ")
            self.page.screenshot(path=f"{SHOTS}/{story}-{len(self.pages):02}-{who}.png", full_page=True)
        self.faults += [f"{self.page.url}: {fault}" for fault in found]
        return self.text()

    def counted(self) -> int:
        """Taps since the last count."""
        taps, self.taps = self.taps, 0
        return taps


@dataclass
class Hands:
    """Everybody's phones in one browser; `story` names the pictures."""

    browser: Browser
    place: Place
    story: str
    made: list[Hand] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def _new(self, who: str, *, script: bool = False) -> Hand:
        hand = Hand(self.place, phone(self.browser, script=script), f"{self.story} {who}", self.pages)
        self.made.append(hand)
        return hand

    def staff(self, actor: Actor | None = None, who: str = "township", *, script: bool = False) -> Hand:
        """A colleague, signed in a moment ago; the township's unless said."""
        hand = self._new(who, script=script)
        self.place.sign_in(hand.context, actor or self.place.colleagues.township)
        return hand

    def boss(self, *, script: bool = False) -> Hand:
        """The firm's boss, signed in."""
        hand = self._new("boss", script=script)
        self.place.sign_in(hand.context, self.place.boss.actor)
        return hand

    def anybody(self, who: str, *, script: bool = False) -> Hand:
        """Somebody without an account."""
        return self._new(who, script=script)

    def by_link(self, path: str) -> Hand:
        """Somebody at the firm with nothing but the link of the message and the firm's phone."""
        hand = self.anybody("link")
        hand.open(path)
        hand.fill("tail", FIRM_PHONE[-4:])
        hand.tap("看是谁")
        return hand

    def close(self) -> None:
        """Everybody puts the phone away; what looked wrong on the way is told."""
        faults = sorted({fault for hand in self.made for fault in hand.faults})
        for hand in self.made:
            hand.context.close()
        assert faults == []
