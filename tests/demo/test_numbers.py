"""Numbers pass every form and belong to nobody."""

from datetime import date

from app.demo import numbers
from app.demo.county import DemoCounty
from app.employers.rules import is_credit_code
from app.regions import gazetteer


def test_check_sign_agrees_with_the_samples_of_the_standard() -> None:
    assert numbers.id_check_sign("11010519491231002") == "X"
    assert numbers.id_check_sign("44052418800101001") == "4"
    assert numbers.id_number(date(1970, 1, 2), 3, male=True)[:17] == "99020419700102007"


def test_people_s_id_numbers_are_right_but_of_no_place(county: DemoCounty) -> None:
    provinces = {division.code[:2] for division in gazetteer.children(None)}
    assert numbers.ID_AREA[:2] not in provinces
    seen = set()
    for person in county.people:
        number = person.id_number
        assert len(number) == 18
        assert number.startswith(numbers.ID_AREA)
        assert number[6:14] == f"{person.birth_on:%Y%m%d}"
        assert (int(number[16]) % 2 == 1) == (person.sex.value == "male")
        assert numbers.id_check_sign(number[:17]) == number[17]
        seen.add(number)
    assert len(seen) == len(county.people)


def test_phones_lie_in_the_prefix_that_no_operator_serves(county: DemoCounty) -> None:
    phones = [person.phone for person in county.people if person.phone]
    phones += [officer.phone for officer in county.staff]
    phones += [employer.contact_phone for employer in county.employers]
    assert all(len(phone) == 11 and phone.startswith("15400") and phone.isdigit() for phone in phones)
    assert len(set(phones)) == len(phones)
    assert len(phones) > 3_000


def test_credit_codes_are_right_but_of_no_authority(county: DemoCounty) -> None:
    codes = [employer.credit_code for employer in county.employers if employer.credit_code]
    assert all(is_credit_code(code) and code[2:8] == "999999" for code in codes)
    assert len(set(codes)) == len(codes)
    without = {employer.kind.value for employer in county.employers if not employer.credit_code}
    assert without == {"project"}
