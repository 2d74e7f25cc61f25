"""What the docstrings of the models' keys say, for the tables and the schema.

Pydantic would read them as the models are made (`use_attribute_docstrings`), which costs every
`pulumi up` a tenth of its start.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise

from alerting.settings.models.model import Model


def described(model: type[Model]) -> dict[str, str]:
    """Docstrings by field; those that are inherited too."""
    bases = (base for base in reversed(model.__mro__) if issubclass(base, Model))
    return {name: text for base in bases for name, text in _own(base)}


def _own(model: type[Model]) -> Iterator[tuple[str, str]]:
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    for field, text in pairwise(definition.body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as docstring)),
            ):
                yield name, inspect.cleandoc(docstring)
            case _:
                pass
