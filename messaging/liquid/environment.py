"""The two environments: for plain text, and for HTML (values are escaped)."""

from __future__ import annotations

from liquid import Environment

from messaging.liquid.bounds import bounded


class Bounded(Environment):
    """Limits of one rendering: characters of output, turns of loops, depth."""

    output_stream_limit = 20_000
    loop_iteration_limit = 2_000
    local_namespace_limit = 20_000
    context_depth_limit = 20
    block_nesting_limit = 20


def _made(*, autoescape: bool) -> Bounded:
    environment = Bounded(autoescape=autoescape)
    for tag in ("include", "render", "increment", "decrement"):  # no loaders; nothing that outlives a rendering
        environment.tags.pop(tag, None)
    environment.filters = {name: bounded(name, function) for name, function in environment.filters.items()}
    return environment


PLAIN = _made(autoescape=False)
HTML = _made(autoescape=True)
