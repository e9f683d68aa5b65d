"""The words of the pages that list contributions and show one, in English and in Spanish."""

TEXTS = {
    "en": {
        "all": "Contributions", "other": "Español",
        "lead": "Experiences that others have systematized, on their way into the graph. To add one:",
        "form": "Fill in a form", "minutes": "ten minutes for the short one.", "fill": "Fill in", "workbook": "a workbook",
        "or": "or", "csv": "CSV files", "send": "and send it here.", "program": "Send RDF from a program:", "api": "the API",
        "file": "A workbook, CSV files in a ZIP, or RDF", "check": "Check it", "draft": "Keep it as a draft",
        "submit": "Send it for review",
        "token": "With a token of the scope write, which whoever runs this server gives you: the browser asks for a name "
                 "and a password; put it in as the password, with any name.",
        "columns": ("Experience", "State", "Edition", "Published as version", "Sent by", "Last moved"),
        "none": "There is none yet.", "earlier": "Cases of an earlier edition of the questions",
        "editions": "The editions", "one": "Contribution: ", "of": "A contribution of", "is": "It is", "edition": "edition",
        "version": "version", "stands": "is in the graph", "take": "Take the edition with you:",
        "change": "Change it in the form", "contradicts": "It contradicts what is there", "says": "What it says",
        "passage": "Passage", "changes": ("What it adds, statement by statement", "What it removes", "What follows from it"),
        "more": "more: take the edition with you.", "happened": "What happened", "done": "What can be done", "note": "Note",
        "access": "With a token: the browser asks for a name and a password, and the token is the password. Accepting, "
                  "refusing, asking for changes and publishing are for reviewers.",
        "care": "For administrators: take a person's name out of every version",
        "into": "The IRI of the experience that stays", "person": "Who: the IRI of a person, or the exact text",
        "to": "to version", "as": "as version",
        "words": {},
    },
    "es": {
        "all": "Contribuciones", "other": "English",
        "lead": "Experiencias que otros sistematizaron, en camino al grafo. Para añadir una:", "form": "Llene un formulario",
        "minutes": "diez minutos el breve.", "fill": "Llene", "workbook": "un libro de cálculo", "or": "o",
        "csv": "archivos CSV", "send": "y envíelo aquí.", "program": "Envíe RDF desde un programa:", "api": "la API",
        "file": "Un libro de cálculo, archivos CSV en un ZIP, o RDF", "check": "Revisarlo",
        "draft": "Guardarlo como borrador", "submit": "Enviarlo a revisión",
        "token": "Con una clave de alcance write, que le da quien mantiene este servidor: el navegador pide un nombre y "
                 "una contraseña; póngala como contraseña, con cualquier nombre.",
        "columns": ("Experiencia", "Estado", "Edición", "Publicada como versión", "Enviada por", "Último paso"),
        "none": "Aún no hay ninguna.", "earlier": "Casos de una edición anterior de las preguntas",
        "editions": "Las ediciones", "one": "Contribución: ", "of": "Una contribución de", "is": "Estado:",
        "edition": "edición", "version": "versión", "stands": "está en el grafo", "take": "Llévese la edición:",
        "change": "Cambiarla en el formulario", "contradicts": "Contradice lo que hay", "says": "Lo que dice",
        "passage": "Pasaje",
        "changes": ("Lo que añade, afirmación por afirmación", "Lo que quita", "Lo que se sigue de ello"),
        "more": "más: llévese la edición.", "happened": "Lo que pasó", "done": "Lo que se puede hacer", "note": "Nota",
        "access": "Con una clave: el navegador pide un nombre y una contraseña, y la clave es la contraseña. Aceptar, "
                  "rechazar, pedir cambios y publicar es de quienes revisan.",
        "care": "Para administradores: quitar el nombre de una persona de todas las versiones",
        "into": "El IRI de la experiencia que queda", "person": "Quién: el IRI de una persona, o el texto exacto",
        "to": "a la versión", "as": "como versión",
        "words": {
            "draft": "borrador", "submitted": "enviada", "changes asked for": "con cambios pedidos", "accepted": "aceptada",
            "published": "publicada", "refused": "rechazada", "withdrawn": "retirada", "joined": "unida", "save": "guardar",
            "submit": "enviar", "comment": "comentar", "request changes": "pedir cambios", "accept": "aceptar",
            "refuse": "rechazar", "publish": "publicar", "join": "unir", "separate": "separar",
            "remove person": "quitar a una persona", "carry over": "pasar a la nueva edición",
            "revert": "volver atrás", "withdraw": "retirar",
        },
    },
}
