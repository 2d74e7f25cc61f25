"""How an alarm compares a datapoint with its limit."""

from enum import StrEnum


class Comparison(StrEnum):
    """An alarm's ComparisonOperator; the datapoint is the left operand.

    The first four compare with a fixed threshold, the last three with a band.
    """

    ABOVE_OR_AT = "GreaterThanOrEqualToThreshold"
    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"
    BELOW_OR_AT = "LessThanOrEqualToThreshold"
    OUTSIDE_BAND = "LessThanLowerOrGreaterThanUpperThreshold"
    BELOW_BAND = "LessThanLowerThreshold"
    ABOVE_BAND = "GreaterThanUpperThreshold"

    @property
    def of_band(self) -> bool:
        """Whether the limit is a band."""
        return self in (Comparison.OUTSIDE_BAND, Comparison.BELOW_BAND, Comparison.ABOVE_BAND)

    @property
    def sees_lower(self) -> bool:
        """Whether the lower edge of a band is looked at."""
        return self in (Comparison.OUTSIDE_BAND, Comparison.BELOW_BAND)

    @property
    def sees_upper(self) -> bool:
        """Whether the upper edge of a band is looked at."""
        return self in (Comparison.OUTSIDE_BAND, Comparison.ABOVE_BAND)

    @property
    def words(self) -> str:
        """How CloudWatch says it of a threshold: `greater than`, `less than or equal to`, ..."""
        return _WORDS[self]


_WORDS = {
    Comparison.ABOVE_OR_AT: "greater than or equal to",
    Comparison.ABOVE: "greater than",
    Comparison.BELOW: "less than",
    Comparison.BELOW_OR_AT: "less than or equal to",
    Comparison.OUTSIDE_BAND: "outside",
    Comparison.BELOW_BAND: "less than",
    Comparison.ABOVE_BAND: "greater than",
}
