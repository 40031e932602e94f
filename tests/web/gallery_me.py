"""The pages under /me with invented content, for the gallery."""

from app.web.portal import me_edit, me_messages, me_views
from app.web.portal.apply_views import Step
from app.web.portal.me_wishes import Asked, MyWishes

_FILE = me_views.File(
    7,
    "王秀兰",
    (("你是谁", (("姓名", "王秀兰"), ("", "户主，女，51 岁"))), ("会干的", (("手艺", "缝纫"),))),
    ("文化程度",),
)
_WISHES = MyWishes(
    7,
    (Asked("平车工", "小丘针织社区工厂", "", href="/a/7-abcdefgh", answer_by="11 月 25 日"),),
    (
        Asked(
            "包装工",
            "小丘黄芩加工厂",
            "约见面",
            (
                Step("厂里给你回话", "done"),
                Step("去厂里看看", "now", "11 月 24 日 9:00"),
                Step("上班", "todo"),
            ),
            href="/a/8-abcdefgh",
        ),
        Asked("面馆帮厨", "镇上老陈面馆", "没成，不是你的事", letter="人招满了，不是你的事。"),
        Asked("锁边工", "好日子车间", "已送企业", (), href="/a/9-abcdefgh", may_tell_silence=True),
        Asked("分拣工", "黄芩厂", "已送企业", (), href="/a/6-abcdefgh", told_silence=True),
    ),
)
_LOOKS = me_views.Looks(
    7,
    (
        me_views.LookLine("11 月 22 日", "柳树塬村 村就业信息员", "看了你的电话", "电话里说岗位"),
        me_views.LookLine("11 月 20 日", "招人的单位", "看了你能干什么", ""),
    ),
)
_CONSENTS = me_views.Consents(
    7,
    (
        me_views.ConsentLine(
            "ledger", "给我建档，帮我找活", "收回了，就不再替你找活。", "11 月 2 日同意的", True, "收回"
        ),
        me_views.ConsentLine(
            "messages", "给我发招工消息", "收回了，就不再发了。", "还没问过你", False, "我同意"
        ),
    ),
    done=True,
)
_CHOICES = (me_edit.Option("a", "想找活", True), me_edit.Option("b", "上班了", False))
_EDIT = me_edit.Edit(
    id=7,
    version=3,
    statuses=_CHOICES,
    reaches=_CHOICES,
    limits=_CHOICES,
    needs=_CHOICES,
    skills="缝纫、做饭",
    occupations="缝纫工",
    training_wish="",
    wage="两千",
    wage_label="每月最少要多少元",
    shown_phone="139****2041",
    phone="",
    may_write_health=True,
    health=(("健康状况", "腰不好"),),
    problem="有的地方填得不对，改一下就行。",
    problems={"wage": "请填数字，比如 2800"},
)
_MESSAGES = me_messages.Messages(
    7,
    "139****2041",
    (
        me_messages.MessageOption("all", "都发给我", "有新活、招聘会、政策，也告诉我。", False),
        me_messages.MessageOption("own", "只发我自己的事", "给我推的活、面试、上班。群发的不要。", True),
        me_messages.MessageOption("none", "都不要发", "有事请打电话，或者上门说。验证码照发。", False),
    ),
    done=True,
)
ME_PAGES: dict[str, tuple[str, object]] = {
    "me": ("portal/me.html", me_views.Hub(7, "王秀兰", "柳树塬村", 2, True, "改好了。")),
    "me-proof": ("portal/me_proof.html", me_views.Proof(problem="没对上。看看身份证最后四位，再填一次。")),
    "me-people": (
        "portal/me_people.html",
        me_views.People((me_views.Choice("王秀兰", "/me/7"), me_views.Choice("李小梅", "/me/8"))),
    ),
    "me-file": ("portal/me_file.html", _FILE),
    "me-wishes": ("portal/me_wishes.html", _WISHES),
    "me-looks": ("portal/me_looks.html", _LOOKS),
    "me-edit": ("portal/me_edit.html", _EDIT),
    "me-consents": ("portal/me_consents.html", _CONSENTS),
    "me-messages": ("portal/me_messages.html", _MESSAGES),
    "me-messages-no-number": ("portal/me_messages.html", me_messages.Messages(7, "", ())),
    "me-copy": ("portal/me_copy.html", me_views.Copy(7)),
    "me-erase": ("portal/me_erase.html", me_views.Erase(7, "王秀兰", 7)),
    "me-erase-asked": ("portal/me_erase.html", me_views.Erase(7, "王秀兰", 7, "11 月 29 日", True)),
    "me-left": ("portal/me_left.html", None),
    "me-new-phone": ("portal/me_new_phone.html", None),
}
