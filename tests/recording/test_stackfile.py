"""Stack files read offline, as the engine would hand them over."""

import pytest

from alerting.sns.limits import Protocol, endpoint_problems
from alerting.stackfile import StackFileError, read_stack

PROJECT = """\
name: shop
runtime: python
config:
  topicName: {type: string, default: "{stack}-alerts"}
  receivers: {type: object, default: {}}
  aws:region: {value: eu-west-1}
  plain: as it is
"""


@pytest.fixture
def write(tmp_path):
    """Writes a project with one stack, dev, and reads it."""

    def make(stack="config: {}\n", project=PROJECT):
        (tmp_path / "Pulumi.yaml").write_text(project, encoding="utf-8")
        (tmp_path / "Pulumi.dev.yaml").write_text(stack, encoding="utf-8")
        return tmp_path

    return make


def refusal(folder, stack="dev"):
    with pytest.raises(StackFileError) as refused:
        read_stack(stack, folder)
    return str(refused.value).replace(f"{folder}/", "")


def test_defaults_and_values_come_from_the_project(write):
    assert read_stack("dev", write()).config == {
        "shop:topicName": "{stack}-alerts",
        "shop:receivers": {},
        "aws:region": "eu-west-1",
        "shop:plain": "as it is",
    }


def test_the_stack_knows_better_than_the_project(write):
    folder = write("config:\n  shop:topicName: mine\n  aws:region: us-east-1\n")
    config = read_stack("dev", folder).config
    assert (config["shop:topicName"], config["aws:region"]) == ("mine", "us-east-1")


def test_it_knows_its_names_and_its_program(write):
    folder = write()
    file = read_stack("dev", folder)
    assert (file.stack, file.project) == ("dev", "shop")
    assert file.program == folder / "__main__.py"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("3", 3),
        ("3.0", 3.0),
        ("1e3", 1000.0),
        (".nan", "nan"),
        ('"3"', "3"),
        ("1/1", "1/1"),
        ("i-1234567890abcdef0", "i-1234567890abcdef0"),
        ("+15550100", 15550100),
        ('"+15550100"', "+15550100"),
        ("12:30", "12:30"),
        ('"2024-05-01"', "2024-05-01"),
        ("2024-05-01", "2024-05-01 00:00:00 +0000 UTC"),  # as the engine prints what YAML reads
        ("2024-05-01 20:00:00", "2024-05-01 20:00:00 +0000 UTC"),
        ("2024-05-01 20:00:00.5", "2024-05-01 20:00:00.5 +0000 UTC"),
        ("2024-05-01T20:00:00Z", "2024-05-01 20:00:00 +0000 UTC"),
        ("2024-05-01T20:00:00+01:00", "2024-05-01 20:00:00 +0100 +0100"),
        ("2024-05-01T20:00:00", "2024-05-01T20:00:00"),
        ("2024-05-01T20:00", "2024-05-01T20:00"),
        ("größe", "größe"),
    ],
)
def test_values_are_read_by_yaml_1_2(text, value, write):
    read = read_stack("dev", write(f"config:\n  shop:x: {text}\n")).config["shop:x"]
    assert (str(read) if text == ".nan" else read) == value
    assert type(read) in (bool, int, float, str, type(None))


def test_maps_and_lists_are_plain_and_sorted_like_the_engines(write):
    read = read_stack("dev", write("config:\n  shop:x: {b: [1, {d: 2, c: 3}], a: no}\n"))
    value = read.config["shop:x"]
    assert value == {"a": "no", "b": [1, {"c": 3, "d": 2}]}
    assert list(value) == ["a", "b"]
    assert type(value) is dict
    assert type(value["b"]) is list


def test_anchors_and_merges_are_followed(write):
    stack = "config:\n  shop:x: &x {a: 1, b: 2}\n  shop:y:\n    <<: *x\n    b: 3\n"
    assert read_stack("dev", write(stack)).config["shop:y"] == {"a": 1, "b": 3}


def test_a_secrets_key_is_noted_and_its_value_is_not_known(write):
    file = read_stack("dev", write("config:\n  shop:phone: {secure: 'v1:abc'}\n"))
    assert file.config["shop:phone"] == "secret"
    assert file.secret_keys == {"shop:phone"}


@pytest.mark.parametrize("protocol", list(Protocol))
def test_what_stands_in_for_a_secret_endpoint_has_the_form_of_one(protocol, write):
    receivers = f"{{x: {{protocol: {protocol}, endpoint: {{secret: on.call}}}}}}"
    secret = "{secure: v1:abc}"
    stack = f"config:\n  shop:receivers: {receivers}\n  shop:on.call: {secret}\n"
    file = read_stack("dev", write(stack))
    assert list(endpoint_problems(protocol, file.config["shop:on.call"], "eu-west-1")) == []
    assert file.secret_keys == {"shop:on.call"}


def test_a_plain_value_has_no_stand_in(write):
    receivers = "{x: {protocol: sms, endpoint: {secret: phone}}}"
    stack = f"config:\n  shop:receivers: {receivers}\n  shop:phone: oops\n"
    assert read_stack("dev", write(stack)).config["shop:phone"] == "oops"


@pytest.mark.parametrize(
    "receivers", ["[a]", "{x: 1}", "{x: {endpoint: {secret: [a]}}}", "{x: {endpoint: {}}}", "~"]
)
def test_receivers_of_the_wrong_shape_are_left_to_the_settings(receivers, write):
    stack = f"config:\n  shop:receivers: {receivers}\n  shop:x: {{secure: v1:abc}}\n"
    assert read_stack("dev", write(stack)).config["shop:x"] == "secret"


@pytest.mark.parametrize(
    "section",
    [
        "{phone: {endpoint: {secure: v1:abc}}}",
        "[{secure: v1:abc}]",
        "{mail: {protocol: email}, phone: [{endpoint: {secure: v1:abc}}]}",
    ],
)
def test_a_secret_inside_a_section_is_refused_with_its_line(section, write):
    said = refusal(write(f"config:\n  aws:region: us-east-1\n  shop:receivers: {section}\n"))
    assert said == (
        "Pulumi.dev.yaml:3: a secret inside shop:receivers would come out in clear; give the "
        "endpoint as {secret: KEY} and set KEY with `pulumi config set --secret KEY`"
    )


def test_a_stack_there_is_not_is_refused_with_those_there_are(write):
    folder = write()
    (folder / "Pulumi.prod.yaml").write_text("config: {}\n")
    said = refusal(folder, "stage")
    assert said == ("Pulumi.stage.yaml: there is no stack 'stage'; the stacks here are: dev, prod")


def test_a_folder_without_a_project_is_refused(tmp_path):
    said = refusal(tmp_path)
    assert said == "Pulumi.yaml: there is no such file; run this in the project's folder"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [\n", "Pulumi.dev.yaml:2: not YAML: "),
        (
            "config:\n  shop:x: 1\n  shop:x: 2\n",
            "Pulumi.dev.yaml:3: not YAML: the key shop:x stands twice (lines 2, 3)",
        ),
        ("config:\n  shop:x: *nothing\n", "Pulumi.dev.yaml:2: not YAML: found undefined alias"),
        ("config:\n\tshop:x: 1\n", "Pulumi.dev.yaml:2: not YAML: "),
        ("config:\n  shop:x: a\x07b\n", "Pulumi.dev.yaml: "),
        ("just text\n", "Pulumi.dev.yaml: must be a map with the key config"),
        ("- a\n", "Pulumi.dev.yaml: must be a map with the key config"),
        ("encryptionsalt: v1\nconfig: text\n", "Pulumi.dev.yaml:2: config must be a map"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_line(text, said, write):
    assert refusal(write(text)).startswith(said)


def test_a_key_that_stands_twice_is_refused_without_its_values(write):
    folder = write("config:\n  shop:x:\n    a: hush\n    b: 1\n    a: quiet\n")
    assert refusal(folder) == ("Pulumi.dev.yaml:5: not YAML: the key a stands twice (lines 3, 5)")


def test_a_file_that_is_not_utf_8_is_refused(write):
    folder = write()
    (folder / "Pulumi.dev.yaml").write_bytes(b"config: {shop:x: \xff}\n")
    assert refusal(folder).startswith("Pulumi.dev.yaml: ")


@pytest.mark.parametrize("key", ["shop:receivers", "receivers", "shpo:receivers", "aws:region"])
def test_a_key_of_the_config_that_stands_beside_it_is_refused(key, write):
    folder = write(f"config:\n  shop:topicName: x\n{key}: {{}}\n")
    assert refusal(folder) == (
        f"Pulumi.dev.yaml:3: {key} stands beside config, where nobody reads it; move it into config"
    )


def test_what_a_stack_file_says_to_the_engine_is_nothing_of_ours(write):
    project = "name: shop\nconfig: {environment: {default: live}}\n"
    folder = write("environment: [base]\nencryptionsalt: v1\nconfig: {}\n", project)
    assert read_stack("dev", folder).config == {"shop:environment": "live"}


def test_a_project_of_another_form_is_refused(write):
    folder = write(project="name: shop\nconfig: [a]\n")
    assert refusal(folder) == "Pulumi.yaml:2: config must be a map"


def test_a_project_without_a_name_is_refused(write):
    assert refusal(write(project="runtime: python\n")) == "Pulumi.yaml: has no name"


def test_a_stack_may_say_nothing_at_all(write):
    assert read_stack("dev", write("")).config["shop:topicName"] == "{stack}-alerts"


STACK = """\
config:
  shop:topicName: x
  shop:alarms:
    cpu: &cpu
      metric: {name: CPUUtilization,
               period: 45}
    other:
      <<: *cpu
    listed: [a, b]
  shpo:receivers: {}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("topicName",), 2),
        (("alarms",), 3),
        (("alarms", "cpu"), 4),
        (("alarms", "cpu", "metric", "period"), 6),
        # What is not there is looked for where it would have to be.
        (("alarms", "cpu", "threshold"), 4),
        (("alarms", "none"), 3),
        (("alarms", "listed", "0"), 9),
        # What was merged in stands where it was merged, its parts where they are written.
        (("alarms", "other", "metric"), 7),
        (("alarms", "other", "metric", "period"), 6),
        (("receivers",), None),
        (("shpo:receivers",), 10),
    ],
)
def test_the_line_of_a_config_path(path, line, write):
    assert read_stack("dev", write(STACK)).line_of(path) == line
