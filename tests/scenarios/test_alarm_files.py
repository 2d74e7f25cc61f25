import json
from pathlib import Path
from typing import Any

import pytest

from alerting.alarm_files import read_alarms
from alerting.output import BadInput
from alerting.replay import Watched, watched
from tests.scenarios.stories import TOPIC, alarm, held

EXAMPLES = Path("examples/alarms")
TOPIC_OF_THE_TEMPLATE = "arn:aws:sns:us-east-1:123456789012:Alerts91F83244"


def written(folder: Path, document: Any, name: str = "alarms.json") -> Path:
    file = folder / name
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    file.write_text(text)
    return file


def template(**properties: Any) -> dict[str, Any]:
    plain = {
        "Namespace": "Shop",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    return {
        "Resources": {
            "Alerts": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}},
            "Other": {"Type": "AWS::SNS::Topic"},
            "Jobs": {"Type": "AWS::SQS::Queue"},
            "Busy": {"Type": "AWS::CloudWatch::Alarm", "Properties": {**plain, **properties}},
        },
        "Parameters": {"Limit": {"Type": "Number", "Default": 80}, "Place": {"Type": "String"}},
    }


def read(folder: Path, **properties: Any) -> dict[str, Any]:
    found = read_alarms(written(folder, template(**properties)))
    assert not found.unread, found.unread
    return dict(found.account.alarms[0].data)


def test_metric_and_composite_alarms_are_read(tmp_path: Path):
    both = {"AlarmName": "both", "AlarmRule": "ALARM(busy)", "AlarmArn": None}
    file = written(tmp_path, {"MetricAlarms": [alarm("busy")], "CompositeAlarms": [both]})
    account = read_alarms(file).account
    assert [one.label for one in account.alarms] == ["busy", "both"]
    assert (account.account_id, account.region) == ("111122223333", "us-east-1")


def test_an_alarm_written_by_hand_needs_no_arn(tmp_path: Path):
    plain = {key: value for key, value in alarm().items() if key != "AlarmArn"}
    text = (
        "series: [{alarm: busy, values: 95 for 1h}]\nexpect: [{alarm: busy, state: ALARM, at: 5m}]"
    )
    assert held(tmp_path, text, [plain]) == [True]


def test_names_may_hold_colons_and_slashes(tmp_path: Path):
    name = "TargetTracking-table/orders-AlarmHigh:1"
    file = written(tmp_path, {"MetricAlarms": [alarm(name)]})
    assert read_alarms(file).account.alarms[0].label == name


def test_the_committed_answer_of_describe_alarms_is_read():
    account = read_alarms(EXAMPLES / "describe-alarms.json").account
    assert len(account.alarms) == 5


def test_the_committed_template_of_cdk_is_read():
    found = read_alarms(EXAMPLES / "shop.template.json")
    labels = [one.label for one in found.account.alarms]
    assert labels == [
        "cpu-high",
        "JobsOldEF89367E",
        "ErrorRateFEDEF997",
        "CpuUnusual3452A5BF",
        "ShopShopDown93867194",
    ]
    assert found.logical_ids["CpuHigh997196C2"].label == "cpu-high"
    for one in found.account.alarms[:4]:
        assert isinstance(watched(one.data), Watched)
        assert one.get("AlarmActions") == [TOPIC_OF_THE_TEMPLATE]
    (unread,) = found.unread
    assert unread.endswith("OrdersMissing95B02FCA uses Fn::ImportValue, which is not resolved here")


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ({"Ref": "Alerts"}, "arn:aws:sns:us-east-1:123456789012:alerts"),
        ({"Ref": "Other"}, "arn:aws:sns:us-east-1:123456789012:Other"),
        ({"Fn::GetAtt": ["Alerts", "TopicArn"]}, "arn:aws:sns:us-east-1:123456789012:alerts"),
        ({"Fn::GetAtt": "Alerts.TopicArn"}, "arn:aws:sns:us-east-1:123456789012:alerts"),
        (
            {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:pages"},
            "arn:aws:sns:us-east-1:123456789012:pages",
        ),
        ({"Fn::Sub": ["${Where}:${!Literal}", {"Where": {"Ref": "Place"}}]}, "Place:${Literal}"),
        ({"Fn::Sub": "${Alerts.TopicArn}"}, "arn:aws:sns:us-east-1:123456789012:alerts"),
        ({"Fn::Join": [":", ["a", {"Ref": "AWS::Region"}]]}, "a:us-east-1"),
    ],
)
def test_references_are_resolved(tmp_path: Path, action: Any, arn: str):
    assert read(tmp_path, AlarmActions=[action])["AlarmActions"] == [arn]


def test_a_parameter_stands_for_its_default(tmp_path: Path):
    assert read(tmp_path, Threshold={"Ref": "Limit"})["Threshold"] == 80


def test_no_value_is_no_value(tmp_path: Path):
    assert "TreatMissingData" not in read(tmp_path, TreatMissingData={"Ref": "AWS::NoValue"})


def test_what_a_deployment_would_tell_has_a_stand_in(tmp_path: Path):
    dimension = {"Name": "QueueName", "Value": {"Fn::GetAtt": ["Jobs", "QueueName"]}}
    assert read(tmp_path, Dimensions=[dimension])["Dimensions"][0]["Value"] == "Jobs"


def test_numbers_written_as_text_are_numbers(tmp_path: Path):
    data = read(tmp_path, Period="60", Threshold="5.5", ActionsEnabled="false")
    assert (data["Period"], data["Threshold"], data["ActionsEnabled"]) == (60, 5.5, False)


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"AlarmActions": [{"Fn::ImportValue": "x"}]}, "uses Fn::ImportValue"),
        ({"Threshold": {"Fn::If": ["A", 1, 2]}}, "uses Fn::If"),
        ({"Threshold": {"Ref": "Place"}}, "has the Threshold 'Place', which is no number"),
        ({"AlarmActions": [{"Ref": "Gone"}]}, "refers to 'Gone', which the template does not have"),
    ],
)
def test_what_is_not_resolved_is_named_with_its_line_and_skipped(
    tmp_path: Path, properties: dict[str, Any], reason: str
):
    document = template(**properties)
    document["Resources"]["Fine"] = template()["Resources"]["Busy"]
    found = read_alarms(written(tmp_path, document))
    assert [one.label for one in found.account.alarms] == ["Fine"]
    (unread,) = found.unread
    assert f"alarms.json:15: Busy {reason}" in unread


def test_an_alarm_that_hangs_on_a_condition_is_skipped(tmp_path: Path):
    document = template()
    document["Resources"]["Busy"]["Condition"] = "IsProd"
    with pytest.raises(BadInput, match="Busy hangs on the condition IsProd"):
        read_alarms(written(tmp_path, document))


def test_yaml_with_short_tags_is_read(tmp_path: Path):
    text = """\
Resources:
  Alerts: {Type: "AWS::SNS::Topic"}
  Busy:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: !Sub "${AWS::StackName}-busy"
      Namespace: Shop
      MetricName: Errors
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: 5
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: [!Ref Alerts, !GetAtt Alerts.TopicArn, !Join [":", [a, !Ref "AWS::Region"]]]
"""
    (found,) = read_alarms(written(tmp_path, text, "template.yaml")).account.alarms
    assert found.label == "stack-busy"
    topic = "arn:aws:sns:us-east-1:123456789012:Alerts"
    assert found.get("AlarmActions") == [topic, topic, "a:us-east-1"]


def _cycle() -> list[dict[str, Any]]:
    return [
        {"AlarmName": "one", "AlarmRule": "ALARM(two)"},
        {"AlarmName": "two", "AlarmRule": "ALARM(one)"},
    ]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "alarms.json:1: is empty"),
        ('{"MetricAlarms": [}', "alarms.json:1: is not JSON"),
        ("a: [", "alarms.json:1: not YAML"),
        ("[]", "alarms.json:1: must be a map"),
        ({"Alarms": []}, "alarms.json:1: has neither MetricAlarms"),
        ({"MetricAlarms": []}, "alarms.json:1: holds no alarm that can be read"),
        ({"MetricAlarms": {}}, "alarms.json:2: MetricAlarms must be a list"),
        ({"MetricAlarms": ["x"]}, r"alarms.json:2: MetricAlarms\[0\] must be a map"),
        ({"MetricAlarms": [{"Period": 1}]}, r"alarms.json:2: MetricAlarms\[0\] has no AlarmName"),
        ({"CompositeAlarms": [{"AlarmName": "x"}]}, r"alarms.json:4: Comp.*\[0\] has no AlarmRule"),
        ({"MetricAlarms": [alarm(AlarmArn="busy")]}, r"has the AlarmArn 'busy', which is none"),
        ({"MetricAlarms": [alarm(), alarm()]}, "alarms.json:4: there are two alarms 'busy'"),
        (
            {"CompositeAlarms": _cycle()},
            "alarms.json:4: composite alarms hang on themselves: one -> two -> one",
        ),
        (
            {"Resources": {}, "Transform": "AWS::LanguageExtensions"},
            "alarms.json:3: uses the macro AWS::LanguageExtensions, which only CloudFormation",
        ),
        (
            {"Resources": {"X": {"Fn::Transform": {"Name": "Magic"}}}},
            "alarms.json:5: uses the macro Magic",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, document: Any, message: str
):
    with pytest.raises(BadInput, match=message):
        read_alarms(written(tmp_path, document))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadInput, match=r"gone.json:1: cannot be read: No such file"):
        read_alarms(tmp_path / "gone.json")


def test_an_alarm_tells_its_actions(tmp_path: Path):
    account = read_alarms(written(tmp_path, {"MetricAlarms": [alarm()]})).account
    assert account.alarms[0].get("AlarmActions") == [TOPIC]
