"""Answers the data sources a program may ask without a cloud."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pulumi.runtime import mocks

LISTINGS = frozenset(
    {
        "aws:autoscaling/getAmiIds:getAmiIds",
        "aws:resourcegroupstaggingapi/getResources:getResources",
    }
)
"""Data sources that list what is in an account. Without a cloud they answer without their list, so
that a program can tell "it is not known" from "there is nothing"."""


class Lookups(mocks.Mocks):
    """Caller identity, Region, partition and policy documents; anything else must be given."""

    def __init__(
        self, account: str, region: str, more: Mapping[str, Any], partition: str = "aws"
    ) -> None:
        self._more = more
        suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
        self._answers: dict[str, dict[str, Any]] = {
            "getCallerIdentity": {
                "id": account,
                "accountId": account,
                "arn": f"arn:{partition}:iam::{account}:user/somebody",
                "userId": "AIDAEXAMPLE",
            },
            "getRegion": {
                "id": region,
                "name": region,
                "region": region,
                "description": region,
                "endpoint": f"ec2.{region}.{suffix}",
            },
            "getPartition": {
                "id": partition,
                "partition": partition,
                "dnsSuffix": suffix,
                "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
            },
        }

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """The answer to one look-up."""
        if args.token in self._more:
            given = self._more[args.token]
            answer = cast("Mapping[str, Any]", given(args.args) if callable(given) else given)
            return dict(answer), []
        name = args.token.rsplit(":", 1)[1]
        if args.token.startswith("aws:index/") and name in self._answers:
            return {**self._answers[name], **args.args}, []
        if args.token == "aws:iam/getPolicyDocument:getPolicyDocument":  # noqa: S105
            text = json.dumps(policy_document(args.args))
            return {**args.args, "id": "policy-document", "json": text, "minifiedJson": text}, []
        if args.token in LISTINGS:
            return dict(args.args), []
        raise LookupError(
            f"the program looks up {args.token}, which nothing can answer without a cloud; "
            f"give the answer with lookups={{{args.token!r}: {{...}}}}"
        )

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Never called: the recorder registers resources itself."""
        raise NotImplementedError(args.typ)


def policy_document(args: Mapping[str, Any]) -> dict[str, Any]:
    """The IAM document that `aws.iam.get_policy_document` makes of its arguments."""
    document: dict[str, Any] = {"Version": args.get("version") or "2012-10-17"}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    document["Statement"] = [_statement(statement) for statement in args.get("statements") or []]
    return document


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": given.get("effect") or "Allow"}
    if given.get("sid"):
        statement["Sid"] = given["sid"]
    for key, name in (
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ):
        if given.get(key):
            statement[name] = _one_or_many(given[key])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(key):
            statement[name] = _principals(given[key])
    condition: dict[str, dict[str, Any]] = {}
    for part in given.get("conditions") or []:
        condition.setdefault(part["test"], {})[part["variable"]] = _one_or_many(part["values"])
    if condition:
        statement["Condition"] = condition
    return statement


def _principals(given: Sequence[Mapping[str, Any]]) -> Any:
    if any(part["type"] == "*" for part in given):
        return "*"
    found: dict[str, list[Any]] = {}
    for part in given:
        found.setdefault(part["type"], []).extend(part["identifiers"])
    return {kind: _one_or_many(identifiers) for kind, identifiers in found.items()}


def _one_or_many(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)
