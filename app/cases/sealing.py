"""封存: name, phone, words and notes of cases are sealed anew when the data key changes, like every other
sealed value, and go when the person asks to be erased."""

from app.cases.models import Case, CaseStep
from app.cases.queries import forget_person
from app.seekers.privacy.erasure import follow_erasure
from app.seekers.privacy.rotation import SealedColumn, SealedTable, seal_anew

seal_anew(
    SealedTable(
        Case,
        (SealedColumn("phone", (("phone_index", "phone"),)), SealedColumn("name"), SealedColumn("story")),
    )
)
seal_anew(SealedTable(CaseStep, (SealedColumn("note"),)))
follow_erasure(forget_person)
