"""The words of the pages on which an experience is filled in, in English and in Spanish."""

TEXTS = {
    "en": {
        "title": "A new experience", "other": "Español", "of": "Experience: ",
        "lead": "Fill in what you know; every page is kept as a draft when you go on. Texts are written in English "
                "and in Spanish, in your own words; a draft may lack one of the two.",
        "short": "This first page is the short form: ten minutes. It can be sent as it is; the other pages say more.",
        "token": "To save it you need a token that may write: whoever runs this server gives you one. When the browser "
                 "asks, put it in as the password, with any name.",
        "required": "must be filled in", "english": "English", "spanish": "Spanish", "passage": "Passage that says it",
        "more": "More about it", "new": "One more", "add": "Save and add more", "remove": "Take this one out", "any": "–",
        "save": "Save", "next": "Save and go on", "see": "Save and see what it adds", "submit": "Send for review",
        "saved": "Saved as a draft.", "tried": "It is saved, but cannot be sent yet: what must be mended is marked.",
        "changed": "Somebody has changed it since you opened this page. What you filled in stands here still: "
                   "compare, and save again.",
        "found": "What was found", "elsewhere": "on the page ",
        "must": "To mend", "should": "Better to mend", "may": "To look at",
        "nothing": "Nothing is found that has to be mended.", "closed": "It cannot be changed in its state.",
        "preview": "See it as it will be published",
        "file": "As a workbook", "back": "Its page", "choose": "choose or write a name", "checked": "Checked: ",
        "again": "Back, to choose another file, or this one after a change",
        "carried": "The file as it was checked goes along:", "draft": "Keep it as a draft",
        "row": "row", "sheet": "sheet", "line": "line",
    },
    "es": {
        "title": "Una experiencia nueva", "other": "English", "of": "Experiencia: ",
        "lead": "Llene lo que sepa; cada página se guarda como borrador al seguir. Los textos se escriben en inglés y "
                "en español, con sus propias palabras; en un borrador puede faltar uno de los dos.",
        "short": "Esta primera página es la forma breve: diez minutos. Se puede enviar así; las demás páginas dicen más.",
        "token": "Para guardarla necesita una clave que permita escribir: se la da quien mantiene este servidor. Cuando el "
                 "navegador la pida, póngala como contraseña, con cualquier nombre.",
        "required": "obligatorio", "english": "Inglés", "spanish": "Español", "passage": "Pasaje que lo dice",
        "more": "Más sobre esto", "new": "Uno más", "add": "Guardar y agregar más", "remove": "Quitar este", "any": "–",
        "save": "Guardar", "next": "Guardar y seguir", "see": "Guardar y ver qué agrega", "submit": "Enviar a revisión",
        "saved": "Guardado como borrador.", "tried": "Está guardado, pero aún no se puede enviar: lo que hay que "
                 "corregir está marcado.",
        "changed": "Alguien lo cambió desde que abrió esta página. Lo que usted llenó sigue aquí: compare y guarde de nuevo.",
        "found": "Lo que se encontró", "elsewhere": "en la página ",
        "must": "Por corregir", "should": "Mejor corregir", "may": "Por mirar",
        "nothing": "No se encontró nada que haya que corregir.", "closed": "En su estado no se puede cambiar.",
        "preview": "Verla como se publicará",
        "file": "Como libro de cálculo", "back": "Su página", "choose": "elija o escriba un nombre", "checked": "Revisado: ",
        "again": "Volver, para elegir otro archivo, o este tras un cambio",
        "carried": "El archivo revisado va incluido:", "draft": "Guardarlo como borrador",
        "row": "fila", "sheet": "hoja", "line": "línea",
    },
}
