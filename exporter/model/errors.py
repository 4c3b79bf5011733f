"""What keeps us from going on: one class per cause, each with its exit code, its title and an advice."""

from __future__ import annotations


class ExporterError(Exception):
    """
    Something keeps us from going on.

    The message says what is wrong and where, the advice what to do now. Exit codes are listed in docs/errors.md.
    """

    exit_code = 1
    title = "The export stopped"

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class WrongInputs(ExporterError):
    """An input is missing, contradicts another or has a value that we do not know."""

    exit_code = 2
    title = "The inputs need a correction"


class NotExportable(ExporterError):
    """The definition cannot be exported: it cannot be read, or no connector can be made of it."""

    exit_code = 3
    title = "The definition cannot be exported"


class SignInRefused(ExporterError):
    """Microsoft Entra ID, or the environment, did not accept who we are."""

    exit_code = 4
    title = "Sign-in was refused"


class ServiceRefused(ExporterError):
    """A service understood what we asked and said no."""

    exit_code = 5
    title = "The service refused"


class EditedByHand(ExporterError):
    """The live connector is not what the record says: drift."""

    exit_code = 6
    title = "The live connector was edited by hand"


class ServiceFailed(ExporterError):
    """A service or the network failed, also after retries."""

    exit_code = 7
    title = "The service or the network failed"


class CannotWrite(ExporterError):
    """The workspace or a runner file cannot be written."""

    exit_code = 8
    title = "The files cannot be written"


class NotAllowed(ExporterError):
    """The export would do what it does only when it is told to by name."""

    exit_code = 9
    title = "The export must be allowed by name"


class StoppedByFailOn(ExporterError):
    """What the input `fail-on` names is there."""

    exit_code = 1
    title = "Stopped by fail-on"
