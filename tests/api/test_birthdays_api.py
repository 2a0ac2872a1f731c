"""A birthday through the API: written as people do, kept as one value, however it is edited."""

from datetime import UTC, datetime

from shuke.api.pagination import global_id
from shuke.kit import clock
from shuke.kit.ids import new_id
from tests.api.test_customers_api import ask, send
from tests.factories import make_world
from tests.factories.customers import make_customer, next_phone

SHOWN = "birthday birthDate nextBirthday version"
CREATE = f"""mutation ($input: CreateCustomerInput!) {{ createCustomer(input: $input) {{ customer {{ {SHOWN} }}
  userErrors {{ code field }} }} }}"""
UPDATE = f"""mutation ($input: UpdateCustomerInput!) {{ updateCustomer(input: $input) {{ customer {{ {SHOWN} }}
  conflicts {{ field yours theirs }} userErrors {{ code field message }} }} }}"""
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def shown(birthday: str | None, birth_date: str, following: str) -> dict[str, object]:
    return {"birthday": birthday, "birthDate": birth_date, "nextBirthday": following, "version": 1}


async def test_a_birthday_by_the_moon_is_kept_as_it_was_said(database: str) -> None:
    guide = (await make_world()).staff["guide"]
    with clock.pretended(NOON):
        done = await send(guide, CREATE, id=str(new_id()), phone=next_phone(), birthDate="农历四月十五")
        assert done["customer"] == shown(None, "lunar:--04-15", "2027-05-20")
        done = await send(guide, CREATE, id=str(new_id()), phone=next_phone(), birthday="1990-11-22")
        assert done["customer"] == shown("1990-11-22", "1990-11-22", "2026-11-22")
        for said in ("四月十五", "2030-01-01", "lunar:2026-12-01"):
            done = await send(guide, CREATE, id=str(new_id()), phone=next_phone(), birthDate=said)
            assert done["userErrors"] == [{"code": "INVALID", "field": "birthDate"}], said


async def test_both_ways_of_saying_it_are_one_field(database: str) -> None:
    world = await make_world()
    guide, manager = world.staff["guide"], world.staff["manager"]
    key = global_id("Customer", await make_customer(world))
    done = await send(guide, UPDATE, id=key, baseVersion=1, birthDate="--03-08")
    assert (done["customer"]["birthday"], done["customer"]["birthDate"]) == (None, "--03-08")
    clash = await send(manager, UPDATE, id=key, baseVersion=1, birthday="1990-03-08")
    assert clash["conflicts"] == [{"field": "birthday", "yours": "1990-03-08", "theirs": "--03-08"}]
    done = await send(manager, UPDATE, id=key, baseVersion=2, birthday="1990-03-08")
    assert done["customer"]["birthDate"] == "1990-03-08"
    same = await send(guide, UPDATE, id=key, baseVersion=1, birthDate="1990年3月8日")
    assert same["customer"]["version"] == 3  # what stands there already clashes with nothing
    emptied = await send(guide, UPDATE, id=key, baseVersion=3, birthDate=None)
    assert emptied["customer"] == {"birthday": None, "birthDate": None, "nextBirthday": None, "version": 4}
    page = await ask(guide, f"query ($id: ID!) {{ customer(id: $id) {{ {SHOWN} }} }}", id=key)
    assert page["nextBirthday"] is None
