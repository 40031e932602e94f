"""封存: the phone of a wish is sealed anew when the data key changes, like every other sealed value."""

from app.referrals.wishes.models import JobWish
from app.seekers.privacy.rotation import SealedColumn, SealedTable, seal_anew

seal_anew(SealedTable(JobWish, (SealedColumn("phone", (("phone_index", "phone"),)),)))
