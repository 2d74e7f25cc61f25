"""What a row of the table is: how one Pulumi resource type becomes calls to AWS.

The steps of a row are generators: they yield the calls the AWS provider makes, are sent the
responses, and return properties in Pulumi's words. Whoever drives them decides where the calls go:
to the ledger, which keeps what AWS would hold (`account_of`), or to an in-memory AWS.

Parameters have the names of the AWS API, so botocore can validate them.
"""

import zlib
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from alerting.account.model import Unknown


@dataclass(frozen=True, slots=True)
class Call:
    """One request to AWS, in boto3's words."""

    service: str
    """For example `sns`."""
    operation: str
    """In snake_case, for example `create_topic`."""
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def changes(self) -> bool:
        """Whether it can change anything in AWS, rather than only tell."""
        return not self.operation.startswith(("describe_", "get_", "list_"))


@dataclass(frozen=True, slots=True)
class Declared:
    """What a row reads of a resource: as it is declared, or as it was made."""

    urn: str
    name: str
    """Logical name."""
    inputs: Mapping[str, Any]
    """The engine's camelCase; of a resource that exists, its last known properties."""
    account_id: str
    region: str
    partition: str = "aws"
    id: str = ""
    """Physical id; empty for what is yet to be created."""

    def get(self, key: str, default: Any = None) -> Any:
        """An input; absent and null are the same to the engine."""
        value = self.inputs.get(key)
        return default if value is None else value

    @property
    def physical_name(self) -> Any:
        """The name in AWS: as given, else made from the logical name as the provider does."""
        return self.get("name") or self.made_up_name

    @property
    def made_up_name(self) -> str:
        """The logical name and seven hexadecimal digits, the same in every run."""
        return f"{self.name}-{hash_of(self.urn) % 0x10000000:07x}"


def hash_of(text: str) -> int:
    """A number that is the same in every run, unlike Python's own `hash`."""
    return zlib.crc32(text.encode())


class Gone(LookupError):  # noqa: N818 - it names what happened
    """What a row reads is not there (any more)."""


GONE = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchEntity",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
    }
)
"""AWS's error codes that mean the same."""

Steps = Generator[Call, Mapping[str, Any], dict[str, Any]]
Done = Generator[Call, Mapping[str, Any], None]


@dataclass(frozen=True, slots=True)
class Row:
    """The life of one resource type."""

    create: Callable[[Declared], Steps]
    """Makes it; its `id` and other outputs."""
    read: Callable[[Declared], Steps]
    """What AWS has of it by its id, None where AWS has nothing.

    Raises `Gone`. What AWS does not tell (the waiting time before a key is lost) is left out.
    """
    update: Callable[[Declared, Declared], Done]
    """From the old (as last read) to the new inputs."""
    delete: Callable[[Declared], Done]
    """Removes it."""
    replaced_by: frozenset[str] = frozenset()
    """Inputs that AWS (or the provider) cannot change: another value is another resource."""
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What saying nothing means, where that is a value."""
    named: str | None = None
    """The input that the provider fills with a made-up name."""


def some(**params: Any) -> dict[str, Any]:
    """The parameters that are there, as the provider leaves out the rest."""
    return {key: value for key, value in params.items() if value not in (None, "", [], {})}


def text(value: Any) -> Any:
    """An attribute as SNS and SQS want it: text, and booleans in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | Unknown) else str(value)


def attributes(r: Declared, names: Mapping[str, str]) -> dict[str, Any]:
    """The inputs that SNS and SQS take as attributes; `names` maps input to attribute."""
    found = {attribute: r.get(name) for name, attribute in names.items()}
    return {key: text(value) for key, value in found.items() if value not in (None, "")}


def moment_read(value: Any) -> Any:
    """A time as Pulumi has it, as text; of none, None."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def changed(old: Declared, new: Declared, names: Iterable[str]) -> list[str]:
    """Those of the inputs that the new ones have otherwise."""
    return [name for name in names if old.get(name) != new.get(name)]


def tags(r: Declared) -> list[dict[str, str]]:
    """The tags as most of AWS wants them."""
    return [{"Key": key, "Value": value} for key, value in sorted(r.get("tags", {}).items())]


def untags(old: Declared, new: Declared) -> list[str]:
    """The keys of tags that are no more."""
    return sorted(set(old.get("tags", {})) - set(new.get("tags", {})))


def retag(
    old: Declared,
    new: Declared,
    service: str,
    where: Mapping[str, Any],
    *,
    noun: str = "resource",
    keys: tuple[str, str] = ("TagKeys", "Tags"),
    made: Callable[[Declared], Any] = tags,
) -> Done:
    """The calls that make the tags of the old those of the new.

    Args:
        old: as it is.
        new: as it is to be.
        service: in boto3's words.
        where: the parameters that say what is tagged.
        noun: of the operations, `tag_NOUN` and `untag_NOUN`.
        keys: the parameters for the names that go, and for all tags there are to be.
        made: the tags as the service wants them. Default: a list of `Key` and `Value`.
    """
    names, all_of_them = keys
    gone = untags(old, new)
    if gone:
        yield Call(service, f"untag_{noun}", {**where, names: gone})
    if changed(old, new, ["tags"]) and new.get("tags"):
        yield Call(service, f"tag_{noun}", {**where, all_of_them: made(new)})


def tags_read(given: Iterable[Mapping[str, str]]) -> dict[str, str] | None:
    """The tags as Pulumi has them, from a list of `Key` and `Value`."""
    return {tag["Key"]: tag["Value"] for tag in given} or None


def drive(
    steps: Generator[Call, Mapping[str, Any], Any], send: Callable[[Call], Mapping[str, Any]]
) -> Any:
    """Run a row's steps, each call through `send`; what they return."""
    try:
        call = next(steps)
        while True:
            call = steps.send(send(call))
    except StopIteration as done:
        return done.value
