"""What goes wrong in a state machine, at its making and in an execution."""


class DefinitionError(ValueError):
    """A definition says something that is wrong, or that is not known here."""


class StateError(Exception):
    """What fails a state: a name that Retry and Catch know it by, and the cause in words."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


class MissingPathError(StateError):
    """A path leads nowhere in the data of a state, which ends the execution."""

    def __init__(self, path: str) -> None:
        super().__init__("States.Runtime", f"nothing stands at {path}")
