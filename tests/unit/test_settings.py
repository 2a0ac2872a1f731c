"""What an operator may choose, and one sentence for what cannot be understood."""

import pytest

from shuke.app.settings import Settings
from shuke.app.trouble import CannotRun


def chosen(**said: str) -> Settings:
    return Settings.load({f"SHUKE_{name.upper()}": text for name, text in said.items()})


def test_nothing_chosen_tells_figures_nowhere_and_writes_for_people() -> None:
    plain = chosen(metrics="", log=" ")
    assert (plain.metrics, plain.log, plain.drain, plain.proxies) == (None, "text", 0.0, "127.0.0.1,::1")


@pytest.mark.parametrize(
    ("text", "place"),
    [("9321", ("127.0.0.1", 9321)), ("0.0.0.0:9321", ("0.0.0.0", 9321)), ("[::1]:9321", ("::1", 9321))],
)
def test_figures_stay_on_this_computer_unless_a_host_is_named(text: str, place: tuple[str, int]) -> None:
    assert chosen(metrics=text).metrics == place


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"metrics": "on"}, "SHUKE_METRICS is 'on': give a number from 1 to 65535."),
        ({"log": "xml"}, "SHUKE_LOG is 'xml': give text or json."),
        ({"drain": "-1"}, "SHUKE_DRAIN is '-1': give seconds from 0 to 60."),
        ({"drain": "61"}, "SHUKE_DRAIN is '61': give seconds from 0 to 60."),
    ],
)
def test_what_cannot_be_understood_is_told(said: dict[str, str], words: str) -> None:
    with pytest.raises(CannotRun) as told:
        chosen(**said)
    assert str(told.value) == words
