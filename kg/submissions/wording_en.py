"""Turns the name of what can be wrong with a submission into English: what was found, and what to write instead.

Each example passes where it stands for the reader's own. What stands in braces is filled in by kg.submissions.finding; a
sentence that is empty is said by a shape. kg.submissions.wording_es says the same.
"""

# name → what was found, what to write
WORDS: dict[str, tuple[str, str]] = {
    # The text cannot be read.
    "syntax": (
        "The text cannot be read as {format}: it breaks off{place}. The parser says: {said}.",
        "Look there and just before: a full stop, a semicolon or a quotation mark is often missing. A whole statement is,"
        " for example: experience:andean-honey par:inCountry country:peru ."),
    "prefix": (
        "A prefix is used{place} that the text does not declare. The parser says: {said}.",
        "Declare it at the top, for example: @prefix par: <{par}> ."),
    "relative": (
        "There is an address that is not whole{place}: it says nothing of where it begins.",
        "Write the whole address or a prefixed name, for example: <{base}id/country/peru>, or country:peru."),
    "bad_iri": (
        "There is an address{place} with what no address may have. The parser says: {said}.",
        "Leave out spaces, quotation marks and braces; a space is written %20. For example: "
        "<{site}honey%20fair>."),
    "not_utf8": (
        "The text is not UTF-8{place}.",
        "Save it as UTF-8 and send it again; most editors ask for it under Save as."),
    "too_large": (
        "There is more text than the {megabytes} MB that one experience may have; it was not read.",
        "Send one experience by itself; a usual one has less than 100 kB."),
    "too_many": (
        "There are more than the {most} statements that one experience may have; the rest was not read.",
        "Send one experience by itself; a usual one has a few hundred statements."),
    "too_deep": (
        "The text nests deeper than the {deepest} levels that are read{place}.",
        "Write it flatter: each thing at the top with its own IRI, or as Turtle."),
    "entities": (
        "The XML has entities that are made of others, or that come to more than 1 MB.",
        "Write the text itself where the entity stands; short ones for namespaces are fine, for example: <!ENTITY par "
        "\"{par}\">."),
    "remote_context": (
        "The JSON-LD takes its context from another address, and nothing is fetched here.",
        "Name ours, which is known here, once: \"@context\": \"{context}\"; or put the context itself into the text, for "
        "example: \"@context\": {{\"par\": \"{par}\"}}."),
    "unmapped": (
        "The context has no term {found}, so that what it says would be lost.",
        "Use a term of {context}, or put it into the context, for example: \"@context\": {{\"inCountry\": {{\"@id\":"
        " \"{par}inCountry\", \"@type\": \"@id\"}}}}."),
    "exhausted": (
        "Reading or checking it took more time or memory than a submission may take, and was ended.",
        "Send one experience by itself, as Turtle, with texts of usual length."),
    "empty": (
        "It states nothing.",
        "Write one experience, for example: experience:andean-honey a par:SystematizedExperience ."),
    "rdf12": (
        "{found} uses RDF 1.2 (a triple inside another, or a text with a direction), which is not kept here.",
        "State it in RDF 1.1, for example: experience:andean-honey rdfs:label \"Andean honey\"@en ."),
    "blank_node": (
        "Something is spoken of without a name: a blank node, {found}.",
        "Give it an IRI, for example: <{base}id/quantity/{key}-hives> a par:Quantity ."),
    # What was filled in, in a form or a workbook.
    "nameless": (
        "The experience has no name yet.",
        "Give it one in English and one in Spanish, for example: Andean honey, Miel de los Andes."),
    "no_sheets": (
        "This is not a workbook or a folder of CSV files that could be read: {said}.",
        "Start from the one that parkg template makes, and save it as XLSX, or as CSV files in UTF-8 put into a ZIP."),
    "sheet": (
        "There is no sheet called {found} in the template.",
        "Keep the names of the sheets and their first row as they are; what you want to say beside goes into the notes."),
    "column": (
        "The sheet has a column{place} that the template has not: {found}.",
        "Keep the first row as it is; put this value into one of the columns that are there."),
    "name_unknown": (
        "“{found}” is not on the list of {field}, or is the name of several things.{near}",
        "Choose one from the list, or leave it empty."),
    "name_unknown_here": (
        "“{found}” is not on the list of {field}, or is the name of several things.{near}",
        "Choose one from the list. What is missing there can be added under {added}, with the same name."),
    "passage_unknown": (
        "“{found}” is given as a passage, and no passage is called so.{near}",
        "Write the name of one of the passages of the source, or name it there first."),
    "added": (
        "“{found}” is new here: nothing was called so, and it will be added with its name alone.",
        "Say more of it if you can: what kind it is, and a sentence about it."),
    "untranslated": (
        "“{found}” is called the same in English and in Spanish.",
        "If it is a proper name, leave it; if not, write it in each language."),
    "new_version_filled": (
        "{record} is in the graph already as a contributed experience; what is sent would be a new version of it.",
        "If it is another experience, give it another name, such as with the place in it."),
    "person_filled": (
        "It names a person, {found}, and nothing says that they agreed.",
        "Ask them, and choose the answer under {field}, in their row among organizations, groups and people; where they have "
        "none, add one with the same name and the kind person. Or name nobody: a group, such as Beekeepers, says as much."),
    "person_unasked_filled": (
        "A person is named, {found}, and has not been asked.",
        "Ask them, and choose the answer under {field}, in their row among organizations, groups and people; where they have "
        "none, add one with the same name and the kind person. Or name nobody: a group, such as Beekeepers, says as much."),
    "contact_filled": (
        "A text tells how to reach somebody, {found}.",
        "Take it out: what is published is copied and stays."),
    "same_name_filled": (
        "There is {found} of the same name already, {label}.",
        "If it is the same, take yours out and choose that one; if not, say in the name what is different, such as the place."),
    # It is not one experience of its own.
    "no_experience": (
        "It holds no experience.",
        "Say which thing is one: <{base}id/experience/andean-honey> a par:SystematizedExperience ."),
    "many_experiences": (
        "It holds {count} experiences: {found}.",
        "Send each by itself, with its own document and passages."),
    "key_of_experience": (
        "{found} is no IRI for an experience.",
        "Write <{base}id/experience/…> and a key of lower-case words without accents, joined by -, for example: "
        "<{base}id/experience/andean-honey>."),
    "key_form": (
        "{record} is not spelled as keys are.",
        "Use lower-case words without accents, joined by -, for example: <{base}id/agent/{key}-beekeepers>."),
    "kind": (
        "{record} is a {found}, and those stand in another folder.",
        "Rename it: <{base}id/{kind}/{key}-…>, wherever it is named."),
    "taken": (
        "{record} is in the graph already, stated in {found}.",
        "If you mean that very thing, point at it and state nothing of it; if not, choose another key for your own, such "
        "as <{base}id/{kind}/{key}-2>."),
    "new_version": (
        "{record} is in the graph already as a contributed experience; what is sent would be a new version of it.",
        "If it is another experience, choose another key, for example {key}-2."),
    "not_own": (
        "It speaks about {record}, which is not its own: {triple}",
        "Take the statement out, or state it of a thing of your own: id/<kind>/{key}, id/<kind>/{key}-…, "
        "id/passage/{key}/…, id/document/{key}, for example <{base}id/experience/{key}>."),
    "ontology": (
        "It speaks about the ontology, which contributions do not change: {triple}",
        "Take it out, and use the terms that there are. A term that is missing can be asked for in the text of your "
        "passage."),
    "review": (
        "Who sent, reviewed or published it is kept by the server, and nobody states it: {triple}",
        "Take it out. The authors of your document go into its citation: dcterms:bibliographicCitation \"Author (2026). "
        "Title.\"@en."),
    "schema": (
        "{field} says how terms hang together or which things are one, and that is not a contribution's to say: {triple}",
        "Take it out; say what a thing is with a class that there is, for example: a par:Organization."),
    "adds_to_other": (
        "It would add to {found}, which is not its own: {triple}",
        "Point at a thing of your own, for example <{base}id/experience/{key}>; to compare, use par:restsOn, par:bearsOn "
        "or rdfs:seeAlso."),
    "shared_list": (
        "{record} would be a new {found}, and that list is the same for all experiences.",
        "Choose one that there is: parkg query list_things class={found} lists them."),
    "graph": (
        "{found} is not a graph of its own.",
        "Name the graph <{base}graph/experience/{key}/1>, or that with / and the passage, or put the statements in none."),
    # What it says cannot be.
    "term": (
        "The ontology has no term {found}.{near}",
        "Use a term that there is, for example par:inCountry; ontology/ has them all."),
    "unknown": (
        "There is no {found} in the graph, and nothing here says what it is.{near}",
        "Name one that there is, or state here what it is: its class and its labels, for example: "
        "agent:{key}-beekeepers a par:Organization ; rdfs:label \"Beekeepers\"@en , \"Apicultores\"@es ."),
    "no_class": ("Nothing says what {record} is.", "Say its class, for example: a par:Organization."),
    "scheme": (
        "{found} is no web address.",
        "Write one that begins with https:// or http://, for example: <{site}report>."),
    "long_iri": (
        "An IRI has more than {most} characters: {found}",
        "Write a shorter one, for example: <{site}report>."),
    "long_text": (
        "A text has {count} characters, and {most} is the most: {found}",
        "Say it shorter, and leave the whole to your document: name where it is read with dcterms:source <https://…>."),
    "unseen": (
        "A text has the character {character}, which is not seen and can change how the rest reads: {found}",
        "Write the text again by hand, without it, for example: \"Andean honey\"@en."),
    "region": (
        "A text names a region beside its language, and no page would find it: {found}",
        "Write the language alone: @{plain}."),
    "markup": ("A name has markup: {found}", "Write the plain name, for example: \"Andean honey\"@en."),
    "datatype": (
        "{found} is not of the form that its datatype has.",
        "Write, for example, 12 for a whole number, 12.5 for a decimal, \"2026-05-31\"^^xsd:date for a day."),
    "contradiction": (
        "It contradicts the ontology: {found}",
        "Take out the statement that makes a thing what it cannot be, for example one of two classes: a par:Organization."),
    # What a shape asks for; its own message says what to write.
    "shape_absent": ("{field} is missing.", ""),
    "shape_few": ("There are too few of {field}: {count}.", ""),
    "shape_many": ("There are too many of {field}: {count}.", ""),
    "shape_class": ("{found} is not of the class that {field} asks for.", ""),
    "shape_language": ("The texts of {field} are not one in English and one in Spanish.", ""),
    "shape_value": ("{found} will not do as {field}.", ""),
    "no_english": ("{field} is in Spanish alone, and whoever reads in English would not find it: write it in English too.", ""),
    "no_spanish": ("{field} is in English alone, and whoever reads in Spanish would not find it: write it in Spanish too.", ""),
    # What it lacks.
    "document": (
        "Nothing says from which document it is drawn.",
        "Register it: <{base}id/document/{key}> a par:Document ; rdfs:label \"Andean honey: report\"@en , \"Miel andina: "
        "informe\"@es ."),
    "citation": (
        "Nothing says who wrote the document, and when.",
        "Write dcterms:bibliographicCitation \"Author (2026). Title.\"@en , \"Autor (2026). Título.\"@es."),
    "licence": (
        "Nothing says under which licence it may be used.",
        "Name one by its address: <{base}id/document/{key}> dcterms:license "
        "<{licence}> ."),
    "passage": (
        "No passage of the document states it.",
        "Register one: <{base}id/passage/{key}/1> a par:Passage ; par:isPassageOf <{base}id/document/{key}> ; "
        "par:hasNamedGraph <{base}graph/experience/{key}/1> ."),
    "graph_of_no_passage": (
        "No passage has the graph {found}.",
        "Say which states it: <{base}id/passage/{key}/1> par:hasNamedGraph <{graph}> ."),
    "entry_ways": (
        "Nothing says on which way it entered the market.",
        "Name it, for example: <{base}id/experience/{key}> par:usesEntryWay entry-way:fairs ."),
    "tools": (
        "Nothing says which tools it used.",
        "Name them, for example: <{base}id/experience/{key}> par:usesTool tool:associativity ."),
    # Whom it names.
    "person": (
        "It names a person, {found}, and nothing says that they agreed.",
        "Ask them, and write <{graph}> par:namesWithConsent <{person}> . If the document itself names them in public, write "
        "par:namesAsPublished; if they have not been asked, par:namesUnasked, or leave the name out: a par:AgentGroup says "
        "\"Beekeepers\" as well."),
    "person_unasked": (
        "{found} is named, and has not been asked.",
        "Ask them and write <{graph}> par:namesWithConsent <{person}> , or leave the name out: a par:AgentGroup will do."),
    "contact": (
        "A text tells how to reach somebody, {found}, and nothing says that they agreed.",
        "Take it out: what is published is copied and stays. If they agreed, name them with <{graph}> par:namesWithConsent "
        "<{base}id/agent/{key}-person> ."),
    "contact_agreed": (
        "A text tells how to reach somebody: {found}.",
        "Take it out even if they agreed, and name the web page of their organization: rdfs:seeAlso <{site}>."),
    "duplicate": (
        "{found} has nearly the same name. Did you mean {label} ({found})?",
        "If it is the same experience, leave that one as it is; if not, say in the label what is different, such as the "
        "place."),
    "same_name": (
        "The graph has {found} of the same name, {label}.",
        "If it is the same, take yours out and point at <{iri}>."),
    "more": (
        "There are {count} more findings, which are not shown.",
        "Mend these first and check again: many have one cause."),
}
