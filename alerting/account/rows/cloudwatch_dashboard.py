"""Dashboards, which are of the account and not of a Region."""

from alerting.account.model import Unknown
from alerting.account.row import Call, Declared, Done, Row, Steps


def _put(r: Declared, name: object) -> Call:
    params = {"DashboardName": name, "DashboardBody": r.get("dashboardBody")}
    return Call("cloudwatch", "put_dashboard", params)


def _create(r: Declared) -> Steps:
    name = r.get("dashboardName")
    yield _put(r, name)
    arn = f"arn:{r.partition}:cloudwatch::{r.account_id}:dashboard/{name}"
    return {"id": name, "dashboardArn": Unknown((r.urn,)) if isinstance(name, Unknown) else arn}


def _read(r: Declared) -> Steps:
    found = yield Call("cloudwatch", "get_dashboard", {"DashboardName": r.id})
    return {
        "dashboardName": found["DashboardName"],
        "dashboardBody": found["DashboardBody"],
        "dashboardArn": found["DashboardArn"],
    }


def _update(old: Declared, new: Declared) -> Done:
    """Puts the whole dashboard."""
    yield _put(new, old.id)


def _delete(r: Declared) -> Done:
    yield Call("cloudwatch", "delete_dashboards", {"DashboardNames": [r.id]})


DASHBOARD = Row(
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    replaced_by=frozenset({"dashboardName", "region"}),
)
