"""What moto lacks, in one place: the calls it does not implement, and where it answers wrongly.

Each gap is answered through botocore's hooks around a call, so that the request is still validated
against AWS's own API model. A test per gap fails once moto fills it.
"""

import functools
from typing import Any

from alerting.live.clients import Clients
from alerting.rehearsal.gaps.alarms import Alarms
from alerting.rehearsal.gaps.call import Gap, fill
from alerting.rehearsal.gaps.dashboards import Dashboards
from alerting.rehearsal.gaps.detectors import Detectors
from alerting.rehearsal.gaps.history import History
from alerting.rehearsal.gaps.logs import Logs
from alerting.rehearsal.gaps.metric_data import MetricData
from alerting.rehearsal.gaps.mute_rules import MuteRules
from alerting.rehearsal.gaps.publishing import Publishing
from alerting.rehearsal.gaps.stacks import Stacks
from alerting.rehearsal.gaps.subscriptions import Subscriptions
from alerting.rehearsal.gaps.tags import Tags

__all__ = ["Gaps"]


class Gaps:
    """Holds the state of what moto cannot hold, for one in-memory account."""

    def __init__(self, account_id: str, moto: Clients, filled: Clients) -> None:
        """Nothing is asked of the clients before the first request.

        Args:
            account_id: the account's.
            moto: gives clients of moto as it is.
            filled: gives clients whose gaps are filled.
        """
        moto = functools.cache(moto)  # making a client takes tens of milliseconds
        self.history = History()
        self.mute_rules = MuteRules(account_id)
        self.detectors = Detectors()
        self.stacks = Stacks(account_id, self.detectors)
        self.tags = Tags(account_id)
        self.subscriptions = Subscriptions(moto)
        self.logs = Logs(account_id, moto)
        self.metric_data = MetricData()
        publishing = Publishing(account_id, filled, self.history, self.mute_rules)
        self.alarms = Alarms(account_id, moto, self.history, publishing.run_actions)
        self._gaps: tuple[Gap, ...] = (
            self.tags,  # looks on, so it comes before those that answer
            self.alarms,
            self.history,
            self.mute_rules,
            Dashboards(),
            self.detectors,
            self.stacks,
            self.logs,
            self.subscriptions,
            self.metric_data,
        )

    def fill(self, client: Any, service: str) -> None:
        """Answer the calls moto cannot, on one client."""
        for gap in self._gaps:
            if gap.service == service:
                fill(client, gap)
        if service == self.metric_data.service:
            self.metric_data.serve(client)
