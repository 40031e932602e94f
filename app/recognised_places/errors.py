"""What can go wrong with the register of recognised places."""

from app.core.errors import Conflict, NotFound


class PlaceNotFound(NotFound):
    code, title = "place_not_found", "没有这个认定的载体，可能地址抄错了。"


class PlaceExists(Conflict):
    code, title = "place_exists", "这家单位已经认定过了，要改就改原来那一条。"


class PlaceWithdrawn(Conflict):
    code, title = "place_withdrawn", "认定已经取消了，改不了。要重新认定就另记一条。"
