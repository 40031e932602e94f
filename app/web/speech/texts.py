"""念什么: what is read of a posting and of an entry of the policy library. The same words for everybody: no
distance from anyone's home."""

from datetime import date

from app.jobs.models import JobPosting
from app.policies.queries import Shown
from app.web.formats import pay_words
from app.web.languages import DEFAULT, languages
from app.web.portal import posting
from app.web.reader import first_visit
from app.web.speech.spoken import join_spoken, write_spoken

_WARNING = "要交钱的都是假的。谁要钱，就打 12333。"


def text_of_job(job: JobPosting, today: date) -> str:
    """A posting whose employer is loaded: title, firm, pay, the four facts, what is to do, whom they want."""
    language = languages()[DEFAULT]
    view = posting.build_job(job, first_visit(language), None, today, "")
    pay = pay_words(language, view.card.pay)
    money = " ".join(part for part in (pay.before, pay.figure, pay.after) if part)
    boxes = [f"{box.strong}，{box.soft}" if box.soft else box.strong for box in view.boxes]
    parts = [view.card.title, view.card.employer, f"工钱，{money}", *boxes, *view.description, *view.wants]
    parts += [f"在{view.address}" if view.address else "", _WARNING]
    return write_spoken(join_spoken(parts))


def text_of_guide(shown: Shown, language: str) -> str:
    """An entry of the policy library in "zh" or "en"; English where it is written."""
    content = shown.content
    words = content.words("en" if language == "en" else DEFAULT)
    if language == "en":
        parts = [words.title, words.amount, *words.who, "Bring: " + ", ".join(words.bring), words.where]
        return join_spoken([*parts, words.by_when, words.paid]).replace("。", ".")
    bring = "要带：" + "，".join(words.bring) if words.bring else ""
    parts = [words.title, words.amount, *words.who, *words.body, bring]
    return write_spoken(join_spoken([*parts, words.where, words.by_when, words.paid]))
