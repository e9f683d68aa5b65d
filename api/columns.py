"""Turns the name of a column of the catalogue, and the words that stand in some, into what a page calls them in a language."""

from api.standard_terms import is_standard, standard_term

_SPANISH = {
    "action": "acción", "actors": "actores", "actual": "logrado", "advice": "consejo", "agent": "agente", "agents": "agentes",
    "amount": "monto", "application": "aplicación", "approach": "enfoque", "arguments": "argumentos", "aspect": "aspecto",
    "asset": "activo", "assets": "activos", "audiences": "públicos", "base": "parte de", "because": "porque",
    "bears_on": "concierne a",
    "benefits": "beneficios", "best_practices": "buenas prácticas", "block": "bloque", "broader": "más amplio", "case": "caso",
    "cell": "celda", "said_passage": "pasaje que lo dice",
    "case_definition": "el caso", "case_labels": "casos", "cases": "casos", "cases_against": "casos en contra",
    "cases_for": "casos a favor", "category": "categoría", "chain": "cadena", "citation": "cita", "claim": "afirmación",
    "choice": "opción",
    "class": "clase", "closeness": "cercanía", "column": "columna", "columns": "columnas", "community": "comunidad",
    "computed": "calculado", "condition": "condición", "contribution": "aporte", "countries": "países", "country": "país",
    "counts": "cuenta", "criterion": "criterio", "definition": "en palabras", "difference": "diferencia",
    "discrepancies": "discrepancias", "discrepancy": "discrepancia",
    "disputed": "discrepancia",
    "actual_disputed": "discrepancia de lo logrado", "amount_disputed": "discrepancia del monto",
    "rating_disputed": "discrepancia de la valoración", "target_disputed": "discrepancia de la meta",
    "document": "documento", "documents": "documentos",
    "domain": "dominio", "element": "elemento", "empty": "vacías", "end_year": "hasta el año", "entry": "entrada",
    "entry_way": "vía de entrada", "entry_way_of": "en la vía de entrada", "entry_ways": "vías de entrada",
    "event": "acontecimiento", "examples": "ejemplos", "experience": "experiencia", "experience_definition": "la experiencia",
    "experience_labels": "experiencias", "experiences": "experiencias", "external": "externo", "fact": "hecho",
    "factor": "factor", "falls_to": "recae en", "fifth": "quinto", "filled": "llenas", "financier": "financiador",
    "field": "campo",
    "first": "primero", "focus_area": "área de atención", "fourth": "cuarto", "from": "de", "goal": "objetivo", "graph": "grafo",
    "group": "grupo", "groups": "grupos", "have": "ya se tiene", "heading": "título", "idea": "idea", "in_cells": "en celdas",
    "in_document": "documento", "indicator": "indicador", "insight": "enseñanza", "insights": "enseñanzas", "inverse": "inversa",
    "item": "elemento", "items": "cuáles",
    "joined": "qué dice", "key": "clave", "kind": "tipo", "kind_count": "de este tipo", "kinds": "tipos", "label": "nombre",
    "lacking": "falta", "lacks": "le falta", "language": "idioma", "lessons": "lecciones", "likeness": "parecido",
    "match": "equivale a",
    "minimum": "mínimo", "model": "modelo", "module": "módulo", "month": "mes", "names": "nombra", "needing": "lo requiere",
    "next": "siguiente", "number": "n.º", "objective": "objetivo", "of": "de", "organizational_model": "modelo organizativo",
    "other": "otro", "other_document": "otro documento", "others": "otros", "parent": "superior", "part": "parte",
    "participations": "participaciones", "passage": "pasaje", "passages": "pasajes", "percent": "%",
    "percent_reached": "% logrado", "phase": "fase", "place": "lugar", "places": "lugares", "position": "posición",
    "printed": "impreso", "process": "proceso", "product": "producto", "products": "productos", "project": "proyecto",
    "projects": "proyectos", "property": "propiedad", "providers": "proveedores", "qualifier": "precisión",
    "quantity": "cantidad", "range": "rango", "rating": "valoración", "reading": "lectura adoptada", "reason": "razón",
    "recommendations": "recomendaciones", "relation": "relación", "repeats": "replica", "replications": "réplicas",
    "response": "respuesta", "response_passage": "dónde", "response_text": "la respuesta", "risk": "riesgo", "risks": "riesgos",
    "role": "papel", "row": "fila", "rows": "filas", "rule": "regla", "second": "segundo", "sector": "sector",
    "service": "servicio", "shared": "en común", "shared_entry_ways": "vías en común", "shared_tools": "herramientas en común",
    "side": "lado",
    "sign": "signo", "sixth": "sexto", "slice": "capa", "slices": "capas", "source": "fuente", "stage": "etapa",
    "start_year": "desde el año", "statement": "afirmación", "statements": "afirmaciones", "status": "estado", "step": "paso",
    "steps": "pasos", "subject": "sujeto", "target": "meta", "target_group": "para quién", "term": "término", "text": "texto",
    "theme": "tema", "thing": "cosa", "things": "cosas", "third": "tercero", "through": "por medio de", "to": "a",
    "tool": "herramienta", "tools": "herramientas", "total": "total", "type": "tipo", "under": "bajo", "unit": "unidad",
    "until": "hasta", "upper": "máximo", "users": "usuarios", "value": "valor", "way_number": "n.º de vía",
    "contribution_passage": "pasaje del aporte", "country_graph": "grafo del país", "country_passage": "pasaje del país",
    "definition_graph": "grafo de la definición", "definition_passage": "pasaje de la definición",
    "kind_passage": "pasaje del tipo",
    "objective_passage": "pasaje del objetivo", "other_passage": "pasaje del otro", "phase_passage": "pasaje de la fase",
    "product_passage": "pasaje del producto", "reading_graph": "grafo de la lectura",
    "response_label_passage": "pasaje de la respuesta", "role_passage": "pasaje del papel", "sector_passage": "pasaje del sector",
    "target_group_passage": "pasaje de para quién es", "text_passage": "pasaje del texto", "year_passage": "pasaje del año",
    "wider": "más amplio",
    "with_cases": "con casos", "within": "dentro de", "words": "palabras", "work": "obra", "year": "año",
}

_ENGLISH = {"base": "part of", "definition": "in words", "disputed": "discrepancy", "in_document": "document",
            "joined": "what it says", "text": "in words"}

_OF = {"passage": "passage", "graph": "graph", "disputed": "discrepancy"}  # what a column that ends so tells of another

# The values of columns in which a query itself writes a word.
_WORDS = {
    "aspect": {"alliance": "alianza", "certification": "certificación", "event": "evento", "finance": "financiamiento",
               "instrument": "instrumento", "number": "número", "success factor": "factor de éxito"},
    "field": {"entry_way": "vía de entrada", "place": "lugar", "product": "producto", "role": "papel", "sector": "sector"},
    "lacks": {"definition": "definición", "label": "nombre", "source": "fuente"},
    "side": {"approach": "enfoque", "country": "país", "entry_way": "vía de entrada",
             "organizational_model": "modelo organizativo", "product": "producto", "tool": "herramienta"},
}


def heading(column: str, language: str) -> str:
    """Return what the column of a query is called on a page; its own name where nobody has called it otherwise."""
    bare = column.removesuffix("_label") or column
    of, _, source = bare.rpartition("_")
    called = f"{_OF[source]} of the {of.removesuffix('_label')}" if of and source in _OF else bare
    return (_SPANISH if language == "es" else _ENGLISH).get(bare, called.replace("_", " "))


def worded(column: str, text: str, language: str) -> str:
    """Return what a page shows for a text of a column: in the language of the page where a query itself wrote it.

    A property that has no name in the graph, of which a query tells the IRI, is called what a page calls it.
    """
    if column == "property_label" and is_standard(text):
        return standard_term(text, language)
    return _WORDS.get(column, {}).get(text, text) if language == "es" else text


def has_spanish(column: str) -> bool:
    """Tell whether a column has a Spanish heading."""
    return column.removesuffix("_label") in _SPANISH
