"""How rows become customers."""

import unicodedata
from collections.abc import Mapping as AnyMapping
from datetime import date
from uuid import UUID

from shuke.domains.customers.types import CustomerRow, CustomerSource, Gender
from shuke.domains.records.rules.cells import Cells, day
from shuke.domains.records.rules.headings import CUSTOMERS
from shuke.kit import birthdays, phones
from shuke.kit.birthdays import BirthDate

GENDERS = {"女": Gender.FEMALE, "female": Gender.FEMALE, "f": Gender.FEMALE}
GENDERS |= {"男": Gender.MALE, "male": Gender.MALE, "m": Gender.MALE, "未知": Gender.UNKNOWN, "unknown": Gender.UNKNOWN}
SOURCES = {source.value: source for source in CustomerSource}
SOURCES |= {"到店": CustomerSource.WALK_IN, "转介绍": CustomerSource.REFERRAL, "线上": CustomerSource.ONLINE}
SOURCES |= {"活动": CustomerSource.EVENT, "导入": CustomerSource.IMPORT, "其他": CustomerSource.OTHER}
LONGEST = {"name": 120, "alias": 120, "level": 60, "note": 2000, "member_no": 120}


class CustomerReader:
    """Rows of a file of customers."""

    def __init__(
        self,
        cells: Cells,
        stores: AnyMapping[str, UUID],
        default_store: UUID | None,
        guides: AnyMapping[str, UUID],
        today: date,
    ) -> None:
        self._cells = cells
        self._stores = stores
        self._default_store = default_store
        self._guides = guides
        self._today = today

    def customer(self, row: list[str]) -> CustomerRow | str:
        """The customer this row tells of, or why it tells of none (a key of `kit.words`)."""
        if len(row) != self._cells.width:
            return "row_cells"
        said = {field: self._cells.text(row, field) for field in CUSTOMERS}
        if any(len(said[field] or "") > most for field, most in LONGEST.items()) or "\x00" in "".join(row):
            return "text_long"
        phone = phones.normalise(said["phone"].removesuffix(".0")) if said["phone"] else None
        store = self._stores.get(said["store"]) if said["store"] else self._default_store
        guide = phones.normalise(said["guide_phone"]) if said["guide_phone"] else None
        birthday = _birthday(said["birthday"]) if said["birthday"] else None
        created = self._cells.moment(said["created_at"]) if said["created_at"] else None
        gender, source = GENDERS.get((said["gender"] or "").lower()), SOURCES.get((said["source"] or "").lower())
        wrong = (
            ("identity_missing", not (said["phone"] or said["member_no"])),
            ("phone_invalid", said["phone"] and phone is None),
            ("store_missing", store is None and not said["store"]),
            ("store_unknown", store is None),
            ("guide_unknown", said["guide_phone"] and guide not in self._guides),
            (
                "birthday_wrong",
                said["birthday"] and (birthday is None or (birthday.born_on or self._today) > self._today),
            ),
            ("moment_wrong", said["created_at"] and created is None),
            ("word_unknown", (said["gender"] and gender is None) or (said["source"] and source is None)),
        )
        reason = next((reason for reason, holds in wrong if holds), None)
        if reason or store is None:
            return reason or "store_unknown"
        return CustomerRow(
            store_id=store,
            guide_id=self._guides[guide] if guide else None,
            name=said["name"],
            alias=said["alias"],
            gender=gender,
            birthday=birthday,
            level=said["level"],
            source=source,
            note=said["note"],
            phone=phone,
            raw_phone=said["phone"],
            member_no=unicodedata.normalize("NFKC", said["member_no"]) if said["member_no"] else None,
            created_at=created[0] if created else None,
        )


def _birthday(text: str) -> BirthDate | None:
    """As a spreadsheet says a day, or as people say a birthday: 农历四月十五."""
    found = day(text)
    if found is None:
        return birthdays.read(text)
    return birthdays.of_day(found) if found.year in birthdays.YEARS else None
