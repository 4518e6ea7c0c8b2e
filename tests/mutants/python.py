"""All places in a Python module where a mistake can be planted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from tests.mutants.mutant import Mutant
from tests.mutants.operators import OPERATORS

OF_NO_BEHAVIOUR = {"__all__", "__slots__", "__test__"}


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A node and what an operator makes of it. The mutant's text is made when it is asked for: that takes a while."""

    path: str
    line: int
    operator: str
    module: cst.Module
    node: cst.CSTNode
    mutated: cst.CSTNode

    def mutant(self) -> Mutant | None:
        """None where the mistake changes nothing, or makes what is no Python."""
        before = self.module.code
        after = self.module.deep_replace(self.node, self.mutated).code  # type: ignore[arg-type]
        return (
            Mutant(self.path, self.line, self.operator, before, after) if after != before and compiles(after) else None
        )


class Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, path: str, module: cst.Module) -> None:
        super().__init__()
        self.path, self.module = path, module
        self.found: list[Place] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if is_no_behaviour(node):
            return False
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                line = self.get_metadata(PositionProvider, node).start.line
                for mutated in operator(node):
                    self.found.append(Place(self.path, line, name_of(operator), self.module, node, mutated))
        return True


def places(path: str, root: Path) -> list[Place]:
    wrapper = MetadataWrapper(cst.parse_module((root / path).read_text()), unsafe_skip_copy=True)
    finder = Finder(path, wrapper.module)
    wrapper.visit(finder)
    return finder.found


def name_of(operator: Callable[..., Iterable[cst.CSTNode]]) -> str:
    return operator.__name__.removeprefix("operator_").replace("_", " ")


def is_no_behaviour(node: cst.CSTNode) -> bool:
    """Types, imports, docstrings and lines of the log."""
    match node:
        case cst.Annotation() | cst.Import() | cst.ImportFrom() | cst.Decorator() | cst.TypeAlias():
            return True
        case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
            return True
        case cst.Call(func=cst.Attribute(value=cst.Name(value="log"))):
            return True
        case cst.Expr(value=cst.Call(func=cst.Attribute(value=cst.Name(value="log")))):
            return True
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return name in OF_NO_BEHAVIOUR
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
    return False


def compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
