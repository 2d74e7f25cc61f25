"""Is someone listening? For the tests of programs of your own, whatever they are made of.

    from alerting.testing import assert_someone_listens, record, rehearse

    def test_someone_listens():
        assert_someone_listens(record("__main__.py", config={"aws:region": "us-east-1"}))

    def test_a_busy_hour_tells_the_mail_box():
        fed = rehearse("__main__.py", stack="dev").feed(alarm="cpu-high", values="95 for 1h")
        assert [told.state for told in fed.told("oncall-mail")] == ["ALARM"]

Nothing is deployed, and no cloud is asked.
"""

from collections.abc import Iterable, Iterator

from alerting.account import Account, Deployment, account_of
from alerting.cloudwatch import State
from alerting.delivery import Level, Outcome, Route, findings, routes
from alerting.delivery.composites import composite_steps, used_by_others
from alerting.explain.topics import first_stop, topic_names
from alerting.recording import RecordingError, record
from alerting.scenarios.fluent import Rehearsal, rehearse

__all__ = ["RecordingError", "Rehearsal", "assert_someone_listens", "record", "rehearse"]


def assert_someone_listens(deployment: Deployment, *, allow_unknown: bool = False) -> None:
    """Assert that what every alarm tells reaches its receivers.

    A receiver that has yet to confirm counts as listening, and so does one whose filter drops some
    messages on purpose. A secret mail address, phone number or URL is taken to be right.

    Args:
        deployment: What `record` returned.
        allow_unknown: Let paths pass that cannot be told from here: what a preview does not know
            yet; queues, functions, topics and keys that are given by their ARN alone.

    Raises:
        AssertionError: There is no alarm; or it names every error, every broken path and, unless
            they are let pass, every path that cannot be told.
    """
    __tracebackhide__ = True  # pytest then points at the test
    account = account_of(deployment)
    if not account.alarms:
        raise AssertionError("the deployment declares no alarm: there is nothing to listen to")
    paths, names = routes(account), topic_names(deployment, account)
    errors = [str(finding) for finding in findings(account) if finding.level is Level.ERROR]
    broken = list(_paths(_broken(account, paths), names))
    doubts: list[str] = []
    if not allow_unknown:
        doubts = [*_paths((r for r in paths if r.outcome is Outcome.CANNOT_TELL), names)]
        doubts += _composites(account)
    parts = [
        *errors,
        *_block("broken, so that nobody is told:", broken),
        *_block("cannot be told from here (allow_unknown=True lets it pass):", doubts),
    ]
    if parts:
        raise AssertionError("\n\n".join(["not everybody who should is told", *parts]))


def _broken(account: Account, paths: Iterable[Route]) -> Iterator[Route]:
    """The broken routes, without those of alarms that speak through a composite."""
    parts = used_by_others(account)
    for route in paths:
        step = route.deciding
        exempt = step and step.rule == "alarm-actions-off" and id(route.alarm) in parts
        if route.outcome is Outcome.BROKEN and not exempt:
            yield route


def _paths(found: Iterable[Route], names: dict[str, str]) -> Iterator[str]:
    """`cpu-high → alerts → oncall-mail (email), of ALARM and OK: why`, a line a path."""
    states: dict[tuple[str, str], list[State]] = {}
    for route in found:
        receiver = f"{route.receiver} ({route.protocol})" if route.protocol else route.receiver
        path = f"{route.alarm.label} → {first_stop(route, names)} → {receiver}"
        states.setdefault((path, route.why), []).append(route.state)
    for (path, why), told in states.items():
        yield f"{path}, of {' and '.join(dict.fromkeys(told))}: {why}"


def _composites(account: Account) -> Iterator[str]:
    for alarm, step in composite_steps(account):
        if step.outcome is Outcome.CANNOT_TELL:
            yield f"{alarm.label}: {step.why}"


def _block(head: str, lines: list[str]) -> list[str]:
    return ["\n  ".join([head, *lines])] if lines else []
