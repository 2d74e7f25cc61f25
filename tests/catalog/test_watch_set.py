"""The set of alarms of one resource: in a stack file and as a component."""

import time

import pulumi
import pytest

from alerting import Alarms, Watch
from alerting.account import account_of
from alerting.catalog import service, service_names, watch_set
from alerting.recording import record
from alerting.settings import Settings, SettingsError

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
OFF = ["free-storage", "freeable-memory", "connections"]
"""What wants a figure of the database."""


def settings(watch, alarms=None, severities=None):
    config = {
        "receivers": {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}},
        "watch": watch,
        "alarms": alarms or {},
        "severities": severities or {"notify": {}},
    }
    return Settings.parse(config, stack="dev", place=PLACE)


def mistakes(watch, alarms=None):
    with pytest.raises(SettingsError) as refused:
        settings(watch, alarms)
    return [str(problem) for problem in refused.value.problems]


def names(watch, **more):
    topics = dict.fromkeys(more.get("severities") or {"notify": {}}, TOPIC)
    return settings(watch, **more).alarms_args(topics)["alarms"]


def test_a_set_has_the_recommended_presets_without_those_switched_off():
    assert set(names({"db": {"kind": "rds", "id": "shop", "off": OFF}})) == {"db-cpu"}


def test_what_a_set_lacks_is_asked_for_where_it_can_be_said():
    said = mistakes({"db": {"kind": "rds", "id": "shop", "off": OFF[1:]}})
    assert said == [
        "watch.db.alarms.free-storage.of: give the allocated storage in bytes; "
        "the threshold is 0.1 times that"
    ]


def test_an_alarm_of_a_set_can_say_things_otherwise_and_another_be_added():
    own = {"cpu": {"threshold": {"above": 70}, "missing": "ignore"}, "swap": {}}
    made = names({"db": {"kind": "rds", "id": "shop", "off": OFF, "alarms": own}})
    assert set(made) == {"db-cpu", "db-swap"}
    args = {"alarms": made, "topics": {"notify": TOPIC}, "region": "us-east-1"}
    recorded = record(lambda: Alarms("alarms", args), project="p")
    cpu = recorded.named("alarms-db-cpu").inputs
    assert (cpu["threshold"], cpu["treatMissingData"]) == (70, "ignore")


def test_severities_go_by_weight_and_an_alarm_may_have_its_own():
    stack = {"notify": {}, "page": {}}
    asked = {
        "kind": "nat",
        "id": "nat-1",
        "severities": {"high": "page", "low": "notify"},
        "alarms": {"bytes-out": {"severity": "page"}},
    }
    config = {
        "receivers": {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}},
        "watch": {"nat": asked},
        "severities": stack,
    }
    made = Settings.parse(config, stack="dev", place=PLACE).alarms_args(dict.fromkeys(stack, TOPIC))
    assert {name: alarm["severity"] for name, alarm in made["alarms"].items()} == {
        "nat-port-allocation-errors": "page",
        "nat-dropped-packets": "notify",
        "nat-bytes-out": "page",
    }


def test_each_alarm_has_the_most_of_the_dimensions_that_it_is_published_with():
    given = {"LoadBalancer": "app/shop/1", "TargetGroup": "targetgroup/shop/1"}
    made, problems = watch_set("alb", dimensions=given)
    assert problems == []
    assert made["elb-5xx"]["dimensions"] == {"LoadBalancer": "app/shop/1"}
    assert made["target-5xx"]["dimensions"] == given
    assert made["unhealthy-hosts"]["dimensions"] == given


def test_what_needs_more_dimensions_is_left_out_of_the_set():
    made, problems = watch_set("alb", id="app/shop/1")
    assert problems == []
    assert "unhealthy-hosts" not in made
    assert "elb-5xx" in made


def test_a_named_preset_that_needs_more_dimensions_is_refused():
    asked = {"kind": "alb", "id": "app/shop/1", "alarms": {"unhealthy-hosts": {}}}
    [said] = mistakes({"web": asked})
    assert said.startswith("watch.web.alarms.unhealthy-hosts.dimensions: must be (LoadBalancer, T")


def test_a_service_without_dimensions_needs_none():
    made, problems = watch_set("billing", alarms={"total": {"threshold": {"above": 100}}})
    assert problems == []
    assert set(made) == {"total", "daily"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"kind": "rdz", "id": "a"},
            "watch.db.kind: there is no service 'rdz'; did you mean 'rds'",
        ),
        ({"kind": "rds"}, "watch.db.dimensions: say which: id, or dimensions among DBInstanceId"),
        ({"kind": "ecs", "id": "a"}, "watch.db.id: give dimensions instead: ecs has ClusterName"),
        ({"kind": "rds", "id": "a", "dimensions": {}}, "watch.db: needs one of id and dimensions"),
        (
            {"kind": "rds", "dimensions": {"dbinstanceidentifier": "a"}},
            "watch.db.dimensions.dbinstanceidentifier: is no dimension of rds; did you mean 'DBI",
        ),
        (
            {"kind": "rds", "id": "a", "off": ["cpuu"]},
            "watch.db.off.cpuu: there is no preset 'rds.cpuu'; did you mean 'rds.cpu'",
        ),
        (
            {"kind": "rds", "id": "a", "alarms": {"cpuu": {}}},
            "watch.db.alarms.cpuu: there is no preset 'rds.cpuu'",
        ),
        (
            {"kind": "rds", "id": "a", "off": ["cpu"], "alarms": {"cpu": {}}},
            "watch.db.alarms.cpu: is switched off too",
        ),
        (
            {"kind": "rds", "id": "a", "alarms": {"cpu": {"preset": "ec2.cpu"}}},
            "watch.db.alarms.cpu.preset: belongs to an alarm of its own",
        ),
        (
            {"kind": "scheduler"},
            "watch.db: no alarm to begin with goes with",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(asked, said):
    [problem] = mistakes({"db": asked})
    assert problem.startswith(said)


def test_a_severity_that_is_not_there_is_refused():
    asked = {"kind": "rds", "id": "a", "off": OFF, "severities": {"low": "page"}}
    assert mistakes({"db": asked}) == [
        "watch.db.alarms.cpu.severity: must be one of notify, got 'page'"
    ]


def test_a_name_taken_by_an_alarm_is_refused():
    alarm = {"metric": {"namespace": "A", "name": "B"}, "threshold": {"above": 1}}
    said = mistakes({"db": {"kind": "rds", "id": "a", "off": OFF}}, {"db-cpu": alarm})
    assert said == ["watch.db.alarms.cpu: is called db-cpu, and so is another alarm"]


def test_a_resource_that_comes_touches_no_other_alarm():
    one = {"a": {"kind": "sns", "id": "a"}}
    before, after = names(one), names({**one, "b": {"kind": "sns", "id": "b"}})
    assert {name: alarm for name, alarm in after.items() if name in before} == before
    assert all(name.startswith("b-") for name in after.keys() - before.keys())


@pytest.mark.parametrize("kind", sorted(set(service_names()) - {"scheduler"}))
def test_every_kind_has_a_set(kind):
    dimensions = {
        name: "one"
        for preset in service(kind).presets.values()
        if preset.recommended
        for name in preset.dimensions[0].asked
    }
    made, problems = watch_set(kind, dimensions=dimensions)
    assert problems == []
    recommended = {key for key, preset in service(kind).presets.items() if preset.recommended}
    assert set(made) == recommended


def watch(name="db", **changes):
    args = {"kind": "rds", "topics": {"notify": TOPIC}, "region": "us-east-1", "off": OFF}
    return lambda: Watch(name, {"id": "shop", **args, **changes})


def test_the_component_takes_outputs_of_resources():
    def program():
        where = {"DBInstanceIdentifier": pulumi.Output.from_input("shop")}
        watch(id=None, dimensions=where, prefix="live-")()

    made = record(program, project="p")
    alarm = made.named("db-alarms-cpu")
    assert alarm.inputs["dimensions"] == {"DBInstanceIdentifier": "shop"}
    assert alarm.inputs["name"] == "live-db-cpu"


def test_alarms_of_a_component_are_called_by_the_set_and_the_preset():
    made = account_of(record(watch(), project="p"))
    assert [alarm.label for alarm in made.alarms] == ["db-cpu"]


def test_the_component_tells_the_severity_of_the_weight():
    topics = {"notify": TOPIC, "page": TOPIC.replace("alerts", "pages")}
    asked = {"topics": topics, "severities": {"low": "page"}, "default_severity": "notify"}
    alarm = record(watch(**asked), project="p").named("db-alarms-cpu")
    assert alarm.inputs["alarmActions"] == [topics["page"]]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "rdz"}, "Watch 'db': kind: there is no service 'rdz'"),
        ({"colour": "red"}, "Watch 'db': colour: is not known"),
        ({"off": []}, "Watch 'db': alarms.free-storage.of: give the allocated storage"),
        ({"severities": {"low": "page"}}, "Watch 'db': severities.low: there is no topic 'page'"),
        ({"severities": {"heavy": "notify"}}, "Watch 'db': severities.heavy: is no weight"),
    ],
)
def test_the_component_refuses_what_cannot_be(changes, said):
    with pytest.raises(ValueError) as refused:
        record(watch(**changes), project="p")
    assert said in str(refused.value)


def test_a_thousand_alarms_of_sets_are_written_out_quickly():
    start = time.process_time()
    for number in range(250):
        watch_set("stepfunctions", id=f"machine-{number}")
    assert time.process_time() - start < 0.5
