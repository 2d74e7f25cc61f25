"""Account and metric data in, state changes and notifications out."""

from alerting.replay.clock import first_seen
from alerting.replay.engine import Bands, evaluate, replay
from alerting.replay.history import Change, History, Replay, Skipped
from alerting.replay.metric import MetricKey, NotReplayableError, Watched, watched
from alerting.replay.notify import Courier, Delivery, Notification, notifications
from alerting.replay.recordings import read_recording, read_recordings
from alerting.replay.series import Series
from alerting.replay.table import Recording, RecordingError, WrongColumnsError
from alerting.replay.timeline import Timeline

__all__ = [
    "Bands",
    "Change",
    "Courier",
    "Delivery",
    "History",
    "MetricKey",
    "NotReplayableError",
    "Notification",
    "Recording",
    "RecordingError",
    "Replay",
    "Series",
    "Skipped",
    "Timeline",
    "Watched",
    "WrongColumnsError",
    "evaluate",
    "first_seen",
    "notifications",
    "read_recording",
    "read_recordings",
    "replay",
    "watched",
]
