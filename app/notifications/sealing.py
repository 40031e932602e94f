"""封存: what of a message is kept under seal, its reader and its parameters."""

import json
from collections.abc import Mapping
from typing import Any

from app.core.crypto import FieldCipher, Place
from app.notifications.models import Message
from app.notifications.opt_outs import recipient_index


def sealed_columns(
    message_id: int, recipient: str, parameters: Mapping[str, str], cipher: FieldCipher
) -> dict[str, Any]:
    """The sealed columns of a message; without a recipient (no phone at all) that column is null."""
    packed = json.dumps(dict(parameters), ensure_ascii=False, separators=(",", ":"))
    return {
        "recipient": cipher.seal(recipient, Place("messages", "recipient", message_id))
        if recipient
        else None,
        "recipient_index": recipient_index(recipient, cipher) if recipient else None,
        "parameters": cipher.seal(packed, Place("messages", "parameters", message_id)),
    }


def open_recipient(message: Message, cipher: FieldCipher) -> str:
    """The phone, openid or address; empty when there is none or it was forgotten. Raises Unsealable."""
    if message.recipient is None:
        return ""
    return cipher.open(message.recipient, Place("messages", "recipient", message.id))


def open_parameters(message: Message, cipher: FieldCipher) -> dict[str, str]:
    """The parameters in the order of the text; empty when they were forgotten. Raises Unsealable."""
    if message.parameters is None:
        return {}
    found: dict[str, str] = json.loads(
        cipher.open(message.parameters, Place("messages", "parameters", message.id))
    )
    return found
