"""docs/permissions.md says what the table says."""

from app.accounts.permission_table import TABLE_FILE, PermissionTable, permission_table
from app.accounts.permission_terms import Resource
from app.accounts.terms import Role
from scripts.build_permissions_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    shown = PAGE.read_text(encoding="utf-8")
    assert shown == page(permission_table()), "run scripts/build_permissions_page.py"


def test_the_page_names_every_resource_and_role() -> None:
    shown = PAGE.read_text(encoding="utf-8")
    assert [r for r in Resource if f"`{r.value}`" not in shown] == []
    assert [r for r in Role if f"`{r.value}`" not in shown] == []


def test_a_changed_table_is_another_page() -> None:
    text = TABLE_FILE.read_text(encoding="utf-8")
    changed = text.replace("max_people = 200,", "max_people = 300,")
    assert changed != text
    assert page(PermissionTable(changed)) != page(permission_table())
