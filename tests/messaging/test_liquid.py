from __future__ import annotations

import random
from typing import Any

import pytest

from messaging import liquid
from messaging.content import read
from messaging.content.rendering import properties_of, render
from messaging.errors import BadTemplate
from messaging.snapshots.naming import filled_in

DATA: dict[str, Any] = {"properties": {"a": "x"}, "customer": {"name": "Ada", "long": "x" * 5000}}
PIECES = [
    "$properties.a",
    "{{ customer.name }}",
    "{{ $properties.a | upcase }}",
    "{{ customer.name | append: properties.a }}",
    "{% for i in (1..9) %}",
    "{% endfor %}",
    "{% if customer.name %}",
    "{% endif %}",
    "{{",
    "}}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<p>Hi</p>",
]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("$properties.a", "x"),
        ("{{ $properties.a | upcase }}", "X"),
        ("{% if $properties.a == 'x' %}yes{% endif %}", "yes"),
        ("It costs $5", "It costs $5"),
    ],
)
def test_the_short_form_of_a_property_works_outside_and_inside_liquid(source: str, shown: str) -> None:
    assert liquid.fill(source, DATA) == shown


def test_a_property_in_short_form_inside_liquid_is_exposed() -> None:
    raw = {"steps": [{"id": "s", "blocks": [{"kind": "text", "id": "t", "html": "{{ $properties.a | upcase }}"}]}]}
    assert properties_of(read(raw)) == ["a"]


def test_the_short_form_inside_liquid_is_filled_in_for_metrics() -> None:
    assert filled_in("{{ $properties.a }}, {{ customer.name }}", {"a": "Yes"}) == "Yes, {{ customer.name }}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ (1..1000000000) | join: ',' | size }}",
        "{{ (1..30000000) | reverse | first }}",
        "{% assign x = (1..100000000) | sort %}",
        "{% assign x = 'aaaaaaaaaa' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x | size }}",
        "{% assign x = 99 %}{% for i in (1..40) %}{% assign x = x | times: x %}{% endfor %}{{ x }}",
        "{{ customer.long | replace: 'x', customer.long | size }}",
        "{{ 'now' | date: '%1000000000d' }}",
        "{% for i in (1..44) %}{% for j in (1..44) %}"
        + "{% assign x = customer.long | upcase | downcase %}" * 3
        + "{% endfor %}{% endfor %}",
    ],
)
def test_liquid_that_does_too_much_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate, match="too much"):
        liquid.fill(source, DATA)


@pytest.mark.parametrize("path", ["customer.__class__", "customer.name.__class__", "customer.items", "customer.pop"])
def test_liquid_sees_data_and_nothing_behind_it(path: str) -> None:
    assert liquid.fill(f"{{{{ {path} }}}}", DATA) == ""


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_written_text_and_name_agree_and_no_script_survives(seed: int) -> None:
    dice = random.Random(seed)
    source, value = ("".join(dice.choices(PIECES, k=dice.randint(0, 8))) for _ in range(2))
    name = "".join(chr(dice.randint(32, 0x2FFF)) for _ in range(dice.randint(0, 300)))
    action = {"id": "a", "text": source, "name": source}
    blocks = [{"kind": "text", "id": "t", "html": source}, {"kind": "button", "id": "b", "action": action}]
    content = read({"steps": [{"id": "s", "blocks": blocks}]})
    shown = render(content, properties={"a": value}, customer={"name": name}, lenient=True).steps[0].blocks
    assert shown[1].action.text == shown[1].action.name  # type: ignore[union-attr]
    html = shown[0].html.lower()  # type: ignore[union-attr]
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
