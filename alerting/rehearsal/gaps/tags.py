"""Tags of composite alarms and mute rules: moto holds those of its own things alone."""

from typing import Any

from alerting.rehearsal.gaps.call import Answer, Request


class Tags:
    """ListTagsForResource, TagResource and UntagResource of what moto does not hold.

    It looks on while things are made and removed, and leaves the answer to whoever holds them.
    """

    service = "cloudwatch"

    def __init__(self, account_id: str) -> None:
        self._account = account_id
        self._held: dict[str, dict[str, str]] = {}
        """By ARN; of everything that can have tags, if it has none."""
        self.answers: dict[str, Answer] = {
            "PutCompositeAlarm": lambda request: self._made(request, "alarm", "AlarmName"),
            "PutAlarmMuteRule": lambda request: self._made(request, "alarm-mute-rule", "Name"),
            "DeleteAlarms": self._alarms_gone,
            "DeleteAlarmMuteRule": self._rule_gone,
            "ListTagsForResource": self._list,
            "TagResource": self._tag,
            "UntagResource": self._untag,
        }

    def _arn(self, request: Request, kind: str, name: str) -> str:
        return f"arn:aws:cloudwatch:{request.region}:{self._account}:{kind}:{name}"

    def _made(self, request: Request, kind: str, key: str) -> None:
        """CloudWatch API reference, PutMetricAlarm: tags of a thing that is there are ignored."""
        tags = {tag["Key"]: tag["Value"] for tag in request.params.get("Tags", ())}
        self._held.setdefault(self._arn(request, kind, request.params[key]), tags)

    def _alarms_gone(self, request: Request) -> None:
        for name in request.params["AlarmNames"]:
            self._held.pop(self._arn(request, "alarm", name), None)

    def _rule_gone(self, request: Request) -> None:
        name = request.params["AlarmMuteRuleName"]
        self._held.pop(self._arn(request, "alarm-mute-rule", name), None)

    def _list(self, request: Request) -> dict[str, Any] | None:
        tags = self._held.get(request.params["ResourceARN"])
        if tags is None:
            return None
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _tag(self, request: Request) -> dict[str, Any] | None:
        tags = self._held.get(request.params["ResourceARN"])
        if tags is None:
            return None
        tags |= {tag["Key"]: tag["Value"] for tag in request.params["Tags"]}
        return {}

    def _untag(self, request: Request) -> dict[str, Any] | None:
        tags = self._held.get(request.params["ResourceARN"])
        if tags is None:
            return None
        for key in request.params["TagKeys"]:
            tags.pop(key, None)
        return {}
