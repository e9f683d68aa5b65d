"""Turns what an operation of the API does into the same in Spanish, for the page that lists them."""

_SPANISH = {
    "Ask a query; without one, the service description or an editor":
        "Hacer una consulta; sin ella, la descripción del servicio o un editor",
    "Ask a query that is sent as the body": "Hacer una consulta que se envía como cuerpo",
    "Change graphs by SPARQL 1.1 Update; one request is one revision":
        "Cambiar grafos con SPARQL 1.1 Update; una solicitud es una revisión",
    "Read a graph": "Leer un grafo",
    "Replace a graph": "Reemplazar un grafo",
    "Add to a graph; without a name, to a new one, and Location names it":
        "Agregar a un grafo; sin nombre, a uno nuevo, que Location nombra",
    "Remove a graph": "Quitar un grafo",
    "List the queries that are ready to ask": "Listar las preguntas listas para hacer",
    "Answer a question in plain words with the query that fits it best":
        "Responder una pregunta en palabras sencillas con la consulta que mejor le corresponde",
    "Count experiences and passages by two or three sides of the cube":
        "Contar experiencias y pasajes por dos o tres lados del cubo",
    "Put two to six cases side by side, by what each states": "Poner de dos a seis casos lado a lado, por lo que dice cada uno",
    "Tell which entry ways fit a position, or all that one of them takes":
        "Decir qué vías de entrada convienen a una posición, o todo lo que exige una de ellas",
    "Fill a business model canvas from an entry way's experiences or from a case":
        "Llenar un lienzo de modelo de negocio con las experiencias de una vía de entrada o con un caso",
    "Count the cases of each country and of the places within": "Contar los casos de cada país y de los lugares dentro de él",
    "Tell what alliance projects aimed at and reached, and who finances them":
        "Decir qué se propusieron y lograron los proyectos de alianzas, y quién los financia",
    "Tell why a statement holds: what states it, or the rule and what that rests on":
        "Decir por qué vale una afirmación: qué la afirma, o la regla y en qué se apoya",
    "Find things by the words of their labels and texts": "Encontrar cosas por las palabras de sus nombres y textos",
    "Suggest things whose names begin with what is typed": "Sugerir cosas cuyo nombre empieza como lo que se escribe",
    "Count the passages of each document, or what each passage of one yielded":
        "Contar los pasajes de cada documento, o lo que dio cada pasaje de uno",
    "Give the terms, prefixes and examples that an editor completes from":
        "Dar los términos, prefijos y ejemplos con que completa un editor",
    "Describe a thing; a kind alone leads to the list of its things":
        "Describir una cosa; un tipo solo lleva a la lista de sus cosas",
    "List the versions of a contributed experience; a Memento time map":
        "Listar las versiones de una experiencia aportada; un mapa de tiempo de Memento",
    "Tell what changed between two versions, the last two unless named":
        "Decir qué cambió entre dos versiones, las dos últimas si no se nombran otras",
    "Cite a version of a contributed experience": "Citar una versión de una experiencia aportada",
    "Give a named graph": "Dar un grafo con nombre",
    "Give the ontology": "Dar la ontología",
    "Give one module of the ontology": "Dar un módulo de la ontología",
    "Give the JSON-LD context of the ontology": "Dar el contexto JSON-LD de la ontología",
    "List the contributions that moved last": "Listar las contribuciones que se movieron hace menos",
    "Send a new experience, as RDF or as a workbook": "Enviar una experiencia nueva, como RDF o como hoja de cálculo",
    "Show where a contribution stands and what it changes": "Mostrar en qué está una contribución y qué cambia",
    "Send the next edition of a contribution": "Enviar la siguiente edición de una contribución",
    "Give an edition of a contribution": "Dar una edición de una contribución",
    "Comment on a contribution, ask for changes, accept, refuse, publish, carry over, revert, withdraw or join it":
        "Comentar una contribución, pedir cambios, aceptarla, rechazarla, publicarla, pasarla a otra edición, volver atrás, "
        "retirarla o unirla",
    "Report a wrong fact; takes no token": "Avisar de un error; no requiere clave",
    "List the reports that wait": "Listar los avisos que esperan",
    "Show where a report stands, to whoever knows its address": "Mostrar en qué está un aviso a quien conoce su dirección",
    "Answer a report, or close it, with a note": "Responder un aviso, o cerrarlo, con una nota",
    "List the revisions of the dataset, the last first": "Listar las revisiones del conjunto de datos, la última primero",
    "Show what a revision changed; as RDF Patch, every statement":
        "Mostrar qué cambió una revisión; como RDF Patch, cada afirmación",
    "Cite a revision": "Citar una revisión",
    "Give a file of a revision": "Dar un archivo de una revisión",
    "List the files of the newest revision, with size and checksum":
        "Listar los archivos de la última revisión, con tamaño y suma de verificación",
    "Give a file of the newest revision": "Dar un archivo de la última revisión",
    "Describe the data set: VoID and DCAT": "Describir el conjunto de datos: VoID y DCAT",
    "This document": "Este documento",
    "Whether the server lives": "Si el servidor está vivo",
    "Whether a question would be answered now, and from which revision":
        "Si ahora se respondería una pregunta, y desde qué revisión",
}
ABOUT = (
    "Toda ruta que se lee con GET se lee también con HEAD, y dice con OPTIONS qué permite; cualquier otro método es un 405 con "
    "Allow. Los errores son detalles de problema (en inglés), o una página si el cliente la prefiere. Lo que existe en varios "
    "formatos se da en el que prefiere Accept, en el que nombra format, o en el del sufijo (.csv, .ttl …) que sigue a la ruta.")


def in_spanish(summary: str) -> str:
    """Return what an operation does in Spanish; in English where nobody has said it in Spanish."""
    return _SPANISH.get(summary, summary)
