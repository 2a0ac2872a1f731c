"""Use cases: learn and score by night or when asked to, take a table out, forget who does not want to be profiled."""

from shuke.domains.predictions.service.exporting import Taken, taken_out
from shuke.domains.predictions.service.nights import retrain, sweep_predictions
from shuke.domains.predictions.service.willing import forget, forget_unwilling

__all__ = ["Taken", "forget", "forget_unwilling", "retrain", "sweep_predictions", "taken_out"]
