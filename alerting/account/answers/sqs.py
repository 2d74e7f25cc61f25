"""Queues."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Kind, Ref, Unknown
from alerting.account.scribe import Scribe


def create_queue(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    name = params["QueueName"]
    arn = scribe.arn("sqs", name)
    suffix = ".cn" if scribe.of.partition == "aws-cn" else ""
    url: Ref = f"https://sqs.{scribe.of.region}.amazonaws.com{suffix}/{scribe.of.account_id}/{name}"
    known = scribe.known.get("url")
    url = known if isinstance(known, str) else url
    data = {"QueueArn": arn, "QueueUrl": url, **params.get("Attributes", {})}
    # New queues are encrypted by SQS itself unless a key is given (since May 2023).
    data.setdefault("SqsManagedSseEnabled", "false" if "KmsMasterKeyId" in data else "true")
    scribe.add(Kind.QUEUE, arn, data, url)
    return {"QueueUrl": url}


def set_queue_attributes(scribe: Scribe, params: Mapping[str, Any]) -> Mapping[str, Any]:
    url = params["QueueUrl"]
    if isinstance(url, str) and scribe.find(Kind.QUEUE, url) is None:
        _somebody_elses_queue(scribe, url)
    return scribe.change(Kind.QUEUE, url, **params["Attributes"])


def _somebody_elses_queue(scribe: Scribe, url: str) -> None:
    """A queue given by URL only is known by the policy that is set; not how it is encrypted."""
    host, _, rest = url.removeprefix("https://").partition("/")
    account, _, name = rest.partition("/")
    if "." not in host or not name:
        return  # no queue's URL, which AWS would refuse
    arn = f"arn:{scribe.of.partition}:sqs:{host.split('.')[1]}:{account}:{name}"
    data = {"QueueArn": arn, "QueueUrl": url, "KmsMasterKeyId": Unknown()}
    scribe.add(Kind.QUEUE, arn, data, url)
