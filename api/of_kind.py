"""Turns the kind of a thing into the sections of its page: a table, in which each is a query of the catalogue.

To give things of a kind another section, add a row. A section that has no rows for a thing is left out of its page.
"""

from api.path_parts import MOST_TOOL_ROWS, tools_counted
from api.sections import Section

_THING = ""  # in the place of the thing's IRI, among what a query is given


def _one(name: str, english: str, spanish: str, query: str, parameter: str, *columns: str, look: str = "table",
         most: int = 150, counted: tuple[str, ...] = (), instead: Section | None = None,
         **states: tuple[str, str, str]) -> Section:
    """states: the statement that a row makes, as row, or the value in a column, as that; see Section."""
    return Section(name, english, spanish, query, {parameter: _THING}, columns, look, most, counted,
                   {"" if column == "row" else column: stated for column, stated in states.items()}, instead)


_FEATURES = _one("features", "What it is like", "Cómo es", "list_case_attributes", "case", look="facts")
_STORY = _one("story", "What happened", "Qué pasó", "list_events", "case", "year", "until", "event_label", "text", look="story")
_WHO = _one("who", "Who took part", "Quién participó", "list_participants", "case")
_NUMBERS = _one("numbers", "In numbers", "En cifras", "list_quantities", "thing", "of_label", "value", "upper", "unit_label",
                "counts", "base", "status_label", "qualifier_label", "year")
_CHAIN = _one("chain", "Value chain map", "Mapa de la cadena de valor", "list_chain_map", "case", "part_label", "stage",
              "stage_label", "agent", "agent_label", look="picture")
_CANVAS = _one("canvas", "Business model canvas", "Lienzo de modelo de negocio", "fill_canvas", "case", "group_label",
               "block_label", "entry", "entry_label", "because_label", look="canvas", most=500)
_EXAMPLE = _one("example-of", "Lessons and arguments that rest on it or name it as an example",
                "Lecciones y argumentos que se apoyan en esto o lo dan como ejemplo", "list_examples", "case", "thing",
                "thing_label", "definition")
_LESSONS = _one("lessons", "Lessons, advice and risks that bear on it", "Lecciones, consejos y riesgos que le conciernen",
                "find_lessons", "item", "kind_label", "insight", "insight_label", "definition", most=300)
_RISKS = _one("risks", "What can go wrong, and what to do", "Qué puede salir mal, y qué hacer", "list_risks", "item", "risk",
              "risk_label", "definition", "falls_to", "response", "response_label", look="risks", most=200)
_GUIDANCE = _one("guidance", "Options and advice", "Opciones y consejos", "list_guidance", "thing", "heading", "number", "item",
                 "item_label", "definition", "examples", most=600)
_DISPUTED = _one("discrepancies", "Where the documents disagree", "Donde los documentos no coinciden", "list_discrepancies",
                 "thing", "discrepancy", "discrepancy_label", "kind_label", "reading", "claim")
_MATCHES = _one("matches", "The same or close to it in other documents", "Lo mismo o cercano en otros documentos", "list_matches",
                "thing", "other", "other_label", row=(_THING, "skos:closeMatch", "other"))
_TOLD = _one("told", "What is told of it", "Lo que se cuenta", "show_case", "case", "property_label", "value", "value_label",
             "text")
AROUND = (_LESSONS, _DISPUTED, _MATCHES)

_EXPERIENCE = (
    _FEATURES, _STORY,
    _one("cells", "Where it stands in the cube", "Dónde está en el cubo", "list_cells", "experience", "entry_way",
         "entry_way_label", "kind_label", "item", "item_label", look="cells"),
    _one("assets", "Assets, actors and food community", "Activos, actores y comunidad alimentaria", "list_assets", "experience",
         "item", "item_label", "kind"),
    _WHO, _CHAIN, _CANVAS, _NUMBERS,
    _one("similar", "Similar experiences, by what they share", "Experiencias similares, por lo que comparten",
         "find_similar_experiences", "experience", counted=("shared", "items")),
    _EXAMPLE, *AROUND)
_CASE = (_FEATURES, _STORY, _WHO, _CHAIN, _NUMBERS, _EXAMPLE, *AROUND)
_PROJECT = (
    _one("targets", "Aimed at and reached", "Metas y logros", "list_project_targets", "project", "indicator", "indicator_label",
         "target", "actual", "percent_reached", look="targets"),
    _one("finance", "Who finances it, in million dollars", "Quién lo financia, en millones de dólares", "list_project_finance",
         "project", "source", "source_label", "financier_label", "amount", "percent", look="finance"),
    _one("focus", "Focus, from 1 (weak) to 3 (strong)", "Áreas de atención, de 1 (débil) a 3 (fuerte)", "list_project_focus",
         "project", "focus_area", "focus_area_label", "rating", look="focus"),
    _FEATURES,
    _one("when", "When it ran, and what happened meanwhile", "Cuándo se ejecutó, y qué pasó entretanto", "list_timeline", "of",
         "year", "until", "event_label", "text", look="timeline"),
    _one("story", "What happened", "Qué pasó", "list_events", "case", "year", "until", "event_label", "text"),
    _WHO, _NUMBERS, *AROUND)

SECTIONS: dict[str, tuple[Section, ...]] = {
    "experience": _EXPERIENCE,
    "project": _PROJECT,
    **dict.fromkeys(("cluster-case", "partnership-case", "alliance-case", "portfolio"), _CASE),
    "value-chain": (_CHAIN, _TOLD, *AROUND),
    "discrepancy": (_one("claims", "What each side says, and the reading adopted", "Qué dice cada parte, y la lectura adoptada",
                         "list_discrepancies", "thing", "kind_label", "reading", "in_document", "in_document_label", "claim",
                         look="sides"),),
    "tool": (
        _one("aim", "What it is for", "Para qué sirve", "show_tool", "tool", "objective", "target_group", "phase_label", "steps",
             "experiences", look="card", counted=("steps", "experiences")),
        _one("steps", "Steps", "Pasos", "list_tool_steps", "tool", "number", "step", "step_label", "definition", "examples"),
        _GUIDANCE,
        _one("users", "Who used it, on which way to the market", "Quién la usó, en qué vía al mercado", "list_tool_experiences",
             "tool", "experience", "experience_label", "entry_way", "entry_way_label"),
        _RISKS, *AROUND),
    "tool-step": (_GUIDANCE, _TOLD, *AROUND),
    "entry-way": (
        _one("reasons", "What it gives and what it asks for", "Qué da y qué requiere", "list_entry_way_reasons", "entry_way",
             "aspect_label", "statement", "statement_label", "text"),
        _one("tools", "Tools, in their order", "Herramientas, en su orden", "list_path_tools", "entry_way", "phase_label", "tool",
             "tool_label", "objective", "experience", "experience_label", look="tools", most=MOST_TOOL_ROWS,
             instead=tools_counted(_THING)),
        _one("next", "Where it leads, and with what it goes together", "A dónde lleva, y con qué se combina",
             "list_next_entry_ways", "entry_way", "next", "next_label", "because_label", "experience", "experience_label"),
        _one("facts", "How others did it", "Cómo lo hicieron otros", "list_entry_way_facts", "entry_way", "experience",
             "experience_label", "aspect", "fact_label", "text"),
        _RISKS, *AROUND),
    "approach": (
        _one("experiences", "Experiences studied under it", "Experiencias estudiadas con este enfoque",
             "list_approach_experiences", "approach", "experience", "experience_label", "entry_way", "entry_way_label"),
        *AROUND),
    "agent": (_TOLD, _NUMBERS,
              _one("part", "Where it has a part or is named", "Dónde participa o se le nombra", "find_mentions", "thing",
                   "property_label", "subject", "subject_label", row=("subject", "property", _THING)), *AROUND),
    "product": (
        _one("experiences", "Experiences with it", "Experiencias con este producto", "find_experiences", "product", "experience",
             "experience_label", "definition", "country_label", row=("experience", "par:involvesProduct", _THING)),
        _one("group", "Products in it", "Productos que incluye", "list_products", "group", "product", "product_label", "cases",
             counted=("cases",), row=("product", "par:hasBroaderProduct", _THING)),
        _one("vocabularies", "In other vocabularies", "En otros vocabularios", "list_product_matches", "product", "match",
             "external", "external_label"),
        _TOLD, *AROUND),
    "country": (
        _one("where", "On the map, with its places", "En el mapa, con sus lugares", "count_cases_by_place", "within", "place",
             "place_label", "experiences", "projects", "cases", look="where", counted=("experiences", "projects", "cases"),
             country=("place", "par:isPartOfPlace", "country")),
        _one("experiences", "Experiences there", "Experiencias allí", "list_experiences", "country", "experience",
             "experience_label", "entry_ways", "tools", counted=("entry_ways", "tools")),
        _one("projects", "Alliance projects there", "Proyectos de alianzas allí", "list_projects", "country", "number", "project",
             "project_label", "start_year", "end_year"),
        _one("told", "What is said of it", "Lo que se dice de este país", "list_place_statements", "place", "relation_label",
             "thing", "thing_label", "text"),
        _DISPUTED),
    "place": (_one("told", "What is said of it", "Lo que se dice de este lugar", "list_place_statements", "place",
                   "relation_label", "thing", "thing_label", "text"), _TOLD, _DISPUTED),
    "document": (
        _one("holds", "What it tells of", "De qué trata", "count_document_things", "document", "class", "class_label", "things",
             "passages", counted=("things", "passages")),
        _one("passages", "Its passages", "Sus pasajes", "count_passage_statements", "document", "passage", "passage_label",
             "statements", "things", counted=("statements", "things")),
        _one("when", "What it tells of which years", "Qué cuenta de qué años", "list_timeline", "document", "year", "until",
             "event_label", "case", "case_label", look="timeline"),
        _one("discrepancies", "Where it disagrees, with itself or others", "Donde no coincide, consigo mismo o con otros",
             "list_discrepancies", "document", "discrepancy", "discrepancy_label", "kind_label", "reading", "claim", most=300)),
    "passage": (
        _one("stands", "Where it stands", "Dónde está", "show_passage", "passage", "document", "document_label", "within",
             "within_label", "citation", look="card"),
        _one("cells", "Its table", "Su tabla", "list_passage_cells", "passage", "row", "row_label", "column", "column_label",
             "status_label", "experience", "experience_label", "cell", "value", "unit_label", look="matrix", most=1000),
        _one("says", "What it states", "Lo que afirma", "read_passage", "passage", "kind_label", "heading", "thing",
             "thing_label", "text", "joined", look="stated", most=500),
        _one("refers", "What it refers to", "A qué remite", "list_passage_references", "passage", "relation_label", "target",
             "target_label")),
    "theme": (
        _one("insights", "What the documents say about it", "Lo que dicen los documentos", "list_insights", "theme", "kind_label",
             "insight", "insight_label", "definition", most=200),
        _TOLD, _DISPUTED),
    "role": (
        _one("actions", "What those with this role did, and what they are advised",
             "Qué hicieron quienes tienen este papel, y qué se les aconseja", "list_role_actions", "role", "kind_label", "action",
             "action_label", "text", "case", "case_label"),
        _one("stakes", "What they stand to gain and to lose", "Qué pueden ganar y perder", "list_role_stakes", "role",
             "kind_label", "insight", "insight_label", "definition"),
        *AROUND),
    "population-group": (_one("told", "What is said of them", "Lo que se dice de este grupo", "list_group_statements", "group",
                              "thing", "thing_label", "text"), _DISPUTED),
    "process": (_one("stages", "Stages", "Etapas", "list_stages", "process", "number", "stage", "stage_label", "definition"),
                _GUIDANCE, _TOLD, *AROUND),
}
OTHERWISE = (_TOLD, _NUMBERS, _GUIDANCE, *AROUND)

# Whose business in the graph a page makes plain when it is not documented: that of what people contribute.
CONTRIBUTED = ("experience",)


def sections_of(kind: str, iri: str) -> list[Section]:
    """Return the sections of the page of a thing, in their order, ready to be filled."""
    return [one.of(iri) for one in SECTIONS.get(kind, OTHERWISE)]
