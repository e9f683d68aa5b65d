"""Every error of the project. Each is named for its fault and says what was wrong, where, and what to do."""

from collections.abc import Mapping


class ParkgError(Exception):
    """The root of all errors that the project raises on purpose; its text is fit for a user to read."""


class SourceUnreadable(ParkgError):
    """A file that the graph is built from cannot be read; names file, line and column."""


class ShapesViolated(ParkgError):
    """The data do not have the shape that they should; carries the report."""


class OntologyInconsistent(ParkgError):
    """What is stated contradicts the ontology; names the contradiction."""


class ReasonerUnavailable(ParkgError):
    """The reasoner cannot run, so that nothing is known about consistency."""


class QueryMalformed(ParkgError):
    """A query is not SPARQL, or asks for what is not served; line and column count from 1, 0 is unknown."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryUnsupported(ParkgError):
    """A query or an update is SPARQL, and asks for what the engine cannot do, such as a function that it does not have."""


class UpdateFailed(ParkgError):
    """An update is SPARQL, and the graphs are not as it needs them; nothing was changed."""


class QueryTooLong(ParkgError):
    """A query has more text than a query may have."""


class AnswerTooLarge(ParkgError):
    """An answer is larger than what it was to be shown in can hold; nothing of it is given."""


class AnswerUnwritable(ParkgError):
    """An answer holds what the format asked for cannot; says which formats can."""


class QueryFileMalformed(ParkgError):
    """A file of the catalogue breaks the rules of its header; names file and line."""


class QueryUnknown(ParkgError):
    """The catalogue has no query of that name; suggests near ones."""


class ParameterInvalid(ParkgError):
    """A value given to a query of the catalogue, or to a page, is not of the type of its parameter.

    spanish: the same in Spanish, for pages; empty where it is told in English alone. given: the parameter and its value; instead:
    values that would do, each with its name, where they can be offered.
    """

    def __init__(self, message: str, spanish: str = "", given: tuple[str, str] = ("", ""),
                 instead: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.spanish = spanish
        self.given = given
        self.instead = instead or {}


class QueryTimeout(ParkgError):
    """A query ran into its time limit and was ended; nothing of its answer is given."""


class QueryAborted(ParkgError):
    """A query needed more memory or depth than it may have and was ended; nothing of its answer is given."""


class TooManyQueries(ParkgError):
    """All readers are busy and stayed so for as long as a query may wait."""


class StoreUnavailable(ParkgError):
    """The data folder cannot be opened, written or locked."""


class EndpointFailed(ParkgError):
    """Another server gave no answer, or an error or a redirect; status: that of its answer, 0 for none.

    challenge: how it wants to be told who asks, where that is what was wrong.
    """

    def __init__(self, message: str, status: int = 0, challenge: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.challenge = challenge


class HostNotAllowed(ParkgError):
    """A query or an update names a host that this server does not ask."""


class ServiceFailed(ParkgError):
    """A host that a query or an update may ask gave nothing that can be used."""


class StoreUnwritable(ParkgError):
    """What a request sends cannot be kept, for want of room or rights; nothing was changed. Its text is for the log."""


class StoreDown(StoreUnavailable):
    """The store that is not ours does not answer, refuses, or is being brought from one revision to the next."""


class WritingUnsupported(ParkgError):
    """A change that the store which is served cannot be given; says what can be done."""


class UploadMalformed(ParkgError):
    """A body is not RDF of the format that it claims; line and column count from 1, 0 is unknown."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class GraphProtected(ParkgError):
    """A change touches a graph that has one way in, and this is not it."""


class GraphUnknown(ParkgError):
    """There is no graph of that name."""


class RevisionStale(ParkgError):
    """A change was meant for another revision than the one that is served."""


class RevisionUnknown(ParkgError):
    """There is no revision of that number, or it cannot be had any more."""


class RevisionAhead(RevisionUnknown):
    """An address names a revision that is yet to come; newest: the one that is served; spanish: the same in Spanish."""

    def __init__(self, number: int, newest: int) -> None:
        super().__init__(f"Revision {number} is yet to come: the newest is {newest}. Leave revision out of the address for what "
                         "holds now; /revisions lists those that there were.")
        self.spanish = (f"La revisión {number} está por venir: la última es la {newest}. Quite «revision» de la dirección para "
                        "ver lo que vale hoy; en «Qué cambió» (/revisions) están todas las que hubo.")


class RevisionPast(ParkgError):
    """An address names a revision that others have followed, and that cannot be asked here.

    number: of that revision; spanish: the same in Spanish.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"Revision {number} cannot be asked here: not all that changed since is kept beside the graph that is "
                         f"served. Leave revision out of the address for what holds now; /revisions/{number} tells what is kept "
                         "of it.")
        self.spanish = (f"A la revisión {number} no se le puede preguntar aquí: junto al grafo que se sirve no se guarda todo lo "
                        "que cambió desde entonces. Quite «revision» de la dirección para ver lo que vale hoy; en "
                        f"/revisions/{number} está lo que se guarda de ella.")
        self.number = number


class TokenUnknown(ParkgError):
    """There is no token of that name, or there is one already."""


class SettingInvalid(ParkgError):
    """A setting has a value that it cannot have."""


class ContributionUnknown(ParkgError):
    """There is no contribution, or no version of one, of that name."""


class ContributionFaulty(ParkgError):
    """What was sent has findings that must be mended before it can be kept; carries the findings."""

    def __init__(self, message: str, findings: list[dict[str, object]]) -> None:
        super().__init__(message)
        self.findings = findings


class ServerRefused(ParkgError):
    """The server that serves a folder refused what a command asked of it; in its words."""


class ReportUnknown(ParkgError):
    """There is no report of that name."""


class TooManyReports(ParkgError):
    """More reports came than may; retry_after_s: in how many seconds one may be sent again."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class MoveImpossible(ParkgError):
    """A contribution is in a state in which that cannot be done with it."""


class MoveForbidden(ParkgError):
    """Somebody may not do that with a contribution, such as review their own."""
