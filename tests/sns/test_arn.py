"""Amazon Resource Names, taken apart."""

import pytest

from alerting.sns.arn import Arn, parse_arn


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "arn:aws:sns:us-east-1:123456789012:alerts",
            ("aws", "sns", "us-east-1", "123456789012", "alerts"),
        ),
        (
            "arn:aws-us-gov:iam::123456789012:role/path/name",
            ("aws-us-gov", "iam", "", "123456789012", "role/path/name"),
        ),
        (
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            ("aws", "iam", "", "aws", "policy/ReadOnlyAccess"),
        ),
        (
            "arn:aws:automate:us-east-1:ec2:reboot",
            ("aws", "automate", "us-east-1", "ec2", "reboot"),
        ),
        (
            "arn:aws:lambda:us-east-1:123456789012:function:f:live",
            ("aws", "lambda", "us-east-1", "123456789012", "function:f:live"),
        ),
    ],
)
def test_an_arn_has_five_parts(text, parts):
    arn = parse_arn(text)
    assert arn == Arn(*parts)
    assert str(arn) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alerts",
        "arn:aws:sns:us-east-1:123456789012",
        "arn:aws:sns:us-east-1:123456789012:",
        "arn:aws:sns:us-east-1:12345:alerts",
        "arn:aws:sns:us-east-1:١٢٣٤٥٦٧٨٩٠١٢:alerts",
        "arn:other:sns:us-east-1:123456789012:alerts",
        " arn:aws:sns:us-east-1:123456789012:alerts",
        "arn:aws:sns:us-east-1:123456789012:alerts\n",
    ],
)
def test_other_text_is_no_arn(text):
    assert parse_arn(text) is None
