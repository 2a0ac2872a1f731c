"""What is asked of the archive, each time of something that was made just before: see pwa_errands."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from shuke.api.pagination import global_id
from shuke.app.wiring import WIRING
from shuke.domains.customers import queries as customer_queries
from shuke.domains.customers import service as customers
from shuke.domains.customers.types.links import Filled
from shuke.domains.identity.types import Locale
from shuke.domains.journeys import service as journeys
from shuke.kit import db
from shuke.kit.events import Dispatcher
from tests.api.operations_cases import CASES
from tests.api.real import Browser
from tests.api.shop import Said, Shop
from tests.factories.children import make_child
from tests.factories.customers import make_customer
from tests.factories.links import make_link
from tests.factories.merging import merge, versions
from tests.factories.profile import add_fields, read_template
from tests.factories.visits import make_paper, make_visit

Errand = Callable[[Shop], Awaitable[tuple[Browser, Said]]]
IDENTITY = "SELECT id FROM customer_identity WHERE customer_id = $1 AND kind = $2 ORDER BY id LIMIT 1"


def a_phone() -> str:
    """Nobody's yet; nor of those that lived_in gives away."""
    return f"136{uuid4().int % 10**8:08d}"


async def known_by(shop: Shop, kind: str, value: str) -> Said:
    """A customer with a second number, and the first of this kind."""
    key = await shop.customer()
    her = global_id("Customer", key)
    made = await shop.guide.do("addIdentity", customerId=her, kind=kind, value=value)
    assert made["userErrors"] == [], made
    identity = await db.fetch_value(IDENTITY, key, kind.lower())
    return {"customerId": her, "id": global_id("CustomerIdentity", identity)}


async def of_a_wechat(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, await known_by(shop, "WECHAT", f"w{uuid4().hex[:12]}")


async def of_a_phone(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, await known_by(shop, "PHONE", a_phone())


async def remove_contact(shop: Shop) -> tuple[Browser, Said]:
    phone = a_phone()
    await make_customer(shop.world, "guide", phone=phone)
    key = await shop.customer()
    her = global_id("Customer", key)
    await shop.guide.do("addIdentity", customerId=her, kind="PHONE", value=phone, ifTaken="FAMILY", role="FATHER")
    contact = await db.fetch_value("SELECT id FROM identity_contact WHERE customer_id = $1", key)
    return shop.guide, {"customerId": her, "contactId": global_id("IdentityContact", contact)}


async def ask_to_share(shop: Shop) -> tuple[Browser, Said]:
    phone = a_phone()
    await make_customer(shop.world, "stranger", phone=phone)
    return shop.guide, {"phone": phone}


async def answer_share_request(shop: Shop) -> tuple[Browser, Said]:
    _, asked = await ask_to_share(shop)
    made = await shop.guide.do("askToShare", "request { id }", **asked)
    return shop.office, {"id": made["request"]["id"], "accept": True}


async def share_request(shop: Shop) -> tuple[Browser, Said]:
    office, said = await answer_share_request(shop)
    return office, {"id": said["id"]}


async def end_share(shop: Shop) -> tuple[Browser, Said]:
    office, said = await answer_share_request(shop)
    await office.do("answerShareRequest", **said)
    row = await db.fetch_row("SELECT customer_id, store_id FROM customer_share ORDER BY id DESC LIMIT 1")
    assert row
    return office, {"customerId": global_id("Customer", row[0]), "storeId": global_id("Store", row[1])}


async def erase_customer(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"id": global_id("Customer", await shop.customer()), "confirm": "周雨桐"}


async def save_consent_text(shop: Shop) -> tuple[Browser, Said]:
    said = {**CASES["saveConsentText"].variables(shop.target)["input"]}
    del said["operationId"]
    for last in (False, True):  # the first one puts the program's own text on file, too
        texts = (await shop.office.ask("{ consentTexts { purpose version } }"))["consentTexts"]
        said["baseVersion"] = max(one["version"] for one in texts if one["purpose"] == said["purpose"])
        said["bodies"] = [{"locale": "zh-CN", "text": f"我同意 {uuid4()}"}]
        if not last:
            await shop.office.do("saveConsentText", **said)
    return shop.office, said


async def of_a_child(shop: Shop) -> tuple[Browser, Said]:
    await journeys.ensure_default_journeys(shop.world.brand_id)
    return shop.guide, {"id": global_id("Dependant", await make_child(shop.world, await shop.customer()))}


async def update_child(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await of_a_child(shop)
    return guide, said | {"baseVersion": 1, "name": "小满"}


async def of_a_silent_child(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await of_a_child(shop)
    await guide.do("stopMilestones", **said)
    return guide, said


async def of_a_child_taken_off(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await of_a_child(shop)
    await guide.do("removeDependant", **said)
    return guide, said


async def save_life_stages(shop: Shop) -> tuple[Browser, Said]:
    said = {**CASES["saveLifeStages"].variables(shop.target)["input"]}
    del said["operationId"]
    for last in (False, True):  # the first one puts rows in the place of the program's own
        said["baseVersion"] = (await shop.office.ask("{ lifeStages { version } }"))["lifeStages"]["version"]
        said["stages"][0]["texts"][0]["label"] = f"毕业 {uuid4().hex[:6]}"
        if not last:
            await shop.office.do("saveLifeStages", **said)
    return shop.office, said


async def save_profile_template(shop: Shop) -> tuple[Browser, Said]:
    admin = shop.world.staff["admin"]
    await add_fields(admin, {"labels": {"zhCn": f"字段{uuid4().hex[:6]}"}, "kind": "TEXT", "group": "identity"})
    template = await read_template(admin)
    template["fields"][-1]["labels"]["zhCn"] += "改"
    return shop.office, template


async def undo_interaction(shop: Shop) -> tuple[Browser, Said]:
    key, her = uuid4(), global_id("Customer", await shop.customer())
    await shop.guide.do("addInteraction", customerId=her, id=str(key), kind="PREFERENCE")
    return shop.guide, {"id": global_id("TimelineEntry", key)}


async def update_visit(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": global_id("Visit", await make_visit(shop.world)), "bought": True}


async def undo_visit(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": global_id("Visit", await make_visit(shop.world))}


async def of_a_paper_card(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": global_id("PaperCard", await make_paper(shop.world))}


async def finish_paper_card(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await of_a_paper_card(shop)
    return guide, said | {"customerId": global_id("Customer", await shop.customer())}


async def two(shop: Shop) -> tuple[UUID, UUID]:
    """Who may be one: the same name, and phones that differ by a digit."""
    stem = f"1390{uuid4().int % 10**6:06d}"
    first, second = [await make_customer(shop.world, "guide", phone=f"{stem}{n}") for n in (3, 4)]
    await Dispatcher(WIRING).drain()
    return first, second


async def of_a_pair(shop: Shop) -> tuple[Browser, Said]:
    pair = await db.fetch_value(
        "SELECT id FROM duplicate_pair WHERE a_id = ANY($1) AND b_id = ANY($1)", await two(shop)
    )
    return shop.office, {"id": global_id("DuplicatePair", pair)}


async def reopen_duplicate(shop: Shop) -> tuple[Browser, Said]:
    office, said = await of_a_pair(shop)
    await office.do("dismissDuplicate", **said)
    return office, said


async def merge_customers(shop: Shop) -> tuple[Browser, Said]:
    winner, loser = await two(shop)
    first, second = await versions(winner, loser)
    ids = {"winnerId": global_id("Customer", winner), "loserId": global_id("Customer", loser)}
    return shop.office, ids | {"winnerVersion": first, "loserVersion": second}


async def merge_preview(shop: Shop) -> tuple[Browser, Said]:
    winner, loser = await two(shop)
    return shop.office, {"winnerId": global_id("Customer", winner), "loserId": global_id("Customer", loser)}


async def duplicate_pairs(shop: Shop) -> tuple[Browser, Said]:
    await two(shop)
    return shop.office, {}


async def undo_merge(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"mergeId": global_id("Merge", await merge(shop.world, *await two(shop)))}


async def dismiss_problem(shop: Shop) -> tuple[Browser, Said]:
    key = await make_customer(shop.world, "guide", phone=f"139{uuid4().int % 10**8:08d}", name="测试")
    return shop.guide, {"customerId": global_id("Customer", key), "code": "junk_name"}


async def restore_problem(shop: Shop) -> tuple[Browser, Said]:
    guide, said = await dismiss_problem(shop)
    await guide.do("dismissProblem", **said)
    return guide, said


async def answered(shop: Shop) -> str:
    """A link by which something came in that waits."""
    link = await make_link(shop.world, await shop.customer())
    token = await customers.link_token(link)
    await customers.fill_in(token, Filled(Locale.ZH_CN, {"name": "小周", "gender": "female"}), "10.0.0.9")
    return global_id("CustomerLink", link)


async def customer_links(shop: Shop) -> tuple[Browser, Said]:
    await answered(shop)
    key = await db.fetch_value("SELECT customer_id FROM customer_link ORDER BY id DESC LIMIT 1")
    return shop.guide, {"customerId": global_id("Customer", key)}


async def revoke_link(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": await answered(shop)}


async def settle_answers(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": await answered(shop), "take": ["name"]}


async def save_link_offers(shop: Shop) -> tuple[Browser, Said]:
    """Another list than the one that stands."""
    office = shop.world.staff["hq"]
    before = (await customer_queries.offers(office)).version
    version = before or await customers.save_offers(office, 0, [("", {"zh-CN": "生日礼"})])
    return shop.office, {"baseVersion": version, "offers": [{"zh": "会员 9 折"}], "fields": ["occupation"]}


ARCHIVE: dict[str, Errand] = {
    "dismissProblem": dismiss_problem,
    "restoreProblem": restore_problem,
    "customerLinks": customer_links,
    "revokeCustomerLink": revoke_link,
    "settleLinkAnswers": settle_answers,
    "saveLinkOffers": save_link_offers,
    "removeIdentity": of_a_wechat,
    "disownIdentity": of_a_phone,
    "choosePhone": of_a_phone,
    "removeContact": remove_contact,
    "askToShare": ask_to_share,
    "shareRequest": share_request,
    "answerShareRequest": answer_share_request,
    "endShare": end_share,
    "eraseCustomer": erase_customer,
    "saveConsentText": save_consent_text,
    "updateDependant": update_child,
    "confirmBirth": of_a_child,
    "stopMilestones": of_a_child,
    "resumeMilestones": of_a_silent_child,
    "removeDependant": of_a_child,
    "restoreDependant": of_a_child_taken_off,
    "saveLifeStages": save_life_stages,
    "saveProfileTemplate": save_profile_template,
    "undoInteraction": undo_interaction,
    "updateVisit": update_visit,
    "undoVisit": undo_visit,
    "finishPaperCard": finish_paper_card,
    "discardPaperCard": of_a_paper_card,
    "dismissDuplicate": of_a_pair,
    "reopenDuplicate": reopen_duplicate,
    "duplicatePairs": duplicate_pairs,
    "mergePreview": merge_preview,
    "mergeCustomers": merge_customers,
    "undoMerge": undo_merge,
}
