"""Mute rules of alarms."""

from collections.abc import Mapping
from typing import Any

from alerting.account.model import Unknown
from alerting.account.row import (
    Call,
    Declared,
    Done,
    Row,
    Steps,
    moment_read,
    retag,
    some,
    tags,
    tags_read,
)


def _put(r: Declared, name: Any) -> Call:
    schedule = (r.get("rule") or {}).get("schedule") or {}
    targets = r.get("muteTargets")
    return Call(
        "cloudwatch",
        "put_alarm_mute_rule",
        some(
            Name=name,
            Description=r.get("description"),
            Rule={
                "Schedule": some(
                    Expression=schedule.get("expression"),
                    Duration=schedule.get("duration"),
                    Timezone=schedule.get("timezone"),
                )
            },
            MuteTargets={"AlarmNames": targets["alarmNames"]}
            if isinstance(targets, Mapping)
            else targets,
            StartDate=r.get("startDate"),
            ExpireDate=r.get("expireDate"),
            Tags=tags(r),
        ),
    )


def _create(r: Declared) -> Steps:
    name = r.physical_name
    yield _put(r, name)
    return {"id": name, "name": name, "arn": _arn(r, name)}


def _read(r: Declared) -> Steps:
    rule = yield Call("cloudwatch", "get_alarm_mute_rule", {"AlarmMuteRuleName": r.id})
    arn = rule["AlarmMuteRuleArn"]
    tagged = yield Call("cloudwatch", "list_tags_for_resource", {"ResourceARN": arn})
    schedule = rule["Rule"]["Schedule"]
    names = (rule.get("MuteTargets") or {}).get("AlarmNames")
    return {
        "name": rule["Name"],
        "arn": arn,
        "description": rule.get("Description") or None,
        "rule": {
            "schedule": {
                "expression": schedule["Expression"],
                "duration": schedule["Duration"],
                "timezone": schedule.get("Timezone"),
            }
        },
        "muteTargets": names and {"alarmNames": names},
        "startDate": moment_read(rule.get("StartDate")),
        "expireDate": moment_read(rule.get("ExpireDate")),
        "tags": tags_read(tagged["Tags"]),
    }


def _update(old: Declared, new: Declared) -> Done:
    yield _put(new, old.id)
    yield from retag(old, new, "cloudwatch", {"ResourceARN": _arn(old, old.id)})


def _delete(r: Declared) -> Done:
    yield Call("cloudwatch", "delete_alarm_mute_rule", {"AlarmMuteRuleName": r.id})


def _arn(r: Declared, name: Any) -> Any:
    if isinstance(name, Unknown):
        return Unknown((r.urn,))
    return f"arn:{r.partition}:cloudwatch:{r.region}:{r.account_id}:alarm-mute-rule:{name}"


ALARM_MUTE_RULE = Row(
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    replaced_by=frozenset({"name", "region"}),
    named="name",
)
