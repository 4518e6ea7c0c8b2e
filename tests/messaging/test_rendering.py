from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.content import actions_of, read
from messaging.content.rendering import is_personal, properties_of, render
from messaging.errors import BadTemplate
from tests.people import survey


def one_button(text: str, name: str, **behaviour: str) -> dict[str, Any]:
    action = {"id": "a", "text": text, "name": name, "behaviour": {"kind": "dismiss", **behaviour}}
    return {"steps": [{"id": "s", "blocks": [{"kind": "button", "id": "b", "action": action}]}]}


def rendered(raw: dict[str, Any], **properties: str) -> Any:
    return render(read(raw), properties=properties, customer={"first_name": "Ada"})


def test_the_property_is_the_text_and_the_tracked_name() -> None:
    _, action = next(actions_of(rendered(survey(), button_text="Count me in")))
    assert (action.text, action.name) == ("Count me in", "Count me in")


def test_a_message_exposes_its_properties_in_order() -> None:
    raw = one_button("{{ properties.first }}", "$properties.second {{ customer.x }}")
    assert properties_of(read(raw)) == ["first", "second"]


def test_plain_properties_are_not_personal() -> None:
    assert not is_personal(read(one_button("$properties.a", "A")), {"a": "Yes"})


@pytest.mark.parametrize(("text", "value"), [("{{ customer.first_name }}", "x"), ("$properties.a", "{{ event.b }}")])
def test_what_varies_by_person_is_personal(text: str, value: str) -> None:
    assert is_personal(read(one_button(text, "A")), {"a": value})


def test_a_property_may_itself_hold_liquid() -> None:
    _, action = next(actions_of(rendered(one_button("$properties.a", "A"), a="Hi {{ customer.first_name }}")))
    assert action.text == "Hi Ada"


def test_a_rating_is_opened_out_into_one_action_a_point() -> None:
    names = [action.name for _, action in actions_of(rendered(survey(), button_text="x"))]
    assert names[2:13] == [f"NPS {n}" for n in range(11)]


def test_html_is_escaped_then_sanitised() -> None:
    raw = survey()
    raw["steps"][0]["blocks"][0]["html"] = "<p onclick=x()>{{ customer.first_name }}</p><script>alert(1)</script>"
    shown = render(read(raw), properties={}, customer={"first_name": "<img src=x onerror=alert(1)>"})
    assert shown.steps[0].blocks[0].html == "<p>&lt;img src=x onerror=alert(1)&gt;</p>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example"])
def test_an_unsafe_url_is_dropped(url: str) -> None:
    _, action = next(actions_of(rendered(one_button("A", "A", kind="url", value=url))))
    assert action.behaviour.value == ""


@pytest.mark.parametrize(
    "source", ["{{ x", "{% include 'x' %}", "{{ x | nonsense }}", "{% for i in (1..99999) %}{% endfor %}"]
)
def test_bad_liquid_is_said_plainly(source: str) -> None:
    with pytest.raises(BadTemplate, match=r"The Liquid (cannot be read|does too much)"):
        rendered(one_button(source, "A"))


def test_lenient_rendering_leaves_what_it_cannot_read() -> None:
    shown = render(read(one_button("{{ x", "A")), properties={}, customer={}, lenient=True)
    assert next(actions_of(shown))[1].text == "{{ x"


@given(template=st.text(max_size=60), value=st.text(max_size=250), name=st.text(max_size=250))
def test_equal_templates_give_equal_text_and_name(template: str, value: str, name: str) -> None:
    source = f"{template}$properties.a {{{{ customer.n }}}}"
    shown = render(read(one_button(source, source)), properties={"a": value}, customer={"n": name}, lenient=True)
    _, action = next(actions_of(shown))
    assert action.text == action.name
    assert len(action.name) <= 200
