"""Dashboards: moto takes any JSON as a body."""

from alerting.cloudwatch.dashboard import dashboard_name_problems
from alerting.cloudwatch.dashboard_format import body_problems, data_path
from alerting.rehearsal.gaps.call import Answer, Refusal, Request


class Dashboards:
    """PutDashboard refuses what is no dashboard; moto holds what is one."""

    service = "cloudwatch"

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {"PutDashboard": _put}


def _put(request: Request) -> None:
    """Moto holds it.

    Raises:
        Refusal: with what AWS's error has as `DashboardValidationMessages`.
    """
    params = request.params
    named = list(dashboard_name_problems("DashboardName", params["DashboardName"]))
    if named:
        raise Refusal("InvalidParameterValue", str(named[0]))
    found = body_problems(params["DashboardBody"])
    if found:
        told = "; ".join(f"{data_path(one) or '/'}: {one.message}" for one in found)
        raise Refusal("InvalidParameterInput", f"The dashboard body is invalid: {told}")
