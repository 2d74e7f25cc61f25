"""The config keys that hold secrets."""

from collections.abc import Collection, Iterator

from alerting.problems import Problem
from alerting.settings.models import SecretRef, StackConfig

_KEYS = frozenset(field.alias or name for name, field in StackConfig.model_fields.items())


def secret_problems(
    config: StackConfig, secrets: Collection[str], plain: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with the secrets that receivers name, and with what is set as one.

    Args:
        config: the stack's.
        secrets: names of the keys that are set and secret.
        plain: names of keys that receivers name, and that are set in the clear.
    """
    for key in secrets:
        if key in _KEYS:
            whole = "cannot be secret as a whole; give the endpoint as {secret: KEY} instead"
            yield Problem((key,), whole)
    for name, receiver in config.receivers.items():
        if not isinstance(receiver.endpoint, SecretRef):
            continue
        key, path = receiver.endpoint.secret, ("receivers", name, "endpoint", "secret")
        command = f"`pulumi config set --secret {key}`"
        if key in _KEYS:
            yield Problem(path, f"{key!r} is a section; the secret needs a key of its own")
        elif key in plain:
            yield Problem(path, f"the config key {key!r} is not secret; set it with {command}")
        elif key not in secrets:
            yield Problem(path, f"the config key {key!r} is not set; set it with {command}")
