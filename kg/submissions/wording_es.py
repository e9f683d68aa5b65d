"""Turns the name of what can be wrong with a submission into Spanish: what was found, and what to write instead.

Each example passes where it stands for the reader's own. What stands in braces is filled in by kg.submissions.finding; a
sentence that is empty is said by a shape. kg.submissions.wording_en says the same.
"""

# name → what was found, what to write
WORDS: dict[str, tuple[str, str]] = {
    # The text cannot be read.
    "syntax": (
        "El texto no se puede leer como {format}: se interrumpe{place}. El analizador dice: {said}.",
        "Mire allí y justo antes: suele faltar un punto, un punto y coma o unas comillas. Una afirmación completa es, por"
        " ejemplo: experience:andean-honey par:inCountry country:peru ."),
    "prefix": (
        "Se usa{place} un prefijo que el texto no declara. El analizador dice: {said}.",
        "Declárelo al comienzo, por ejemplo: @prefix par: <{par}> ."),
    "relative": (
        "Hay una dirección incompleta{place}: no dice dónde empieza.",
        "Escriba la dirección completa o un nombre con prefijo, por ejemplo: <{base}id/country/peru>, o country:peru."),
    "bad_iri": (
        "Hay una dirección{place} con algo que ninguna puede tener. El analizador dice: {said}.",
        "Quite espacios, comillas y llaves; un espacio se escribe %20. Por ejemplo: <{site}feria%20miel>."),
    "not_utf8": (
        "El texto no es UTF-8{place}.",
        "Guárdelo como UTF-8 y envíelo de nuevo; la mayoría de los editores lo ofrece en Guardar como."),
    "too_large": (
        "Hay más texto que los {megabytes} MB que puede tener una experiencia; no se leyó.",
        "Envíe una sola experiencia; una corriente tiene menos de 100 kB."),
    "too_many": (
        "Hay más que las {most} afirmaciones que puede tener una experiencia; el resto no se leyó.",
        "Envíe una sola experiencia; una corriente tiene algunos centenares de afirmaciones."),
    "too_deep": (
        "El texto anida más que los {deepest} niveles que se leen{place}.",
        "Escríbalo más plano: cada cosa arriba con su propio IRI, o como Turtle."),
    "entities": (
        "El XML tiene entidades hechas de otras, o que suman más de 1 MB.",
        "Escriba el texto mismo en lugar de la entidad; las cortas para espacios de nombres están bien, por ejemplo: "
        "<!ENTITY par \"{par}\">."),
    "remote_context": (
        "El JSON-LD toma su contexto de otra dirección, y aquí no se descarga nada.",
        "Nombre el nuestro, que aquí se conoce, una vez: \"@context\": \"{context}\"; o ponga el contexto mismo en el texto, por "
        "ejemplo: \"@context\": {{\"par\": \"{par}\"}}."),
    "unmapped": (
        "El contexto no tiene el término {found}, así que se perdería lo que dice.",
        "Use un término de {context}, o póngalo en el contexto, por ejemplo: \"@context\": {{\"inCountry\": {{\"@id\":"
        " \"{par}inCountry\", \"@type\": \"@id\"}}}}."),
    "exhausted": (
        "Leerlo o comprobarlo tomó más tiempo o memoria de lo que puede un envío, y se interrumpió.",
        "Envíe una sola experiencia, como Turtle, con textos de largo corriente."),
    "empty": (
        "No afirma nada.",
        "Escriba una experiencia, por ejemplo: experience:andean-honey a par:SystematizedExperience ."),
    "rdf12": (
        "{found} usa RDF 1.2 (un triple dentro de otro, o un texto con dirección), que aquí no se guarda.",
        "Afírmelo en RDF 1.1, por ejemplo: experience:andean-honey rdfs:label \"Miel andina\"@es ."),
    "blank_node": (
        "Se habla de algo sin nombre: un nodo anónimo, {found}.",
        "Dele un IRI, por ejemplo: <{base}id/quantity/{key}-hives> a par:Quantity ."),
    # What was filled in, in a form or a workbook.
    "nameless": (
        "La experiencia aún no tiene nombre.",
        "Dele uno en inglés y otro en español, por ejemplo: Andean honey, Miel de los Andes."),
    "no_sheets": (
        "Esto no es un libro ni una carpeta de archivos CSV que se pueda leer: {said}.",
        "Parta del que hace parkg template y guárdelo como XLSX, o como archivos CSV en UTF-8 dentro de un ZIP."),
    "sheet": (
        "No hay ninguna hoja llamada {found} en la plantilla.",
        "Deje como están los nombres de las hojas y su primera fila; lo que quiera decir aparte va en las notas."),
    "column": (
        "La hoja tiene una columna{place} que la plantilla no tiene: {found}.",
        "Deje la primera fila como está; ponga este valor en una de las columnas que hay."),
    "name_unknown": (
        "«{found}» no está en la lista de {field}, o es el nombre de varias cosas.{near}",
        "Elija de la lista, o deje el campo vacío."),
    "name_unknown_here": (
        "«{found}» no está en la lista de {field}, o es el nombre de varias cosas.{near}",
        "Elija de la lista. Lo que falte en ella se puede agregar en {added}, con el mismo nombre."),
    "passage_unknown": (
        "«{found}» se da como pasaje, y ningún pasaje se llama así.{near}",
        "Escriba el nombre de uno de los pasajes de la fuente, o nómbrelo allí primero."),
    "added": (
        "«{found}» es nuevo aquí: nada se llamaba así, y se agregará solo con su nombre.",
        "Diga más si puede: de qué tipo es, y una frase sobre ello."),
    "untranslated": (
        "«{found}» se llama igual en inglés y en español.",
        "Si es un nombre propio, déjelo; si no, escríbalo en cada idioma."),
    "new_version_filled": (
        "{record} ya está en el grafo como experiencia aportada; lo enviado sería una versión nueva de ella.",
        "Si es otra experiencia, dele otro nombre, por ejemplo con el lugar."),
    "person_filled": (
        "Nombra a una persona, {found}, y nada dice que haya aceptado.",
        "Pregúntele y elija la respuesta en {field}, en su fila entre organizaciones, grupos y personas; si no la tiene, agregue "
        "una con el mismo nombre y el tipo persona. O no nombre a nadie: un grupo, como Apicultores, dice lo mismo."),
    "person_unasked_filled": (
        "Se nombra a una persona, {found}, sin haberle preguntado.",
        "Pregúntele y elija la respuesta en {field}, en su fila entre organizaciones, grupos y personas; si no la tiene, agregue "
        "una con el mismo nombre y el tipo persona. O no nombre a nadie: un grupo, como Apicultores, dice lo mismo."),
    "contact_filled": (
        "Un texto dice cómo llegar a alguien, {found}.",
        "Quítelo: lo que se publica se copia y queda."),
    "same_name_filled": (
        "Ya hay {found} con el mismo nombre, {label}.",
        "Si es lo mismo, quite lo suyo y elija aquello; si no, diga en el nombre en qué se distingue, como el lugar."),
    # It is not one experience of its own.
    "no_experience": (
        "No contiene ninguna experiencia.",
        "Diga qué cosa es una: <{base}id/experience/andean-honey> a par:SystematizedExperience ."),
    "many_experiences": (
        "Contiene {count} experiencias: {found}.",
        "Envíe cada una por separado, con su propio documento y pasajes."),
    "key_of_experience": (
        "{found} no es un IRI para una experiencia.",
        "Escriba <{base}id/experience/…> y una clave de palabras en minúscula sin acentos, unidas por -, por ejemplo: "
        "<{base}id/experience/andean-honey>."),
    "key_form": (
        "{record} no está escrito como las claves.",
        "Use palabras en minúscula sin acentos, unidas por -, por ejemplo: <{base}id/agent/{key}-beekeepers>."),
    "kind": (
        "{record} es un {found}, y esos están en otra carpeta.",
        "Cámbiele el nombre: <{base}id/{kind}/{key}-…>, dondequiera que se nombre."),
    "taken": (
        "{record} ya está en el grafo, afirmado en {found}.",
        "Si quiere decir esa misma cosa, señálela y no afirme nada de ella; si no, elija otra clave para la suya, como "
        "<{base}id/{kind}/{key}-2>."),
    "new_version": (
        "{record} ya está en el grafo como experiencia aportada; lo enviado sería una versión nueva de ella.",
        "Si es otra experiencia, elija otra clave, por ejemplo {key}-2."),
    "not_own": (
        "Habla de {record}, que no es suyo: {triple}",
        "Quite la afirmación, o hágala de una cosa propia: id/<kind>/{key}, id/<kind>/{key}-…, id/passage/{key}/…, "
        "id/document/{key}, por ejemplo <{base}id/experience/{key}>."),
    "ontology": (
        "Habla de la ontología, que las contribuciones no cambian: {triple}",
        "Quítelo y use los términos que hay. Un término que falte se puede pedir en el texto de su pasaje."),
    "review": (
        "Quién lo envió, revisó o publicó lo guarda el servidor, y nadie lo afirma: {triple}",
        "Quítelo. Los autores de su documento van en su cita: dcterms:bibliographicCitation \"Autor (2026). Título.\"@es."),
    "schema": (
        "{field} dice cómo se relacionan los términos o qué cosas son una sola, y eso no le toca a una contribución: {triple}",
        "Quítelo; diga qué es una cosa con una clase que exista, por ejemplo: a par:Organization."),
    "adds_to_other": (
        "Agregaría algo a {found}, que no es suyo: {triple}",
        "Señale una cosa propia, por ejemplo <{base}id/experience/{key}>; para comparar, use par:restsOn, par:bearsOn o "
        "rdfs:seeAlso."),
    "shared_list": (
        "{record} sería un nuevo {found}, y esa lista es la misma para todas las experiencias.",
        "Elija uno de los que hay: parkg query list_things class={found} los enumera."),
    "graph": (
        "{found} no es un grafo propio.",
        "Nombre el grafo <{base}graph/experience/{key}/1>, o eso con / y el pasaje, o ponga las afirmaciones en ninguno."),
    # What it says cannot be.
    "term": (
        "La ontología no tiene el término {found}.{near}",
        "Use un término que exista, por ejemplo par:inCountry; ontology/ los tiene todos."),
    "unknown": (
        "No hay {found} en el grafo, y nada aquí dice qué es.{near}",
        "Nombre uno que exista, o diga aquí qué es: su clase y sus nombres, por ejemplo: agent:{key}-beekeepers a "
        "par:Organization ; rdfs:label \"Beekeepers\"@en , \"Apicultores\"@es ."),
    "no_class": ("Nada dice qué es {record}.", "Diga su clase, por ejemplo: a par:Organization."),
    "scheme": (
        "{found} no es una dirección de la web.",
        "Escriba una que empiece con https:// o http://, por ejemplo: <{site}informe>."),
    "long_iri": (
        "Un IRI tiene más de {most} caracteres: {found}",
        "Escriba uno más corto, por ejemplo: <{site}informe>."),
    "long_text": (
        "Un texto tiene {count} caracteres, y el máximo es {most}: {found}",
        "Dígalo más breve y deje el resto a su documento: nombre dónde se lee con dcterms:source <https://…>."),
    "unseen": (
        "Un texto tiene el carácter {character}, que no se ve y puede cambiar cómo se lee lo demás: {found}",
        "Escriba el texto de nuevo a mano, sin él, por ejemplo: \"Miel andina\"@es."),
    "region": (
        "Un texto nombra una región junto a su idioma, y ninguna página lo encontraría: {found}",
        "Escriba solo el idioma: @{plain}."),
    "markup": ("Un nombre tiene marcado: {found}", "Escriba el nombre solo, por ejemplo: \"Miel andina\"@es."),
    "datatype": (
        "{found} no tiene la forma de su tipo de dato.",
        "Escriba, por ejemplo, 12 para un entero, 12.5 para un decimal, \"2026-05-31\"^^xsd:date para un día."),
    "contradiction": (
        "Contradice la ontología: {found}",
        "Quite la afirmación que hace de una cosa lo que no puede ser, por ejemplo una de dos clases: a par:Organization."),
    # What a shape asks for; its own message says what to write.
    "shape_absent": ("Falta {field}.", ""),
    "shape_few": ("Hay muy pocos de {field}: {count}.", ""),
    "shape_many": ("Hay demasiados de {field}: {count}.", ""),
    "shape_class": ("{found} no es de la clase que pide {field}.", ""),
    "shape_language": ("Los textos de {field} no son uno en inglés y otro en español.", ""),
    "shape_value": ("{found} no sirve como {field}.", ""),
    "no_english": ("{field} está solo en español, y quien lee en inglés no lo encontraría: escríbalo también en inglés.", ""),
    "no_spanish": ("{field} está solo en inglés, y quien lee en español no lo encontraría: escríbalo también en español.", ""),
    # What it lacks.
    "document": (
        "Nada dice de qué documento se toma.",
        "Regístrelo: <{base}id/document/{key}> a par:Document ; rdfs:label \"Andean honey: report\"@en , \"Miel andina: "
        "informe\"@es ."),
    "citation": (
        "Nada dice quién escribió el documento, ni cuándo.",
        "Escriba dcterms:bibliographicCitation \"Author (2026). Title.\"@en , \"Autor (2026). Título.\"@es."),
    "licence": (
        "Nada dice con qué licencia se puede usar.",
        "Nombre una por su dirección: <{base}id/document/{key}> dcterms:license "
        "<{licence}> ."),
    "passage": (
        "Ningún pasaje del documento lo afirma.",
        "Registre uno: <{base}id/passage/{key}/1> a par:Passage ; par:isPassageOf <{base}id/document/{key}> ; "
        "par:hasNamedGraph <{base}graph/experience/{key}/1> ."),
    "graph_of_no_passage": (
        "Ningún pasaje tiene el grafo {found}.",
        "Diga cuál lo afirma: <{base}id/passage/{key}/1> par:hasNamedGraph <{graph}> ."),
    "entry_ways": (
        "Nada dice por qué vía entró al mercado.",
        "Nómbrela, por ejemplo: <{base}id/experience/{key}> par:usesEntryWay entry-way:fairs ."),
    "tools": (
        "Nada dice qué herramientas usó.",
        "Nómbrelas, por ejemplo: <{base}id/experience/{key}> par:usesTool tool:associativity ."),
    # A quién nombra.
    "person": (
        "Nombra a una persona, {found}, y nada dice que haya aceptado.",
        "Pregúntele y escriba <{graph}> par:namesWithConsent <{person}> . Si el propio documento público la nombra, escriba "
        "par:namesAsPublished; si no se le ha preguntado, par:namesUnasked, o deje fuera el nombre: un par:AgentGroup también "
        "dice \"Apicultores\"."),
    "person_unasked": (
        "Se nombra a {found} sin haberle preguntado.",
        "Pregúntele y escriba <{graph}> par:namesWithConsent <{person}> , o deje fuera el nombre: basta un par:AgentGroup."),
    "contact": (
        "Un texto dice cómo contactar a alguien, {found}, y nada dice que haya aceptado.",
        "Quítelo: lo publicado se copia y permanece. Si aceptó, nómbrele con <{graph}> par:namesWithConsent "
        "<{base}id/agent/{key}-person> ."),
    "contact_agreed": (
        "Un texto dice cómo contactar a alguien: {found}.",
        "Quítelo aunque haya aceptado, y nombre la página de su organización: rdfs:seeAlso <{site}>."),
    "duplicate": (
        "{found} tiene casi el mismo nombre. ¿Quería decir {label} ({found})?",
        "Si es la misma experiencia, deje aquella como está; si no, diga en el nombre qué es distinto, como el lugar."),
    "same_name": ("El grafo tiene {found} con el mismo nombre, {label}.", "Si es lo mismo, quite el suyo y señale <{iri}>."),
    "more": (
        "Hay {count} hallazgos más, que no se muestran.",
        "Corrija estos primero y vuelva a comprobar: muchos tienen una causa."),
}
