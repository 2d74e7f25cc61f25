"""Rules about dashboards."""

from collections.abc import Iterator

from alerting.account import Item, Kind, Unknown
from alerting.cloudwatch.dashboard import dashboard_name_problems
from alerting.cloudwatch.dashboard_format import alarm_arns, body_problems, data_path
from alerting.delivery.paths import Paths
from alerting.delivery.requests import place
from alerting.delivery.rules.rule import Found, Level, listed, rule


@rule(
    "dashboard-refused",
    Level.ERROR,
    why="The body is JSON that only CloudWatch reads, at the end of a deployment.",
    consequence="CloudWatch refuses the dashboard (DashboardValidationMessages).",
    fix="Keep to the documented form.",
    source="CloudWatch API reference, PutDashboard, and Dashboard body structure and syntax",
)
def dashboard_refused(paths: Paths) -> Iterator[Found]:
    """A dashboard whose name or body CloudWatch does not take."""
    for dashboard in paths.account.of(Kind.DASHBOARD):
        for problem in dashboard_name_problems("name", dashboard.get("DashboardName")):
            yield Found(dashboard, f"The {problem.path[0]} of {dashboard.label} {problem.message}.")
        body = dashboard.get("DashboardBody")
        for problem in () if isinstance(body, Unknown) else body_problems(body):
            where = f" at {data_path(problem)}" if problem.path else ""
            yield Found(dashboard, f"The body of {dashboard.label}{where} {problem.message}.")


@rule(
    "dashboard-alarm-missing",
    Level.NOTE,
    why="The alarm was renamed or deleted, or its ARN is misspelt.",
    consequence="CloudWatch takes the dashboard and shows an empty place where the alarm would be.",
    fix="Take the alarm off the dashboard, or name the right one.",
    source="CloudWatch API reference, Dashboard body structure and syntax (CloudWatch does not "
    "check that alarms exist: not documented, and taken from its alarm actions)",
)
def dashboard_alarm_missing(paths: Paths) -> Iterator[Found]:
    """A dashboard that shows an alarm which does not exist."""
    if not paths.account.whole:
        return  # what is not in the picture may well exist
    for dashboard in paths.account.of(Kind.DASHBOARD):
        missing = _missing(paths, dashboard)
        if missing:
            yield Found(dashboard, f"{dashboard.label} shows {listed(missing)}, not to be found.")


def _missing(paths: Paths, dashboard: Item) -> list[str]:
    """Names of the alarms that would be in this account and Region, and are not."""
    account, body = paths.account, dashboard.get("DashboardBody")
    home = account.account_id, account.region
    return [
        arn.split(":alarm:", 1)[-1]
        for arn in ([] if isinstance(body, Unknown) else alarm_arns(body))
        if (place(account, arn).account, place(account, arn).region) == home
        and not account.find(Kind.ALARM, arn)
        and arn not in account.unreadable
    ]


RULES = (dashboard_refused, dashboard_alarm_missing)
