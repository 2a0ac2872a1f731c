"""Rules in words: what a tree asks, and what was seen where a condition looked."""

from collections.abc import Iterable
from typing import Any

from shuke.kit import i18n, money
from shuke.kit.rules.facts import DAYS, PRESENCE, Catalogue, Fact, Kind, Op
from shuke.kit.rules.tree import Condition, Every, Node, Not, Some


def sentence(node: Node, catalogue: Catalogue, locale: str, currency: str) -> str:
    """What a tree asks, as a sentence without its full stop."""
    return _begun(_Speaker(catalogue, locale, currency).node(node))


def told(condition: Condition, seen: Any, catalogue: Catalogue, locale: str, currency: str) -> str:
    """What was seen, in words: "Orders: 3". `seen`: a value as `Statement.seen` gives it."""
    return _begun(_Speaker(catalogue, locale, currency).seen(condition, seen))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


class _Speaker:
    def __init__(self, catalogue: Catalogue, locale: str, currency: str) -> None:
        self._catalogue, self._locale, self._currency = catalogue, locale, currency

    def node(self, node: Node, *, inside: bool = False) -> str:
        match node:
            case Condition():
                return self._condition(node)
            case Not(inner):
                return self._say("rule_not", inner=self.node(inner))
            case Every(nodes):
                return self._joined(nodes, "rule_and", "rule_everybody", inside)
            case Some(nodes):
                return self._joined(nodes, "rule_or", "rule_nobody", inside)

    def _joined(self, nodes: tuple[Node, ...], between: str, empty: str, inside: bool) -> str:
        if not nodes:
            return self._say(empty)
        if len(nodes) == 1:
            return self.node(nodes[0], inside=inside)
        text = self._say(between).join(self.node(one, inside=True) for one in nodes)
        return self._say("rule_group", inner=text) if inside else text

    def _condition(self, condition: Condition) -> str:
        fact, op = self._catalogue[condition.fact], condition.op
        name = self._name(fact, condition)
        family = "age_" if fact.kind is Kind.AGE else ""
        if op in PRESENCE:
            return self._say(f"rule_{family}{op.value}", fact=name)
        if op is Op.IS:
            return self._say("rule_yes" if condition.value else "rule_no", fact=name)
        if op is Op.BETWEEN:
            low, high = (self._value(fact, one) for one in condition.value)
            return self._say(f"rule_{family}between", fact=name, low=low, high=high)
        joined = "rule_list_and" if op is Op.ALL else "rule_list_or"
        value = condition.value if op in DAYS else self._value(fact, condition.value, joined)
        return self._say(f"rule_{family}{op.value}", fact=name, value=value)

    def _name(self, fact: Fact, condition: Condition) -> str:
        """The fact's name, with what it is narrowed to in front."""
        name = i18n.pick(fact.label, self._locale)
        for arg in reversed(fact.args):
            if arg.name in condition.where:
                said = condition.where[arg.name]
                options = {option.key: option.label for option in arg.options}
                inner = said if arg.window else self._chosen(said, options, "rule_list_or")
                name = self._say(f"rule_with_{arg.name}", value=inner, fact=name)
        return name

    def _value(self, fact: Fact, value: Any, joined: str = "rule_list") -> str:
        """`joined`: what stands before the last of several choices."""
        if fact.kind is Kind.MONEY:
            return self._money(int(value))
        if fact.kind in (Kind.CHOICE, Kind.SET):
            return self._chosen(value, {option.key: option.label for option in fact.options}, joined)
        if fact.kind is Kind.NUMBER:
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        return str(value)

    def _money(self, minor: int) -> str:
        """Whole amounts without decimals."""
        amount = money.brief(f"{money.to_main(minor, self._currency):,f}")
        named = "rule_money_cny" if self._currency == "CNY" else "rule_money"
        return self._say(named, amount=amount, currency=self._currency)

    def _chosen(self, keys: Iterable[str], labels: dict[str, Any], joined: str) -> str:
        *first, last = (i18n.pick(labels.get(key, {}), self._locale) or key for key in keys)
        return self._say("rule_list").join(first) + (self._say(joined) if first else "") + last

    def seen(self, condition: Condition, seen: Any) -> str:
        fact = self._catalogue[condition.fact]
        name = self._name(fact, condition)
        if fact.each:
            return name
        if seen is None or seen == []:
            return self._say("rule_seen_nothing", fact=name)
        if fact.kind is Kind.FLAG:
            return self._say("rule_yes" if seen else "rule_no", fact=name)
        value = (seen,) if fact.kind is Kind.CHOICE else seen
        return self._say("rule_seen", fact=name, value=self._value(fact, value))

    def _say(self, key: str, **params: object) -> str:
        return i18n.say(self._locale, key, **params)
