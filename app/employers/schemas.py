"""用人单位的输入输出: one shape for JSON bodies and HTML forms."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core.crypto import FieldCipher
from app.employers import rules, sealing
from app.employers.models import Employer
from app.employers.terms import EmployerAction, EmployerKind, EmployerState


def _check_credit_code(text: str) -> str:
    code = rules.clean_credit_code(text)
    if code and not rules.is_credit_code(code):
        raise ValueError("统一社会信用代码不对，请照营业执照上的 18 位重新填。")
    return code


def _check_phone(text: str) -> str:
    digits = rules.phone_key(text)
    if text and not 5 <= len(digits) <= 15:
        raise ValueError("电话号码不对，请重新填。")
    return text


def _check_name(text: str) -> str:
    if not any(sign.isalpha() for sign in text):
        raise ValueError("请填单位的全称。")
    return text


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=80),
    AfterValidator(_check_name),
]
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\d{6}(\d{3}){0,2}$")]


class EmployerIn(BaseModel):
    """登记单位: what registering a firm takes (CONTRACT, POST /employers)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Name
    kind: EmployerKind
    region_code: Code
    address: Annotated[str, Field(max_length=200)] = ""
    credit_code: Annotated[str, Field(max_length=40), AfterValidator(_check_credit_code)] | None = None
    contact_name: Annotated[str, Field(max_length=40)] | None = None
    contact_phone: Annotated[str, Field(max_length=20), AfterValidator(_check_phone)] | None = None


class EmployerActionIn(BaseModel):
    """核验单位: a step of the registration (CONTRACT, POST /employers/{id}/actions)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    action: EmployerAction
    reason: Annotated[str, Field(max_length=200)] | None = None


class EmployerBrief(BaseModel):
    """单位简况, as a posting shows it."""

    id: int
    name: str
    kind: EmployerKind

    @classmethod
    def of(cls, employer: Employer) -> "EmployerBrief":
        return cls(id=employer.id, name=employer.name, kind=employer.kind)


class EmployerOut(EmployerBrief):
    """单位情况. The contact and the credit code are null for whom they are none of their business."""

    region_code: str
    address: str
    state: EmployerState
    verified_on: date | None
    answer_permille: int | None
    median_answer_hours: int | None
    credit_code: str | None
    contact_name: str | None
    contact_phone: str | None
    version: int

    @classmethod
    def shown(cls, employer: Employer, cipher: FieldCipher | None) -> "EmployerOut":
        """With the contact for whom the cipher is given."""
        with_contact = cipher is not None
        return cls(
            id=employer.id,
            name=employer.name,
            kind=employer.kind,
            region_code=employer.region_code,
            address=employer.address,
            state=employer.state,
            verified_on=employer.verified_on,
            answer_permille=employer.answer_permille,
            median_answer_hours=employer.median_answer_hours,
            credit_code=employer.credit_code if with_contact else None,
            contact_name=employer.contact_name if with_contact else None,
            contact_phone=sealing.open_contact(employer, cipher) if cipher else None,
            version=employer.version,
        )
