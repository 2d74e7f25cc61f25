"""What is wrong with a stack file, in its own spelling and in words that say what to change."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import pydantic
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from alerting.problems import Problem, must, nearest
from alerting.settings.models import StackConfig
from alerting.settings.models.model import models_in, reached

Path = tuple[str, ...]


class SettingsError(ValueError):
    """A stack file that cannot be deployed; the message lists every mistake, a line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} mistakes" if len(self.problems) > 1 else "a mistake"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the stack's config has {count}:\n{lines}")


@dataclass(frozen=True)
class Shape:
    """What can be read of a config, and what has the wrong shape."""

    config: StackConfig
    """Without what has the wrong shape."""
    problems: dict[Path, Problem]
    """By path."""
    _given: Mapping[str, Any]
    _left_out: Collection[Path]

    def at_home(self, problem: Problem) -> Problem:
        """A problem of what can be read, at its place in what was given.

        They differ in lists: an item that is left out makes the later ones move up.
        """
        return Problem(_given_path(problem.path, self._given, self._left_out), problem.message)


def read_shape(given: Mapping[str, Any]) -> Shape:
    """The config as models, and what has the wrong shape.

    What has the wrong shape is left out and the rest read again, so that one misspelt key does not
    hide the other mistakes. What is still wrong then is wrong further out, which comes to an end:
    without anything at all a config has no wrong shape.
    """
    problems: dict[Path, Problem] = {}
    left_out: set[Path] = set()
    while True:
        try:
            config = StackConfig.model_validate(_without(given, left_out))
        except pydantic.ValidationError as error:
            errors = error.errors(include_url=False)
        else:
            empty = {path: Problem(path, _EMPTY) for path in _empty(given) if path not in left_out}
            return Shape(config, problems | empty, given, left_out)
        before = frozenset(left_out)
        for item in [e for e in errors if not _is_wrong_branch(e)] or errors:
            path = _given_path(_config_path(item["loc"]), given, before)
            if path not in left_out:
                problems.setdefault(path, _shape_problem(path, item))
            out = path[:-1] if item["type"] == "missing" else path
            while out in before:
                out = out[:-1]
            left_out.add(out)


def prefix_problems(keys: Iterable[str], project: str) -> Iterator[Problem]:
    """Full keys whose prefix is nearly the project's; nobody else's config is looked at.

    A key that nobody reads is no mistake to the engine.
    """
    for key in keys:
        prefix, _, name = key.partition(":")
        if prefix != project and nearest(prefix, [project], cutoff=0.8):
            yield Problem((key,), f"is read by nobody; did you mean '{project}:{name}'?")


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


_NAMED = {
    name for name, field in StackConfig.model_fields.items() if get_origin(field.annotation) is dict
}
"""The sections that are maps from names."""
_FIELDS = {name for model in reached(StackConfig) for name in model.model_fields if "_" in name}
_SNAKE = re.compile(rf"\b({'|'.join(sorted(_FIELDS))})\b")


_EMPTY = "is left empty; leave it out, or give it a value ({} for a map of defaults)"
_KEPT = (("filter",), ("delivery",))
"""Keys whose values go to SNS as they are."""


def _empty(value: Any, here: Path = ()) -> Iterator[Path]:
    """Where nothing stands, which to the models would be the same as no such key."""
    if value is None and here:
        yield here
    items = value.items() if isinstance(value, Mapping) and here[-1:] not in _KEPT else ()
    for key, inner in items:
        yield from _empty(inner, (*here, str(key)))


def _without(value: Any, left_out: Collection[Path], here: Path = ()) -> Any:
    """A copy of nested maps and lists without what stands at the paths that are left out."""
    if isinstance(value, list):
        items = [(item, (*here, str(index))) for index, item in enumerate(value)]
        return [_without(item, left_out, path) for item, path in items if path not in left_out]
    if not isinstance(value, Mapping):
        return value
    if () in left_out:
        return {}
    entries = [(key, item, (*here, str(key))) for key, item in value.items()]
    return {
        key: _without(item, left_out, path) for key, item, path in entries if path not in left_out
    }


def _given_path(path: Path, given: Any, left_out: Collection[Path]) -> Path:
    """Where in the given value something stands, by where it stands without what is left out."""
    here: Path = ()
    for part in path:
        if isinstance(given, list) and part.isdecimal():
            kept = [at for at in range(len(given)) if (*here, str(at)) not in left_out]
            at = kept[int(part)] if int(part) < len(kept) else int(part)
            part, given = str(at), given[at] if at < len(given) else None
        else:
            given = given.get(part) if isinstance(given, Mapping) else None
        here = (*here, part)
    return here


def _is_wrong_branch(item: Any) -> bool:
    """Whether an endpoint is a map but no text, of which its errors as a map say more."""
    a_map = item["type"] == "string_type" and isinstance(item["input"], Mapping)
    return a_map and _config_path(item["loc"])[-1] == "endpoint"


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
            near = nearest(path[-1], known, cutoff=0.5)
            hint = f"did you mean {near!r}? " if near else ""
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
    return next(models_in(annotation), StackConfig)


def _step(annotation: Any, part: str) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return fields[part].annotation if part in fields else None
    inner = get_args(annotation)
    if get_origin(annotation) in (dict, list):
        return inner[-1]
    containers = (a for a in inner if get_origin(a) in (dict, list) or next(models_in(a), None))
    return _step(next(containers, None), part) if inner else None
