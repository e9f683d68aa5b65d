"""Turns an error into what a page says of it in Spanish: its title, and what can be done. Programs are told in English alone."""

from dataclasses import dataclass, replace

from kg.errors import (
    AnswerTooLarge,
    AnswerUnwritable,
    ContributionFaulty,
    ContributionUnknown,
    GraphProtected,
    GraphUnknown,
    HostNotAllowed,
    MoveForbidden,
    MoveImpossible,
    OntologyInconsistent,
    ParameterInvalid,
    ParkgError,
    QueryAborted,
    QueryMalformed,
    QueryTimeout,
    QueryTooLong,
    QueryUnknown,
    QueryUnsupported,
    ReportUnknown,
    RevisionAhead,
    RevisionPast,
    RevisionStale,
    RevisionUnknown,
    ServiceFailed,
    StoreDown,
    StoreUnavailable,
    StoreUnwritable,
    TooManyQueries,
    TooManyReports,
    UpdateFailed,
    UploadMalformed,
    WritingUnsupported,
)


@dataclass(frozen=True)
class Advice:
    """What a page says of an error in Spanish: a title, what to do, and what the links below it are called.

    whole: it says all that the English text does, so that a page can leave that out.
    """

    title: str
    to_do: str
    whole: bool = False
    links: tuple[str, ...] = ()


OF_CLASS: dict[type[ParkgError], Advice] = {
    QueryMalformed: Advice("La consulta no se puede leer", "Corrija la consulta en la línea y la columna que se indican abajo y "
                           "vuelva a enviarla."),
    UploadMalformed: Advice("Lo enviado no se puede leer", "Revise que los datos estén en el formato que dicen tener, corrija el "
                            "lugar que se indica abajo y vuelva a enviarlos."),
    GraphProtected: Advice("Ese grafo tiene una sola entrada", "Los datos publicados cambian solo por una contribución revisada: "
                           "empiece en «Contribuir»."),
    HostNotAllowed: Advice("A ese servidor no se le pregunta desde aquí", "Quite de la consulta la parte que pregunta a otro "
                           "servidor (SERVICE), o pregúntele a él directamente."),
    ServiceFailed: Advice("Falló otro servidor", "Otro servidor al que remite la consulta no dio una respuesta que sirva. Vuelva "
                          "a intentarlo más tarde, o quite esa parte (SERVICE)."),
    GraphUnknown: Advice("No existe ese grafo", "Revise el nombre; en /graph están todos los grafos."),
    RevisionStale: Advice("El grafo ha cambiado", "El cambio se preparó para otra revisión. Lea la actual, rehaga el cambio y "
                          "vuelva a enviarlo."),
    RevisionUnknown: Advice("No existe esa revisión", "Elija una de las que hay en «Qué cambió» (/revisions)."),
    RevisionAhead: Advice("Todavía no existe esa revisión", "Quite «revision» de la dirección para ver lo que vale hoy.",
                          links=("Lo mismo de la última revisión", "Todas las revisiones")),
    RevisionPast: Advice("A esa revisión no se le puede preguntar aquí", "Quite «revision» de la dirección para ver lo de hoy.",
                         links=("Lo mismo de la última revisión", "La revisión que nombra la dirección")),
    QueryUnknown: Advice("No existe esa pregunta", "Busque la que necesita entre todas las preguntas (/queries)."),
    ContributionUnknown: Advice("No existe esa contribución", "Revise la dirección; en «Contribuir» está la lista de "
                                "todas."),
    ReportUnknown: Advice("No existe ese aviso", "Revise la dirección que recibió al enviar el aviso: debe estar completa."),
    TooManyReports: Advice("Demasiados avisos", "Se enviaron muchos avisos en poco tiempo. Espere un poco y vuelva a enviar el "
                           "suyo; nada más hace falta."),
    ContributionFaulty: Advice("Hay algo que corregir", "Corrija lo que se indica abajo y vuelva a enviarlo; todavía no se "
                               "guardó nada."),
    OntologyInconsistent: Advice("Eso contradice lo que ya está", "Revise las afirmaciones que se indican abajo: no pueden ser "
                                 "todas ciertas a la vez. No se cambió nada."),
    MoveImpossible: Advice("No en este estado", "La contribución está en un estado en que eso no se puede hacer. Abra su página "
                           "para ver en cuál está y qué se puede hacer."),
    MoveForbidden: Advice("No con esta clave", "Hágalo con la clave de otra persona o de otro alcance; nadie revisa su propia "
                          "contribución."),
    UpdateFailed: Advice("Los grafos no están como la actualización los necesita", "Revise qué grafos hay (/graph) y adapte la "
                         "actualización. No se cambió nada."),
    QueryUnsupported: Advice("La consulta pide algo que aquí no se puede hacer", "Escriba la consulta sin la función que se "
                             "indica abajo."),
    QueryTooLong: Advice("La consulta es demasiado larga", "Acorte la consulta o repártala en varias."),
    AnswerTooLarge: Advice("La respuesta es demasiado grande", "Pida menos: ponga un LIMIT, agregue condiciones, o descargue "
                           "los datos completos en /download."),
    AnswerUnwritable: Advice("La respuesta no se puede escribir en este formato", "Pídala en otro de los formatos que se indican "
                             "abajo."),
    ParameterInvalid: Advice("Un valor no sirve", "Corrija o quite el valor que se indica abajo. En la página de cada pregunta "
                             "se puede elegir entre los valores que hay."),
    QueryTimeout: Advice("La consulta tardó demasiado", "Pida menos o con más condiciones y vuelva a intentarlo; lo que ya se "
                         "había encontrado no se muestra, porque estaría incompleto.", whole=True),
    QueryAborted: Advice("La consulta necesitó demasiado", "La consulta requirió más memoria o profundidad de la que puede "
                         "tener. Divídala o simplifíquela.", whole=True),
    TooManyQueries: Advice("Demasiadas consultas a la vez", "El servidor está ocupado. Vuelva a intentarlo en unos segundos.",
                           whole=True),
    StoreUnavailable: Advice("No hay un grafo al que preguntar", "El grafo todavía no está construido, o no se puede leer. "
                             "Vuelva a intentarlo más tarde.", whole=True),
    StoreUnwritable: Advice("El servidor no tiene espacio", "Lo enviado no se puede guardar: el disco está lleno o no se puede "
                            "escribir en él. No se cambió nada; vuelva a enviarlo cuando esté resuelto.", whole=True),
    StoreDown: Advice("El almacén no responde", "El almacén al que pregunta este servidor no responde, o está pasando a su "
                      "siguiente revisión. Vuelva a intentarlo en unos segundos; nada más hace falta.", whole=True),
    WritingUnsupported: Advice("Aquí no se cambia el grafo", "Este servidor solo responde. Abajo se indica qué se puede hacer."),
}
OF_STATUS = {
    400: Advice("La solicitud no se puede leer", "Revise la dirección o lo enviado según lo que se indica abajo."),
    401: Advice("Hace falta una clave", "Identifíquese con su clave: el navegador pide un nombre y una contraseña, y la clave es "
                "la contraseña. Quien administra el servidor las entrega.", whole=True),
    403: Advice("No está permitido", "Abajo se indica por qué. Si debería poder hacerlo, pida una clave con el alcance necesario "
                "a quien administra el servidor."),
    404: Advice("Aquí no hay nada", "Revise la dirección, búsquelo abajo o empiece por la primera página (/).", whole=True),
    405: Advice("Eso no se hace aquí", "Use la página o el formulario que lleva a esta dirección; abajo se indica qué acepta."),
    406: Advice("No existe en ese formato", "Pídalo en otro de los formatos que se indican abajo."),
    410: Advice("Fue retirado", "Estuvo en el grafo y se retiró; abajo se dice cuándo y por qué, y hay enlaces a lo que queda."),
    412: Advice("El grafo ha cambiado", "El cambio se preparó para otro estado. Lea el actual y vuelva a enviarlo."),
    413: Advice("Lo enviado es demasiado grande", "Envíe menos de una vez; abajo se indica cuánto se acepta."),
    414: Advice("La dirección es demasiado larga", "Envíe la consulta con POST en lugar de ponerla en la dirección."),
    415: Advice("Lo enviado no tiene un formato que se lea aquí", "Envíelo en uno de los formatos que se indican abajo."),
    416: Advice("Esa parte no existe", "Pida el archivo completo."),
    422: Advice("Un valor no sirve", "Corrija o quite el valor que se indica abajo."),
    429: Advice("Demasiadas solicitudes", "Espere unos segundos y vuelva a intentarlo.", whole=True),
    500: Advice("El servidor falló", "Es un fallo del servidor, no de su solicitud; quedó registrado. Vuelva a intentarlo y "
                "avise si ocurre otra vez.", whole=True),
    501: Advice("Aquí no se puede hacer", "Abajo se indica qué se puede hacer en su lugar."),
    503: Advice("El servidor está ocupado", "Vuelva a intentarlo en unos segundos.", whole=True),
}


def advice_on(error: Exception | None, status: int) -> Advice:
    """Return what a page says of an error in Spanish, by its class or else by the status of its answer."""
    found = next((OF_CLASS[one] for one in type(error).__mro__ if one in OF_CLASS), None) if error else None
    if found and (told := getattr(error, "spanish", "")):
        return replace(found, to_do=told, whole=True)
    return found or OF_STATUS.get(status) or OF_STATUS[500 if status >= 500 else 400]
