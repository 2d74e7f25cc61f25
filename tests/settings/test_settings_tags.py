"""Sets whose resources are found by tag: what a stack file may say, and what may be found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.resource import Resource
from alerting.settings import Settings, SettingsError
from alerting.settings.tagged import Found

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
SHOP = {"kind": "stepfunctions", "tags": {"team": "shop"}}
HERE = "us-east-1:123456789012"


def settings(shop=SHOP, region="us-east-1", **more):
    config = {
        "receivers": {"mail": {"protocol": "email", "endpoint": "oncall@example.com"}},
        "watch": {"shop": shop},
        **more,
    }
    return Settings.parse(config, stack="dev", place={**PLACE, "region": region})


def mistakes(shop, **more):
    with pytest.raises(SettingsError) as refused:
        settings(shop, **more)
    return [str(problem) for problem in refused.value.problems]


def machine(name):
    arn = f"arn:aws:states:{HERE}:stateMachine:{name}"
    return Resource(name, {"StateMachineArn": arn})


def found(*names, unknown=()):
    machines = tuple(map(machine, names))
    arns = tuple(one.dimensions["StateMachineArn"] for one in machines)
    return {"shop": Found(arns, machines, unknown)}


def refusal(listed, shop=SHOP, **more):
    with pytest.raises(SettingsError) as refused:
        settings(shop, **more).with_found(listed)
    return [str(problem) for problem in refused.value.problems]


def alarms(of):
    return of.alarms_args({"notify": TOPIC})["alarms"]


# What a stack file may say


def test_a_set_with_tags_asks_for_what_has_them():
    query = settings().queries["shop"]
    assert (query.kind, query.tags, query.most) == ("stepfunctions", {"team": "shop"}, 100)


def test_a_set_without_tags_asks_for_nothing():
    arn = f"arn:aws:states:{HERE}:stateMachine:a"
    assert settings({"kind": "stepfunctions", "id": arn}).queries == {}


def test_as_long_as_nothing_is_known_a_set_has_no_alarms():
    assert alarms(settings()) == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "x"}, "watch.shop: needs one of id, dimensions and tags, not several"),
        ({"dimensions": {}}, "watch.shop: needs one of id, dimensions and tags, not several"),
        ({"tags": {}}, "watch.shop.tags: name at least one: without, every resource"),
        (
            {"tags": {f"key-{number}": "x" for number in range(51)}},
            "watch.shop.tags: must be at most 50, got 51",
        ),
        ({"maxResources": 0}, "watch.shop.maxResources: must be at least 1, got 0"),
        ({"kind": "stepfunction"}, "watch.shop.kind: there is no service 'stepfunction'; did you"),
        ({"off": ["faild"]}, "watch.shop.off.faild: there is no preset 'stepfunctions.faild'"),
        (
            {"alarms": {"failed": {"name": "mine"}}},
            "watch.shop.alarms.failed.name: is that of one resource",
        ),
        (
            {"alarms": {"failed": {"formerly": "broken"}}},
            "watch.shop.alarms.failed.formerly: is that of one resource",
        ),
        (
            {"alarms": {"failed": {"dimensions": {"StateMachineArn": "x"}}}},
            "watch.shop.alarms.failed.dimensions: is that of one resource",
        ),
        (
            {"alarms": {"failed": {"datapoints": "3/2"}}},
            "watch.shop.alarms.failed.datapoints: must be",
        ),
        (
            {"kind": "lambda", "alarms": {"account-concurrency": {"of": 1000}}},
            "watch.shop.alarms.account-concurrency: is about nothing that is found by tag",
        ),
        (
            {"kind": "rds"},
            "watch.shop.alarms.free-storage.of: give the allocated storage in bytes",
        ),
        (
            {"kind": "s3"},
            "watch.shop.tags: s3 is not found by tag; give dimensions with BucketName",
        ),
        ({"kind": "billing"}, "watch.shop.tags: billing is not found by tag; give neither"),
        ({"off": ["failed", "timed-out", "throttled"]}, "watch.shop: no alarm to begin with"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_aws_is_asked(change, said):
    assert any(one.startswith(said) for one in mistakes({**SHOP, **change}))


@pytest.mark.parametrize("key", ["maxResources", "mayBeEmpty"])
def test_what_belongs_to_tags_is_refused_without_them(key):
    value = {"maxResources": 5, "mayBeEmpty": True}[key]
    said = mistakes({"kind": "sqs", "id": "jobs", key: value})
    assert f"watch.shop.{key}: belongs to tags; there are none" in said


def test_a_global_service_is_refused_outside_its_region():
    said = mistakes({"kind": "cloudfront", "tags": {"team": "shop"}}, region="eu-west-1")
    assert all("has its metrics in us-east-1 only, and this is eu-west-1" in one for one in said)
    assert said


# What is found


def test_each_resource_has_its_alarms_called_by_its_id():
    made = alarms(settings().with_found(found("orders", "bills")))
    keys = ("failed", "timed-out", "throttled")
    assert set(made) == {f"shop-{name}-{key}" for name in ("orders", "bills") for key in keys}
    assert made["shop-bills-failed"]["dimensions"] == machine("bills").dimensions


def test_every_resource_hears_what_the_set_says_otherwise():
    shop = {**SHOP, "off": ["throttled"], "alarms": {"failed": {"missing": "ignore"}}}
    made = alarms(settings(shop).with_found(found("orders", "bills")))
    assert set(made) == {
        f"shop-{n}-{k}" for n in ("orders", "bills") for k in ("failed", "timed-out")
    }
    assert {made[f"shop-{name}-failed"]["missing"] for name in ("orders", "bills")} == {"ignore"}


def test_severities_go_by_weight():
    shop = {**SHOP, "severities": {"high": "page"}}
    made = alarms(settings(shop, severities={"page": {}, "notify": {}}).with_found(found("orders")))
    assert made["shop-orders-failed"]["severity"] == "page"


def test_nothing_found_is_refused_with_the_way_to_let_it_pass():
    assert refusal(found()) == [
        "watch.shop.tags: match nothing: no resource of kind stepfunctions in this account and "
        "Region has team=shop; where that is right, say so with mayBeEmpty"
    ]


def test_nothing_found_can_be_right():
    assert alarms(settings({**SHOP, "mayBeEmpty": True}).with_found(found())) == {}


def test_too_many_are_refused_with_the_way_to_raise_the_limit():
    listed = {"shop": Found(tuple(f"arn-{number}" for number in range(5000)), ())}
    assert refusal(listed) == [
        "watch.shop.tags: match 5,000 resources, and at most 100 are watched; name more tags, or "
        "raise maxResources (each resource has all alarms of the set)"
    ]


def test_the_limit_can_be_raised():
    names = [f"machine-{number}" for number in range(150)]
    made = settings({**SHOP, "maxResources": 150}).with_found(found(*names))
    assert len(alarms(made)) == 450


def test_an_arn_that_says_too_little_is_refused_by_name():
    said = refusal(found("orders", unknown=("arn:aws:ecs:us-east-1:123456789012:service/web",)))
    assert said == [
        "watch.shop.tags: match arn:aws:ecs:us-east-1:123456789012:service/web, whose ARN does not "
        "say the dimensions of its metrics; take the tags off, and give dimensions in a set of its "
        "own"
    ]


def test_many_such_arns_are_counted():
    said = refusal(found("orders", unknown=tuple(f"arn-{number}" for number in range(9))))
    assert "match arn-0, arn-1, arn-2 and 6 more, whose ARN" in said[0]


def test_an_alarm_of_a_resource_that_is_called_as_another_is_refused():
    own = {"preset": "sqs.backlog", "dimensions": {"QueueName": "x"}}
    said = refusal(found("orders"), alarms={"shop-orders-failed": own})
    assert said == [
        "watch.shop.alarms.failed: is called shop-orders-failed, and so is another alarm"
    ]


def test_a_resource_whose_alarms_have_too_long_a_name_is_refused():
    said = refusal(found("x" * 250))
    assert said[0].startswith("watch.shop.alarms.failed.name: must be 1 to 255 characters")


def test_every_set_with_a_mistake_is_told_at_once():
    two = {"watch": {"one": SHOP, "two": SHOP}}
    with pytest.raises(SettingsError) as refused:
        settings(**two).with_found({"one": Found((), ()), "two": Found((), ())})
    assert [problem.path[1] for problem in refused.value.problems] == ["one", "two"]


def test_a_set_of_which_nothing_is_known_has_no_alarms_and_no_error():
    known = settings(watch={"one": SHOP, "two": SHOP}).with_found({"two": found("orders")["shop"]})
    assert {name.split("-")[0] for name in alarms(known)} == {"two"}
    assert {name: one["resources"] for name, one in known.watched.items()} == {
        "one": None,
        "two": ["orders"],
    }


names = st.lists(
    st.text(alphabet="abcXYZ019-_", min_size=1, max_size=60), min_size=1, max_size=8, unique=True
)


@given(names, names)
def test_a_resource_that_comes_or_goes_changes_no_alarm_of_another(before, after):
    first = alarms(settings().with_found(found(*before)))
    second = alarms(settings().with_found(found(*after)))
    stays = {f"shop-{name}-failed" for name in set(before) & set(after)}
    assert {name: first[name] for name in stays} == {name: second[name] for name in stays}
    assert stays == {name for name in first.keys() & second.keys() if name.endswith("-failed")}


def test_naming_an_alarm_that_is_found_by_tag_is_refused_with_the_reason():
    down = {"any": ["shop-orders-failed"]}
    assert mistakes(SHOP, alarms={"down": down}) == [
        "alarms.down.any.0: there is no alarm 'shop-orders-failed': the alarms of watch.shop are "
        "found by tag when the stack is deployed, and cannot be named by others"
    ]
