"""How alarms would have behaved: many replays of a metric's past, counted and compared."""

from alerting.backtest.advice import Advice
from alerting.backtest.cell import Cell
from alerting.backtest.choice import Choice
from alerting.backtest.incidents import Score
from alerting.backtest.trial import Alarm, Outcome, Trial, run

__all__ = ["Advice", "Alarm", "Cell", "Choice", "Outcome", "Score", "Trial", "run"]
