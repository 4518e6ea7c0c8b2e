"""The two environments: for plain text, and for HTML (values are escaped). Runs in the rendering process."""

from __future__ import annotations

from liquid import BoundTemplate, Environment, RenderContext

from messaging.liquid import comparing
from messaging.liquid.bounds import bounded, charge


class Charged(RenderContext):
    """Every node asks its context for the tags that are disabled before it renders: that is where it is charged."""

    __slots__ = ()

    @property
    def disabled_tags(self) -> list[str]:  # an attribute there
        charge("a tag")
        return []

    @disabled_tags.setter
    def disabled_tags(self, _: list[str]) -> None:
        pass


class Template(BoundTemplate):
    context_class = Charged


class Bounded(Environment):
    """Limits of one rendering: characters of output, turns of loops, depth."""

    template_class = Template
    output_stream_limit = 20_000
    loop_iteration_limit = 2_000
    local_namespace_limit = 20_000
    context_depth_limit = 20
    block_nesting_limit = 20


def _made(*, autoescape: bool) -> Bounded:
    environment = Bounded(autoescape=autoescape)
    for tag in ("include", "render", "increment", "decrement"):  # no loaders; nothing that outlives a rendering
        environment.tags.pop(tag, None)
    environment.filters["date"] = comparing.dated(environment.filters["date"])
    environment.filters = {name: bounded(name, function) for name, function in environment.filters.items()}
    return environment


comparing.install()
PLAIN = _made(autoescape=False)
HTML = _made(autoescape=True)
