"""What holds of what a customer said: the later word, the stricter of two, and of two records the strictest."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shuke.domains.customers.rules.consents import closed, current, fits, open_channels, permitted, strictest
from shuke.domains.customers.types.consents import ConsentChannel, ConsentPurpose, ConsentState, Said

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MARKETING, SERVICE, SHARING = ConsentPurpose.MARKETING, ConsentPurpose.SERVICE, ConsentPurpose.SHARING
ANY, PHONE, WECHAT = ConsentChannel.ANY, ConsentChannel.PHONE, ConsentChannel.WECHAT
YES, NO, NO_MORE = ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.WITHDRAWN


def said(hour: int, state: ConsentState, channel: ConsentChannel = ANY, purpose=MARKETING, known: int = 0) -> Said:
    """Said so many hours after noon; known at once, or so many hours later."""
    at = NOON + timedelta(hours=hour)
    return Said(purpose, channel, state, at, at + timedelta(hours=known))


entries = st.lists(
    st.builds(
        said,
        st.integers(0, 6),
        st.sampled_from(ConsentState),
        st.sampled_from([ANY, PHONE, WECHAT]),
        st.sampled_from([MARKETING, SERVICE]),
        st.integers(0, 3),
    ),
    max_size=8,
)


def test_what_was_never_asked_is_not_refused() -> None:
    assert closed(current([])) == []
    assert open_channels([], ["marketing"]) == [PHONE, WECHAT]


def test_of_one_channel_the_later_word_holds() -> None:
    assert closed(current([said(1, YES, PHONE), said(2, NO_MORE, PHONE)])) == ["marketing/phone"]
    assert closed(current([said(2, YES, PHONE), said(1, NO, PHONE)])) == []


def test_at_one_moment_the_no_holds() -> None:
    assert closed(current([said(1, NO, PHONE), said(1, YES, PHONE)])) == ["marketing/phone"]


def test_she_asked_us_to_stop_calling_leaves_wechat_and_other_purposes() -> None:
    refusals = closed(current([said(1, YES), said(2, NO, PHONE)]))
    assert open_channels(refusals, ["marketing"]) == [WECHAT]
    assert open_channels(refusals, ["marketing", "service"]) == [PHONE, WECHAT]
    assert permitted(refusals, "service", PHONE) and not permitted(refusals, "marketing", PHONE)


def test_a_no_to_all_channels_stands_over_an_earlier_yes_to_one_and_beside_a_later() -> None:
    assert open_channels(closed(current([said(1, YES, WECHAT), said(2, NO)])), ["marketing"]) == []
    assert open_channels(closed(current([said(1, NO), said(2, YES, WECHAT)])), ["marketing"]) == [WECHAT]


def test_a_yes_to_all_channels_lifts_no_earlier_no_to_one() -> None:
    assert closed(current([said(1, NO, PHONE), said(2, YES)])) == ["marketing/phone"]


def test_a_yes_that_a_phone_kept_changes_nothing_of_a_no_that_came_meanwhile() -> None:
    """She said yes at one, the phone had no connection until five; at three she said no elsewhere."""
    assert closed(current([said(1, YES, PHONE, known=4), said(3, NO, PHONE)])) == ["marketing/phone"]


def test_a_no_that_a_phone_kept_counts_from_when_it_came() -> None:
    assert closed(current([said(1, NO, PHONE, known=4), said(3, YES, PHONE)])) == ["marketing/phone"]


def test_purposes_without_channels_know_yes_and_no_only() -> None:
    assert not fits(SHARING, PHONE) and fits(SHARING, ANY) and fits(SERVICE, PHONE)
    assert closed(current([said(1, NO, ANY, SHARING)])) == ["sharing/any"]
    assert not permitted(["children/any"], "children", WECHAT)


@given(st.lists(entries, min_size=2, max_size=3))
def test_of_records_that_become_one_every_no_stays_however_late_the_others_yes(records: list[list[Said]]) -> None:
    apart = [current(record) for record in records]
    joined = set(closed(strictest(*apart)))
    for one in apart:
        assert set(closed(one)) <= joined
    for one, other in combinations(apart, 2):
        assert closed(strictest(one, other)) == closed(strictest(other, one))


@given(entries)
def test_a_record_alone_is_its_own_strictest(record: list[Said]) -> None:
    alone = current(record)
    assert closed(strictest(alone)) == closed(strictest(alone, {})) == closed(alone)
