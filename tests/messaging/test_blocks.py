"""What holds for every kind of block, whatever kinds there are, of the default that the editor adds for it."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client

from messaging import blocks
from messaging.actions import Action, Behaviour
from messaging.blocks.base import Block
from messaging.content import Content, actions_of, edited_actions, read, review, write
from messaging.content.rendering import render
from messaging.snapshots import naming

ROOT = Path(__file__).parents[2]
KINDS = sorted(blocks.KINDS)
DEFAULTS = """
import { newBlock } from "./static/js/lib/draft.js";
const moduleOf = async (kind) => (await import(`./static/blocks/${kind}.js`)).default;
const made = process.argv.slice(1).map(async (kind) => [kind, newBlock(kind, await moduleOf(kind))]);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(made))));
"""


@cache
def defaults() -> dict[str, Any]:
    """What the editor adds for each kind."""
    run = ["node", "--input-type=module", "--eval", DEFAULTS, *KINDS]
    return dict(json.loads(subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout))


def message(kind: str) -> dict[str, Any]:
    return {"steps": [{"id": "s1", "name": "Hello", "blocks": [defaults()[kind]]}]}


def rendered(content: Content) -> Content:
    return render(content, properties={}, customer={})


def only(content: Content) -> Block:
    [[block]] = [step.blocks for step in content.steps]
    return block


def test_every_module_of_the_package_is_a_kind_of_its_name() -> None:
    modules = {path.stem for path in (ROOT / "messaging/blocks").glob("*.py")} - {"__init__", "base"}
    assert set(KINDS) == modules
    assert {kind: found.__module__ for kind, found in blocks.KINDS.items()} == {
        kind: f"messaging.blocks.{kind}" for kind in KINDS
    }


def test_every_kind_has_its_module_of_javascript_and_no_other_has() -> None:
    assert sorted(path.stem for path in (ROOT / "static/blocks").iterdir()) == KINDS


@pytest.mark.django_db
def test_the_pages_that_draw_a_block_name_every_kind(client: Client) -> None:
    for path in ("index", "preview"):
        page = client.get(f"/renderer/{path}.html").content.decode()
        assert f'<script id="block-kinds" type="application/json">{json.dumps(KINDS)}</script>' in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_reads_its_default_and_writes_it_back(kind: str) -> None:
    content = read(message(kind))
    assert type(only(content)) is blocks.KINDS[kind]
    assert defaults()[kind].keys() == write(content)["steps"][0]["blocks"][0].keys()
    assert read(write(content)) == content


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_renders_without_variables_to_the_same_again(kind: str) -> None:
    once = rendered(read(message(kind)))
    assert rendered(once) == once


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_lists_the_actions_that_its_rendering_has(kind: str) -> None:
    content = read(message(kind))
    ids = [action.id for _, action in actions_of(content)]
    assert [action.id for _, action in actions_of(rendered(content))] == ids
    assert [ref.id for ref in naming.actions(content, {})] == ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_names_the_place_of_each_of_its_ids(kind: str) -> None:
    block = only(read(message(kind)))
    named = dict(block.ids("Step 1, part 1"))
    assert named.keys() == {block.id, *(action.id for action in block.edited_actions())}
    assert len(set(named.values())) == len(named)


@pytest.mark.parametrize("kind", KINDS)
def test_all_texts_of_the_actions_of_a_kind_are_resolved(kind: str) -> None:
    content = read(message(kind))
    sources = {source for source, _ in only(content).sources()}
    mine = [action for action in edited_actions(content) if action is not content.close]
    assert {source for action in mine for source in action.sources()} <= sources


@pytest.mark.parametrize("kind", KINDS)
def test_a_default_can_be_published_once_what_it_asks_for_is_filled_in(kind: str) -> None:
    wrong = review.errors(read(message(kind)))
    assert {remark.where for remark in wrong} <= {defaults()[kind]["id"]}


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(Exception, match="hologram"):
        read({"steps": [{"id": "s1", "blocks": [{"kind": "hologram", "id": "b1"}]}]})


def test_no_module_but_a_kinds_own_asks_which_kind_a_block_is() -> None:
    names = {found.__name__ for found in blocks.KINDS.values()}
    asking = []
    for path in ROOT.glob("messaging/**/*.py"):
        if path.parent.name == "blocks":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("messaging"):
                asking += [(str(path), one.name) for one in node.names if one.name in names]
    assert asking == []


def test_no_script_but_a_kinds_own_asks_which_kind_a_block_is() -> None:
    asking = re.compile(rf"""block\.kind\s*[!=]==?|\bkind\s*[!=]==?\s*["']({"|".join(KINDS)})["']""")
    scripts = [path for folder in ("js", "renderer", "sdk/src") for path in (ROOT / "static" / folder).rglob("*.js")]
    assert len(scripts) > 30
    assert [str(path) for path in scripts if asking.search(path.read_text())] == []


def test_the_actions_of_a_rating_are_the_points_of_its_scale() -> None:
    rating = blocks.KINDS["rating"](id="r1", action=Action(id="a1", name="NPS"), scale="nps")  # type: ignore[call-arg]
    assert [action.value for action in rating.actions()] == [str(n) for n in range(11)]
    assert rating.actions()[9].name == "NPS 9"


def block(kind: str, **fields: Any) -> Block:
    return only(read({"steps": [{"id": "s1", "blocks": [{"kind": kind, "id": "b1", **fields}]}]}))


def test_an_action_of_which_only_the_id_is_known_is_tracked_and_dismisses() -> None:
    [action] = block("button", action={"id": "a1"}).actions()
    assert action == Action(
        id="a1", text="", name="", track=True, behaviour=Behaviour("dismiss", ""), follows=True, value=""
    )
    assert not action.dismissal
    assert action.closes == "action"


def test_a_question_has_a_name_and_a_scale() -> None:
    options = [{"id": "o1", "text": "Yes"}]
    assert block("choice", options=options).question("Do you like it?") == ("Do you like it?", "choice")
    assert block("rating", action={"id": "a1", "name": "NPS"}, scale="nps").question("Step 1") == ("NPS", "nps")
    assert block("button", action={"id": "a1"}).question("Step 1") is None


def test_a_text_alone_is_html() -> None:
    assert list(block("text", html="<b>x</b>").sources()) == [("<b>x</b>", True)]
    assert list(block("image", url="/a.png", alt="A").sources()) == [("/a.png", False), ("A", False)]
    assert list(block("image").sources()) == [("", False), ("", False)]
    shown = block("button", action={"id": "a1", "text": "T", "name": "N", "value": "V"})
    assert list(shown.sources()) == [("T", False), ("N", False), ("", False), ("V", False)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_out_is_as_the_editor_adds_it(kind: str) -> None:
    """So a block that was stored before a field was there reads as a new one does."""
    added = defaults()[kind]
    plain = {
        field.name: field.default
        for field in msgspec.structs.fields(blocks.KINDS[kind])
        if isinstance(field.default, str | int | bool) and field.name != "html"  # a new one says what to write
    }
    assert plain == {name: added[name] for name in plain}
