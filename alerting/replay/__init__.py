"""Account and metric data in, state changes and notifications out."""

from alerting.replay.announcement import Announcement, Occasion
from alerting.replay.clock import first_seen
from alerting.replay.engine import Bands, evaluate, replay
from alerting.replay.history import Change, History, Replay, Skipped
from alerting.replay.holds import Ending, Hold, holds
from alerting.replay.metric import MetricKey, NotReplayableError, Watched, watched
from alerting.replay.notify import (
    Courier,
    Delivery,
    Notification,
    Telling,
    notifications,
    tellings,
)
from alerting.replay.recordings import read_recording, read_recordings
from alerting.replay.series import Series
from alerting.replay.table import Recording, RecordingError, WrongColumnsError
from alerting.replay.timeline import Timeline

__all__ = [
    "Announcement",
    "Bands",
    "Change",
    "Courier",
    "Delivery",
    "Ending",
    "History",
    "Hold",
    "MetricKey",
    "NotReplayableError",
    "Notification",
    "Occasion",
    "Recording",
    "RecordingError",
    "Replay",
    "Series",
    "Skipped",
    "Telling",
    "Timeline",
    "Watched",
    "WrongColumnsError",
    "evaluate",
    "first_seen",
    "holds",
    "notifications",
    "read_recording",
    "read_recordings",
    "replay",
    "tellings",
    "watched",
]
