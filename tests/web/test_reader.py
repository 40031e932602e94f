"""What a visitor chose is remembered in cookies, or in every address where cookies are refused."""

from starlette.requests import Request
from starlette.responses import Response

from app.web.languages import languages
from app.web.reader import Reader, read_reader, remember


def asked(query: str = "", cookie: str = "", accept: str = "zh-CN", path: str = "/jobs") -> Request:
    headers = [(b"accept-language", accept.encode())]
    if cookie:
        headers.append((b"cookie", cookie.encode()))
    return Request(
        {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    )


def test_a_first_visitor_gets_no_cookie_and_short_links() -> None:
    reader = read_reader(asked())
    assert (reader.size, reader.place, reader.store) == (1, None, ())
    assert reader.url("/find") == "/find"


def test_a_choice_is_stored_and_carried_until_the_cookie_comes_back() -> None:
    first = read_reader(asked("s=2&at=610204101201"))
    assert first.store == (("s", "2"), ("at", "610204101201"))
    assert first.url("/jobs", far="town") == "/jobs?far=town&s=2&at=610204101201"
    later = read_reader(asked("s=2&at=610204101201", "s=2; at=610204101201"))
    assert later.store == ()
    assert later.url("/jobs") == "/jobs"
    assert (later.size, later.place) == (2, "610204101201")


def test_the_cookie_alone_is_enough() -> None:
    reader = read_reader(asked(cookie="s=3; at=610204; lang=en"))
    assert (reader.size, reader.place, reader.language.tag) == (3, "610204", "en")


def test_going_back_to_standard_letters_overwrites_the_cookie() -> None:
    reader = read_reader(asked("s=1", "s=3"))
    assert reader.size == 1
    assert reader.store == (("s", "1"),)


def test_chinese_can_be_chosen_in_an_english_browser() -> None:
    reader = read_reader(asked("lang=zh-Hans", accept="en-US"))
    assert reader.language.tag == "zh-Hans"
    assert ("lang", "zh-Hans") in reader.carry


def test_rubbish_is_left_aside() -> None:
    reader = read_reader(asked("s=9&lang=xx&at=../etc", "at=12345"))
    assert (reader.size, reader.language.tag, reader.place) == (1, "zh-Hans", None)
    assert reader.carry == ()


def test_a_scanned_code_goes_before_everything() -> None:
    reader = read_reader(asked("", "at=610204"), place="610204101201")
    assert reader.place == "610204101201"
    assert reader.store == (("at", "610204101201"),)


def test_addresses_of_this_page() -> None:
    reader = read_reader(asked("k=sew&k=cook&s=2"))
    assert reader.here(s=3) == "/jobs?k=sew&k=cook&s=3"
    assert reader.next_size == 3


def test_lists_repeat_and_values_are_quoted() -> None:
    reader = Reader(languages()["zh-Hans"])
    assert reader.url("/jobs", k=["a", "b"], q="焊 工&x", p=None) == "/jobs?k=a&k=b&q=%E7%84%8A+%E5%B7%A5%26x"


def test_cookies_are_not_for_scripts_and_say_nothing_about_the_person() -> None:
    response = Response()
    remember(response, read_reader(asked("s=2&at=610204&lang=en")), secure=True)
    cookies = [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]
    assert len(cookies) == 3
    assert all("HttpOnly" in c and "Secure" in c and "SameSite=lax" in c for c in cookies)
