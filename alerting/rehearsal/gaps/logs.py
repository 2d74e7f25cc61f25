"""Detectors of odd log events, which moto has none of, and metric filters, which it doubles."""

import uuid
from typing import Any

from alerting.live.clients import Clients
from alerting.rehearsal.gaps.call import Answer, Refusal, Request, now, page


class Logs:
    """The calls of CloudWatch Logs that an alerting stack makes."""

    service = "logs"

    def __init__(self, account_id: str, moto: Clients) -> None:
        self._account, self._moto = account_id, moto
        self._held: dict[str, dict[str, dict[str, Any]]] = {}
        """Detectors by Region and ARN."""
        self.answers: dict[str, Answer] = {
            "PutMetricFilter": self._put_filter,
            "CreateLogAnomalyDetector": self._create,
            "GetLogAnomalyDetector": self._get,
            "UpdateLogAnomalyDetector": self._update,
            "DeleteLogAnomalyDetector": self._delete,
            "ListLogAnomalyDetectors": self._list,
        }

    def _put_filter(self, request: Request) -> None:
        """Takes away the filter of that name, beside which moto would put the new one."""
        moto = self._moto("logs", request.region)
        where = {name: request.params[name] for name in ("logGroupName", "filterName")}
        group, name = where["logGroupName"], where["filterName"]
        held = moto.describe_metric_filters(logGroupName=group, filterNamePrefix=name)
        if any(one["filterName"] == name for one in held["metricFilters"]):
            moto.delete_metric_filter(**where)

    def _create(self, request: Request) -> dict[str, Any]:
        params = request.params
        groups = params["logGroupArnList"]
        if len(groups) != 1:
            raise Refusal("InvalidParameterException", "a detector watches one log group")
        arn = f"arn:aws:logs:{request.region}:{self._account}:anomaly-detector:{uuid.uuid4()}"
        stamp = int(now().timestamp() * 1000)
        self._held.setdefault(request.region, {})[arn] = {
            **{key: value for key, value in params.items() if key != "tags"},
            "anomalyDetectorArn": arn,
            "anomalyDetectorStatus": "INITIALIZING",
            "creationTimeStamp": stamp,
            "lastModifiedTimeStamp": stamp,
        }
        if params.get("tags"):
            client = self._moto("logs", request.region)
            client.tag_resource(resourceArn=arn, tags=params["tags"])
        return {"anomalyDetectorArn": arn}

    def _get(self, request: Request) -> dict[str, Any]:
        detector = self._one(request)
        return {key: value for key, value in detector.items() if key != "anomalyDetectorArn"}

    def _update(self, request: Request) -> dict[str, Any]:
        detector = self._one(request)
        changed = ("evaluationFrequency", "filterPattern", "anomalyVisibilityTime")
        detector |= {key: request.params[key] for key in changed if key in request.params}
        paused = detector["anomalyDetectorStatus"] == "PAUSED"
        if not request.params["enabled"]:
            detector["anomalyDetectorStatus"] = "PAUSED"
        elif paused:
            detector["anomalyDetectorStatus"] = "INITIALIZING"
        return {}

    def _delete(self, request: Request) -> dict[str, Any]:
        arn = self._one(request)["anomalyDetectorArn"]
        del self._held[request.region][arn]
        return {}

    def _list(self, request: Request) -> dict[str, Any]:
        group = request.params.get("filterLogGroupArn")
        found = [
            detector
            for detector in self._held.get(request.region, {}).values()
            if group in (None, *detector["logGroupArnList"])
        ]
        shown, more = page(found, request, "limit", next_key="nextToken")
        return {"anomalyDetectors": shown, **more}

    def _one(self, request: Request) -> dict[str, Any]:
        arn = request.params["anomalyDetectorArn"]
        try:
            return self._held[request.region][arn]
        except KeyError:
            raise Refusal("ResourceNotFoundException", f"there is no detector {arn}") from None
