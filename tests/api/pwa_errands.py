"""What the app sends each of its operations for: a target made just before, so that there is something to do."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from shuke.api.pagination import global_id
from shuke.domains.customers import service as customers
from shuke.domains.records import service as records
from shuke.domains.records.types import Choices, ImportKind
from shuke.kit import db
from tests.api.archive_errands import ARCHIVE
from tests.api.operations_cases import CASES
from tests.api.real import Browser, signed_in
from tests.api.segment_errands import SEGMENTS
from tests.api.shop import Said, Shop
from tests.factories import PASSWORD
from tests.factories.children import make_child
from tests.factories.customers import make_customer
from tests.factories.imports import make_export, make_import, upload
from tests.factories.visits import make_paper, make_visit


async def sign_in(shop: Shop) -> tuple[Browser, Said]:
    return Browser(shop.app), {"phone": shop.world.phones["guide"], "password": PASSWORD}


async def sign_out(shop: Shop) -> tuple[Browser, Said]:
    return await signed_in(shop.app, shop.world, "guide"), {}


async def change_password(shop: Shop) -> tuple[Browser, Said]:
    _, hers = await shop.newcomer()
    return hers, {"current": PASSWORD, "new": "another long password"}


async def accept_invitation(shop: Shop) -> tuple[Browser, Said]:
    wish = CASES["inviteStaff"].variables(shop.target)["input"]
    link = (await shop.office.do("inviteStaff", "link", **wish))["link"]
    return Browser(shop.app), {"token": link.partition("#")[2], "password": PASSWORD, "device": "phone"}


async def revoke_session(shop: Shop) -> tuple[Browser, Said]:
    other = await signed_in(shop.app, shop.world, "guide")
    return shop.guide, {"id": (await other.ask("{ me { sessionId } }"))["me"]["sessionId"]}


async def add_note(shop: Shop) -> tuple[Browser, Said]:
    key = global_id("Customer", await shop.customer())
    return shop.guide, {"customerId": key, "id": str(uuid4()), "text": "问了推车"}


async def of_a_visit(shop: Shop) -> tuple[Browser, Said]:
    """That nobody is named for: told more of, taken back, listed."""
    return shop.guide, {"id": global_id("Visit", await make_visit(shop.world))}


async def visits_behind_a_number(shop: Shop) -> tuple[Browser, Said]:
    await make_visit(shop.world)
    return shop.office, {"state": None}


async def undo_interaction(shop: Shop) -> tuple[Browser, Said]:
    said: Said = {"customerId": global_id("Customer", await shop.customer()), "id": str(uuid4()), "kind": "CALL"}
    entry = (await shop.guide.do("addInteraction", "entry { id }", **said))["entry"]
    return shop.guide, {"id": entry["id"]}


async def of_a_paper_card(shop: Shop) -> tuple[Browser, Said]:
    """That waits: listed, discarded."""
    return shop.guide, {"id": global_id("PaperCard", await make_paper(shop.world))}


async def finish_paper_card(shop: Shop) -> tuple[Browser, Said]:
    asks, said = await of_a_paper_card(shop)
    return asks, said | {"customerId": global_id("Customer", await shop.customer())}


async def update_customer(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": global_id("Customer", await shop.customer()), "baseVersion": 1, "note": "爱喝温水"}


async def to_a_child(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": global_id("Dependant", await make_child(shop.world, await shop.customer()))}


async def update_dependant(shop: Shop) -> tuple[Browser, Said]:
    browser, said = await to_a_child(shop)
    return browser, said | {"baseVersion": 1, "name": "小满"}


async def reveal_phone(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"id": global_id("Customer", await shop.customer())}


async def record_outcome(shop: Shop) -> tuple[Browser, Said]:
    return shop.guide, {"taskId": await shop.card(), "outcome": "REACHED"}


async def undo_outcome(shop: Shop) -> tuple[Browser, Said]:
    card = await shop.card()
    await shop.guide.do("recordOutcome", taskId=card, outcome="REACHED")
    return shop.guide, {"taskId": card}


async def of_a_device(shop: Shop) -> tuple[Browser, Said]:
    """That gets reminders already: listed, tried, taken off."""
    said = CASES["subscribePush"].variables(shop.target)["input"]
    await shop.guide.do("subscribePush", **said)
    return shop.guide, {"endpoint": said["endpoint"]}


async def nudge_staff(shop: Shop) -> tuple[Browser, Said]:
    name, _ = await shop.newcomer()
    await shop.card(name)
    return shop.office, {"staffId": shop.member(name), "storeId": global_id("Store", shop.world.stores[0])}


async def reassign_tasks(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"taskIds": [await shop.card()], "assigneeId": shop.member("colleague")}


async def undo_reassign(shop: Shop) -> tuple[Browser, Said]:
    moved = await shop.office.do("reassignTasks", "reassignmentId", taskIds=[await shop.card()])
    return shop.office, {"reassignmentId": moved["reassignmentId"]}


async def to_a_colleague(shop: Shop) -> tuple[Browser, Said]:
    """A new link, or signing her devices out."""
    return shop.office, {"staffId": shop.member((await shop.newcomer())[0])}


async def set_staff_roles(shop: Shop) -> tuple[Browser, Said]:
    roles = [{"role": "ADVISOR", "storeId": global_id("Store", shop.world.stores[1])}]
    return shop.office, {"staffId": shop.member((await shop.newcomer())[0]), "roles": roles}


async def end_staff(shop: Shop) -> tuple[Browser, Said]:
    name, _ = await shop.newcomer()
    await shop.card(name)
    return shop.office, {"staffId": shop.member(name), "cardsTo": shop.member("colleague")}


async def start_import(shop: Shop) -> tuple[Browser, Said]:
    key = await upload(shop.world.staff["hq"])
    return shop.office, {"uploadId": global_id("ImportUpload", key), "kind": "CUSTOMERS"}


async def cancel_import(shop: Shop) -> tuple[Browser, Said]:
    _, key = await make_import(shop.world)
    return shop.office, {"id": global_id("ImportJob", key)}


async def imported(shop: Shop) -> UUID:
    """An import that filed a customer and rejected a row."""
    hq, phone = shop.world.staff["hq"], f"137{uuid4().int % 10**8:08d}"
    content = f"姓名,手机号,门店\n小满 {phone},{phone},S1\n谷雨,1,S1\n".encode()
    file = await upload(hq, content)
    async with db.tx():
        job = await records.start_import(hq, file, Choices(ImportKind.CUSTOMERS, dry_run=False))
    await records.run_import(job.id)
    return job.id


async def import_job(shop: Shop) -> tuple[Browser, Said]:
    """One that is done, rejected a row, and was undone but for a customer who was changed since."""
    key = await imported(shop)
    hers = await db.fetch_value("SELECT customer_id FROM import_change WHERE batch_id = $1", key)
    await customers.update_customer(shop.world.staff["hq"], hers, 1, {"alias": "小满"})
    await records.undo_import(shop.world.staff["hq"], key)
    await records.run_import(key)
    return shop.office, {"id": global_id("ImportJob", key)}


async def undo_import(shop: Shop) -> tuple[Browser, Said]:
    return shop.office, {"id": global_id("ImportJob", await imported(shop))}


async def exports(shop: Shop) -> tuple[Browser, Said]:
    await make_export(shop.world)
    return shop.office, {}


async def record_consent(shop: Shop) -> tuple[Browser, Said]:
    """A no that stops nobody else's errand."""
    said = {"purpose": "SHARING", "channel": "ANY", "state": "REFUSED", "how": "COUNTER"}
    return shop.guide, {"customerId": global_id("Customer", shop.target.customer), **said}


async def erase_customer(shop: Shop) -> tuple[Browser, Said]:
    key = await make_customer(shop.world)
    return shop.office, {"id": global_id("Customer", key), "confirm": "周雨桐"}


ERRANDS: dict[str, Callable[[Shop], Awaitable[tuple[Browser, Said]]]] = (
    {
        "signIn": sign_in,
        "signOut": sign_out,
        "changePassword": change_password,
        "acceptInvitation": accept_invitation,
        "revokeSession": revoke_session,
        "addNote": add_note,
        "openVisits": of_a_visit,
        "updateVisit": of_a_visit,
        "undoVisit": of_a_visit,
        "filingVisits": visits_behind_a_number,
        "undoInteraction": undo_interaction,
        "paperCards": of_a_paper_card,
        "discardPaperCard": of_a_paper_card,
        "finishPaperCard": finish_paper_card,
        "updateCustomer": update_customer,
        "updateDependant": update_dependant,
        "confirmBirth": to_a_child,
        "stopMilestones": to_a_child,
        "resumeMilestones": to_a_child,
        "removeDependant": to_a_child,
        "restoreDependant": to_a_child,
        "revealPhone": reveal_phone,
        "recordConsent": record_consent,
        "eraseCustomer": erase_customer,
        "recordOutcome": record_outcome,
        "undoOutcome": undo_outcome,
        "pushDevices": of_a_device,
        "testPush": of_a_device,
        "unsubscribePush": of_a_device,
        "nudgeStaff": nudge_staff,
        "reassignTasks": reassign_tasks,
        "undoReassign": undo_reassign,
        "renewInvitation": to_a_colleague,
        "revokeStaffSessions": to_a_colleague,
        "setStaffRoles": set_staff_roles,
        "endStaff": end_staff,
        "startImport": start_import,
        "cancelImport": cancel_import,
        "importJob": import_job,
        "undoImport": undo_import,
        "exports": exports,
    }
    | ARCHIVE
    | SEGMENTS
)
"""Root field -> who asks, and for what (without the operation id). What is not here finds what it needs: see CASES."""
