"""Anybody's alarms, from a file: describe-alarms output or a CloudFormation template."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alerting.account.cloudformation import (
    ACCOUNT,
    PARTITION,
    REGION,
    MacroError,
    alarms_in,
)
from alerting.account.describe_alarms import LISTS, AlarmFormError, alarms_described
from alerting.account.model import Account, Item
from alerting.delivery.composites import cycles
from alerting.output import BadInput
from alerting.sns.arn import parse_arn


@dataclass(frozen=True)
class AlarmFile:
    """The alarms of a file."""

    path: Path
    account: Account
    """Alarms alone: who is subscribed to what they tell is not in the picture."""
    logical_ids: Mapping[str, Item] = field(default_factory=dict[str, Item])
    """The alarms of a template by their logical ids."""
    unread: tuple[str, ...] = ()
    """Alarms that are in the file but could not be read, each with its line and the reason."""


def read_alarms(path: Path) -> AlarmFile:
    """The alarms in a file.

    Read are the JSON or YAML of `aws cloudwatch describe-alarms`, with metric and composite
    alarms, and a CloudFormation template in JSON or YAML, such as `cdk synth` writes.

    Raises:
        BadInput: the file cannot be read, is neither, holds no alarm, uses a macro, or has
            composite alarms that hang on themselves; with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path}:1: is not text in UTF-8") from None
    except OSError as error:
        raise BadInput(f"{path}:1: cannot be read: {error.strerror}") from None
    document = _parsed(path, text)
    unread: tuple[str, ...] = ()
    logical_ids: Mapping[str, Item] = {}
    try:
        if any(key in document for key in LISTS):
            items = alarms_described(document)
        elif isinstance(document.get("Resources"), Mapping):
            logical_ids, skipped = alarms_in(document)
            items = tuple(logical_ids.values())
            unread = tuple(
                f"{path}:{_line(text, one.name)}: {one.name} {one.reason}" for one in skipped
            )
        else:
            raise BadInput(
                f"{path}:1: has neither MetricAlarms (as aws cloudwatch describe-alarms prints) "
                "nor Resources (as a CloudFormation template has)"
            )
    except AlarmFormError as error:
        raise BadInput(f"{path}:{_line(text, error.name)}: {error}") from None
    except MacroError as error:
        raise BadInput(
            f"{path}:{_line(text, str(error))}: uses the macro {error}, which only CloudFormation "
            "expands; give the processed template (aws cloudformation get-template "
            "--template-stage Processed)"
        ) from None
    if not items:
        reasons = "".join(f"\n  {one}" for one in unread)
        raise BadInput(f"{path}:1: holds no alarm that can be read{reasons}")
    account = _account(items)
    for cycle in cycles(account):
        names = " -> ".join(alarm.label for alarm in (*cycle, cycle[0]))
        line = _line(text, cycle[0].label)
        raise BadInput(f"{path}:{line}: composite alarms hang on themselves: {names}")
    return AlarmFile(path, account, logical_ids, unread)


def _account(items: tuple[Item, ...]) -> Account:
    parsed = (parse_arn(item.arn) for item in items if isinstance(item.arn, str))
    first = next((arn for arn in parsed if arn), None)
    if first is None:
        return Account(ACCOUNT, REGION, items, PARTITION)
    return Account(first.account, first.region, items, first.partition)


def _parsed(path: Path, text: str) -> Mapping[str, Any]:
    if not text.strip():
        raise BadInput(f"{path}:1: is empty")
    try:
        document = json.loads(text) if text.lstrip()[0] in "{[" else _yaml(path, text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}:{error.lineno}: is not JSON: {error.msg}") from None
    if not isinstance(document, Mapping):
        raise BadInput(f"{path}:1: must be a map")
    return document


def _yaml(path: Path, text: str) -> Any:
    """YAML with CloudFormation's short tags: `!Ref x` is `{"Ref": x}`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.nodes import MappingNode, ScalarNode

    yaml = YAML(typ="safe", pure=True)

    def short(constructor: Any, tag: str, node: Any) -> Any:
        function = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
        if isinstance(node, ScalarNode):
            return {function: constructor.construct_scalar(node)}
        if isinstance(node, MappingNode):
            return {function: constructor.construct_mapping(node, deep=True)}
        return {function: constructor.construct_sequence(node, deep=True)}

    class Constructor(yaml.Constructor):
        pass

    Constructor.add_multi_constructor("!", short)
    yaml.Constructor = Constructor
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadInput(f"{path}:{line}: not YAML: {error.problem or error.context}") from None
    except YAMLError as error:
        raise BadInput(f"{path}:1: not YAML: {error}") from None


def _line(text: str, name: str) -> int:
    """The first line on which a name stands as a value or a key; the first of all if none."""
    quoted = json.dumps(name)
    for wanted in (quoted, name):
        at = text.find(wanted) if name else -1
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return 1
