"""Which addresses are pushed to, and what an answer means."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shuke.domains.notifications.rules import contact_usable, endpoint_allowed, judge, tasks_url
from shuke.domains.notifications.types import DeliveryState, Verdict

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/dQw4:APA91b-_x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://eu.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAC%2b",
        "https://web.push.apple.com/QGx",
        "https://fcm.googleapis.com:443/fcm/send/x",
    ],
)
def test_the_known_push_services_are_called(endpoint: str) -> None:
    assert endpoint_allowed(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com./x",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://10.0.0.1\\@fcm.googleapis.com/x",
        "https://fcm.googleapis.com\\.evil.example/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/https://fcm.googleapis.com/x",
        "https://evilpush.apple.com.evil.example/x",
        "https://notify.windows.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/\nx",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "file:///etc/passwd",
        "",
    ],
)
def test_nobody_else_is_called(endpoint: str) -> None:
    assert not endpoint_allowed(endpoint)


def test_an_operator_may_add_places_exactly_as_they_are_named() -> None:
    places = ["push.shop.example", "*.edge.example:8443", "http://127.0.0.1:9000", "nonsense place/"]
    for endpoint in (
        "https://push.shop.example/a",
        "https://eu.edge.example:8443/a",
        "http://127.0.0.1:9000/a",
    ):
        assert endpoint_allowed(endpoint, places)
    for endpoint in (
        "http://push.shop.example/a",
        "https://edge.example:8443/a",
        "https://eu.edge.example/a",
        "https://127.0.0.1:9000/a",
        "http://127.0.0.1:9001/a",
    ):
        assert not endpoint_allowed(endpoint, places)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (201, DeliveryState.SENT),
        (204, DeliveryState.SENT),
        (404, DeliveryState.GONE),
        (410, DeliveryState.GONE),
        (302, DeliveryState.FAILED),
        (400, DeliveryState.FAILED),
        (403, DeliveryState.FAILED),
        (413, DeliveryState.FAILED),
        (429, DeliveryState.PENDING),
        (500, DeliveryState.PENDING),
        (503, DeliveryState.PENDING),
        (None, DeliveryState.PENDING),
    ],
)
def test_an_answer_decides_what_becomes_of_a_delivery(status: int | None, state: DeliveryState) -> None:
    assert judge(status, None, 1, NOW).state is state


def test_waits_grow_and_the_fifth_try_is_the_last() -> None:
    waits = [judge(500, None, attempts, NOW).next_at for attempts in (1, 2, 3, 4)]
    assert waits == [NOW + timedelta(seconds=seconds) for seconds in (30, 120, 480, 1920)]
    assert judge(500, None, 5, NOW) == Verdict(DeliveryState.FAILED)
    assert judge(410, None, 5, NOW) == Verdict(DeliveryState.GONE)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 90 ", 90),
        ("5", 30),
        ("Mon, 02 Mar 2026 09:10:00 GMT", 600),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 30),
        ("999999999999999999", 6 * 3600),
        ("-5", 30),
        ("soon", 30),
        ("", 30),
    ],
)
def test_a_push_service_may_ask_for_a_longer_wait(header: str, seconds: int) -> None:
    assert judge(429, header, 1, NOW).next_at == NOW + timedelta(seconds=seconds)


def test_a_contact_must_be_one_that_push_services_accept() -> None:
    assert contact_usable("mailto:it@shop.example.com") and contact_usable("https://shop.example.com")
    for wrong in (
        "it@shop.com",
        "mailto:it@localhost",
        "mailto:it@box.local",
        "mailto: it@shop.com",
        "http://shop.com",
    ):
        assert not contact_usable(wrong)


def test_one_card_is_opened_itself_and_several_open_the_day() -> None:
    key = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    assert tasks_url([key]) == "/tasks/VGFzazowMTg5MGE1ZC1hYzk2LTc3NGItYmNjZS1iMzAyMDk5YTgwNTc="
    assert tasks_url([key, key]) == "/"
