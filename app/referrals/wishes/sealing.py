"""封存: the phone of a wish is sealed anew when the data key changes, like every other sealed value, and goes
when the person asks to be erased."""

from app.referrals.wishes.models import JobWish
from app.referrals.wishes.queries import forget_person
from app.seekers.privacy.erasure import follow_erasure
from app.seekers.privacy.rotation import SealedColumn, SealedTable, seal_anew

seal_anew(SealedTable(JobWish, (SealedColumn("phone", (("phone_index", "phone"),)),)))
follow_erasure(forget_person)
