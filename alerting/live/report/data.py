"""A verification as plain data."""

from typing import Any

from alerting.live.report.rows import alarm_label, counts, topic_label
from alerting.live.verify import Verification

VERSION = 1
"""Of the JSON form."""


def as_data(verification: Verification, *, found_by: str) -> dict[str, Any]:
    """Every route by itself; secret endpoints are nowhere in it."""
    seen = verification.look
    return {
        "version": VERSION,
        "stack": seen.declared.deployment.stack,
        "accountId": seen.connection.account_id,
        "region": seen.connection.region,
        "foundBy": found_by,
        "exitCode": verification.exit_code,
        "findings": [finding.as_data() for finding in seen.findings],
        "routes": [
            {
                "alarm": judged.route.alarm.label,
                "state": judged.route.state,
                "topic": judged.route.topic.label if judged.route.topic else None,
                "receiver": judged.route.receiver,
                "protocol": judged.route.protocol,
                "verdict": judged.verdict,
                "proved": judged.proved,
                "why": judged.why,
            }
            for judged in verification.routes
        ],
        "sent": [
            {
                "alarm": alarm_label(verification, proof.alarm),
                "state": proof.state,
                "topic": topic_label(verification, proof.topic),
                "arrived": proof.arrived,
                "why": proof.why,
                "seconds": round(proof.seconds, 1),
            }
            for proof in verification.proofs
        ],
        "notSent": [
            {"topic": topic_label(verification, topic), "why": why}
            for topic, why in verification.untried.items()
        ],
        "cannotTell": [{"about": what, "why": why} for what, why in seen.untold.items()],
        "counts": counts(verification),
    }
