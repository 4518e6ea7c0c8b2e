"""Templates made to take long, to take room, or to get out: each is refused or rendered within its limits."""

from __future__ import annotations

import os
import random
import resource
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from messaging import liquid
from messaging.content import read, review
from messaging.errors import BadTemplate, Busy
from messaging.liquid import child, pool

SECONDS, BYTES, LONGEST = 0.5, 50_000_000, 20_000
DATA: dict[str, Any] = {"customer": {"name": "Ada", "n": "10", "tags": ["a", 1, None], "long": "x <b>" * 3_000}}
OPENINGS = ["{{", "{%", "{{-", "{%-", "{%raw%}", "{%comment%}", "{%doc%}", "{%liquid", "{{a[", "{{'a", "{{(1.."]
VALUES = [
    "customer.long",
    "customer.tags",
    "customer",
    "(1..1000000000)",
    "(1..2000)",
    "'a'",
    "9999999999999",
    "x",
    "nil",
]
FILTERS = [
    "join",
    "reverse",
    "sort",
    "uniq",
    "size",
    "upcase",
    "strip_html",
    "escape",
    "newline_to_br",
    "truncatewords:9",
    "split:''",
    "compact",
    "url_encode",
    "replace:'',customer.long",
    "append:customer.long",
    "times:999999",
    "date:'%99999d'",
    "concat:x",
    "map:'a'",
    "where:'a'",
    "slice:0,99999",
    "strip_newlines",
    "default:customer.long",
]
BLOCKS = [
    "{{% for i in {0} %}}{1}{{% endfor %}}",
    "{{% for i in {0} reversed limit: 9 offset: 999999999 %}}{1}{{% endfor %}}",
    "{{% tablerow i in {0} cols: 2 %}}{1}{{% endtablerow %}}",
    "{{% if {0} contains {0} %}}{1}{{% else %}}{1}{{% endif %}}",
    "{{% capture x %}}{{{{ x }}}}{1}{{% endcapture %}}",
    "{{% case {0} %}}{{% when 1, 2 %}}{1}{{% endcase %}}",
    "{{% unless {0} == {0} %}}{1}{{% endunless %}}",
]


def hostile(seed: int) -> str:
    """One template of at most 20,000 characters, of pieces that are known to be slow, repeated and nested."""
    dice = random.Random(seed)
    if seed % 3 == 0:
        piece = "".join(dice.choices([*OPENINGS, " ", "a", ".", "|", ":", "'", "}", "%"], k=dice.randint(1, 6)))
        return (piece * LONGEST)[: dice.choice([3_000, 9_000, LONGEST])]
    if seed % 3 == 1:
        filters = "".join(f" | {one}" for one in dice.choices(FILTERS, k=dice.choice([1, 5, 800])))
        one = f"{{% assign x = {dice.choice(VALUES)}{filters} %}}"
        return (one * dice.choice([1, 40, 1_000]))[:LONGEST] + "{{ x }}"
    body = "".join(
        f"{{{{ {dice.choice(VALUES)} | {dice.choice(FILTERS)} }}}}" for _ in range(dice.choice([1, 20, 200]))
    )
    for _ in range(dice.randint(1, 6)):
        body = dice.choice(BLOCKS).format(dice.choice(VALUES), body)
    return body[:LONGEST]


def work(pid: int) -> tuple[float, int]:
    """Seconds of processor time that the process has used, and the most memory that it ever held."""
    process = Path(f"/proc/{pid}")
    ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
    peak = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmHWM"))
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) * 1024


def job(source: str) -> dict[str, Any]:
    return {"fill": [(source, False)], "data": DATA, "properties": {}, "lenient": False}


@pytest.mark.parametrize("seed", range(36))
def test_no_template_takes_more_than_its_share(seed: int) -> None:
    renderer = pool.Child()
    assert renderer.ask(job("{{ customer.name }}")) == {"texts": ["Ada"]}
    used, held = work(renderer.pid)
    answer = renderer.ask(job(hostile(seed)))
    if answer is None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert renderer.end() == -signal.SIGPROF
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime - used < SECONDS
    else:
        used_since, held_since = work(renderer.pid)
        assert used_since - used < SECONDS
        assert held_since - held < BYTES
        assert renderer.end() == 0


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..1000000000) offset: 999999999 %}{{ i }}{% endfor %}",
        "{% for i in (1..1000000000) reversed limit: 1 %}{{ i }}{% endfor %}",
        "{% if (1..1000000000) contains 'a' %}yes{% endif %}",
        "{% assign x = (1..1000000000) %}",
        "{{" * 3_000,
        "{%" * 3_000,
        "{% for i in (1..2000) %}" + "{% if 1 == 1 %}{% endif %}" * 800 + "{% endfor %}",
        "{{" + " " * 19_990,
    ],
)
def test_what_was_slow_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate):
        liquid.fill(source, DATA)


def slow_job() -> list[tuple[str, bool]]:
    """Templates that keep every other limit and take ten times the time of a job, on any machine."""
    return [("{% if 1 == 1 %}{% endif %}" * 760 + str(number), False) for number in range(150)]


def test_a_job_that_takes_too_long_ends_its_process_and_no_other() -> None:
    with pytest.raises(BadTemplate, match="takes too long"):
        liquid.fill_all(slow_job(), DATA)
    assert liquid.fill("{{ customer.name }}", DATA) == "Ada"


def test_a_template_that_needs_much_memory_is_refused_and_the_next_is_rendered() -> None:
    renderer = pool.Child()
    answer = renderer.ask(job("{{ a }}") | {"data": {"a": "x" * 60_000_000}})
    assert answer is None or "error" in answer
    renderer.end()
    assert liquid.fill("{{ customer.name }}", DATA) == "Ada"


def test_while_a_template_takes_all_that_it_may_everybody_else_goes_on() -> None:
    ended = threading.Event()

    def refused() -> None:
        for _ in range(3):
            with pytest.raises(BadTemplate):
                liquid.fill_all(slow_job(), DATA)
        ended.set()

    threading.Thread(target=refused).start()
    longest, last = 0.0, time.monotonic()
    while not ended.wait(0.001):
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    assert longest < 2  # it was as long as the template took, when the interpreter was held by it


def test_a_renderer_that_was_killed_is_replaced() -> None:
    one = pool.Pool(size=1)
    assert one.ask(job("{{ customer.name }}")) == {"texts": ["Ada"]}
    renderer = one._free.get_nowait()
    assert renderer is not None
    os.kill(renderer.pid, signal.SIGKILL)
    one._free.put(renderer)
    assert one.ask(job("{{ customer.name }}")) == {"texts": ["Ada"]}


def test_when_all_renderers_are_taken_it_is_said_and_nothing_is_refused_for_good(monkeypatch) -> None:
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0.01)
    none = pool.Pool(size=0)
    with pytest.raises(Busy):
        none.ask(job("{{ customer.name }}"))


def test_a_renderer_has_no_secret_of_the_application(monkeypatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    renderer = pool.Child()
    renderer.ask(job("x"))
    assert "do not tell" not in Path(f"/proc/{renderer.pid}/environ").read_text()
    renderer.end()


def test_many_threads_each_get_their_own_answer() -> None:
    found: dict[int, str] = {}

    def ask(number: int) -> None:
        found[number] = liquid.fill("{{ customer.n }}", {"customer": {"n": number}})

    threads = [threading.Thread(target=ask, args=[number]) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: str(number) for number in range(40)}


def test_the_limits_are_those_that_are_promised() -> None:
    assert child.CPU_SECONDS < SECONDS
    assert child.MEMORY <= BYTES


def test_what_did_too_much_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "{% raw %}" * 1_899
    content = read({"steps": [{"id": "s", "blocks": [{"kind": "text", "id": "t", "html": endless}]}]})
    assert [remark.field for remark in review.errors(content)] == ["liquid"]

    def refused(*_: Any) -> None:
        raise AssertionError("It was asked again.")

    monkeypatch.setattr(pool.previews, "ask", refused)
    assert review.warnings(content) == []
    assert [remark.field for remark in review.errors(content)] == ["liquid"]
