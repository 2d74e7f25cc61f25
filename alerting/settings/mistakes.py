"""What is wrong with a stack file, in its own spelling and in words that say what to change."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, get_args, get_origin

import pydantic
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from alerting.problems import Problem, must
from alerting.settings.models import StackConfig

Path = tuple[str, ...]


class SettingsError(ValueError):
    """A stack file that cannot be deployed; the message lists every mistake, a line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} mistakes" if len(self.problems) > 1 else "a mistake"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the stack's config has {count}:\n{lines}")


def read_shape(config: Mapping[str, Any]) -> tuple[StackConfig | None, dict[Path, Problem]]:
    """The config as models, and what has the wrong shape.

    What has the wrong shape is left out and the rest read again, so that one misspelt key does not
    hide the other mistakes. Nothing is returned where nothing sensible remains.
    """
    problems: dict[Path, Problem] = {}
    removed: set[Path] = set()
    rest: Any = dict(config)
    for _ in range(20):  # each round removes at least one value
        try:
            return StackConfig.model_validate(rest), problems
        except pydantic.ValidationError as error:
            for item in error.errors(include_url=False):
                path = _config_path(item["loc"])
                if _is_wrong_branch(path, item):
                    continue
                if path not in problems and path not in removed:
                    problems[path] = _shape_problem(path, item)
                removed.add(path[:-1] if item["type"] == "missing" else path)
            for path in removed:
                rest = _without(rest, path)
    return None, problems


def hidden_by(problem: Problem, broken: Collection[Path]) -> bool:
    """Whether a problem may only be there because something of the wrong shape was left out."""
    for path in broken:
        shared = min(len(path), len(problem.path))
        if path[:shared] == problem.path[:shared]:
            return True
    return False


def spelled(problem: Problem) -> Problem:
    """A component's problem in the spelling of a stack file (`topic_name` is `topicName`)."""

    def camel(text: str) -> str:
        # A trailing underscore keeps a key apart from a word of Python's: from_.
        return _SNAKE.sub(lambda match: to_camel(match[1]).removesuffix("_"), text)

    # The second part is a name somebody chose: of an alarm, a receiver, a severity.
    chosen = 1 if problem.path[:1] and problem.path[0] in _NAMED else None
    path = (part if depth == chosen else camel(part) for depth, part in enumerate(problem.path))
    return Problem(tuple(path), camel(problem.message))


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that are reached from it."""
    yield model
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            yield from _models(inner)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


_NAMED = {
    name for name, field in StackConfig.model_fields.items() if get_origin(field.annotation) is dict
}
"""The sections that are maps from names."""
_FIELDS = {name for model in _models(StackConfig) for name in model.model_fields if "_" in name}
_SNAKE = re.compile(rf"\b({'|'.join(sorted(_FIELDS))})\b")


def _without(value: Any, path: Path) -> Any:
    """A copy of nested maps and lists without what stands at `path`."""
    if not path:
        return {}
    head, *tail = path
    if isinstance(value, list):
        items = list(enumerate(value))
        return [
            _without(item, tuple(tail)) if str(index) == head else item
            for index, item in items
            if tail or str(index) != head
        ]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _without(item, tuple(tail)) if str(key) == head else item
        for key, item in value.items()
        if tail or str(key) != head
    }


def _is_wrong_branch(path: Path, item: Any) -> bool:
    """Whether an endpoint is a map but no text, of which its errors as a map say more."""
    a_map = item["type"] == "string_type" and isinstance(item["input"], Mapping)
    return a_map and path[-1] == "endpoint"


def _config_path(loc: tuple[int | str, ...]) -> Path:
    """The location pydantic gives, without what it adds: union branches and `[key]`."""
    unions, branches = ("endpoint", "deadLetter"), ("str", "bool", "SecretRef")
    return tuple(
        str(part)
        for before, part in zip(("", *loc), loc, strict=False)
        if part != "[key]" and not (before in unions and part in branches)
    )


def _shape_problem(path: Path, item: Any) -> Problem:
    value, dotted = item["input"], ".".join(path)
    match item["type"]:
        case "extra_forbidden" if path[-1] == "region" and path[0] in ("alarms", "watch"):
            own = "an alarm watches metrics of its own Region: make a stack of its own there"
            return Problem(path, f"cannot be given; {own}")
        case "extra_forbidden":
            known = [f.alias or n for n, f in _model_at(path[:-1]).model_fields.items()]
            near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}? " if near else ""
            return Problem(path, f"is not known; {hint}known are {', '.join(known)}")
        case "missing":
            return Problem(path, "is required")
        case "enum":
            words = str(item["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
            return must(dotted, f"one of {words}", value)
        case "model_type" | "dict_type":
            return must(dotted, "a map", value)
        case "list_type":
            return must(dotted, "a list", value)
        case "bool_type" if path[-1] == "deadLetter":
            return must(dotted, "true, false or the ARN of an SQS queue", value)
        case "bool_type":
            return must(dotted, "true or false", value)
        case "int_type" | "int_from_float":
            return must(dotted, "a whole number", value)
        case "float_type":
            return must(dotted, "a number", value)
        case "string_type" if path[-1] == "endpoint" and isinstance(value, int | float):
            return must(
                dotted, 'text; quote it: "+15550100" (unquoted, YAML reads a number)', value
            )
        case "string_type" if path[-1] == "endpoint":
            return must(dotted, "text or {secret: KEY}", value)
        case "string_type":
            return must(dotted, "text; quote it", value)
        case "string_too_short":
            return must(dotted, "the name of a config key", value)
        case "greater_than_equal":
            return must(dotted, f"at least {item['ctx']['ge']}", value)
        case _:
            return Problem(path, f"{item['msg'].lower()}, got {value!r}")


def _model_at(path: Path) -> type[BaseModel]:
    """The model that stands at a path of the stack file."""
    annotation: Any = StackConfig
    for part in path:
        annotation = _step(annotation, part)
    return next(_models_in(annotation), StackConfig)


def _step(annotation: Any, part: str) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return fields[part].annotation if part in fields else None
    inner = get_args(annotation)
    if get_origin(annotation) is dict:
        return inner[1]
    containers = (a for a in inner if get_origin(a) is dict or next(_models_in(a), None))
    return _step(next(containers, None), part) if inner else None
