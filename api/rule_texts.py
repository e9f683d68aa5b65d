"""Turns the sentence of a rule into the same sentence in Spanish."""

_SPANISH = {
    "An entry in a cell of the cube is named for its experience, its tool or approach, and its entry way, in each language.":
        "Una entrada en una celda del cubo se llama como su experiencia, su herramienta o enfoque y su vía de entrada, en cada "
        "idioma.",
    "Members of equivalent named classes are members of each other.":
        "Lo que pertenece a una clase pertenece también a las que equivalen a ella.",
    "A member of a class is a member of its superclasses.": "Lo que pertenece a una clase pertenece a las clases más amplias.",
    "A class and one value that define another class make a member of both a member of that.":
        "Lo que pertenece a una clase y tiene el valor que define otra clase pertenece a esta.",
    "A class and two values that define another class make a member of all three a member of that.":
        "Lo que pertenece a una clase y tiene los dos valores que definen otra clase pertenece a esta.",
    "A member of a class that is defined by a wider class and values is a member of the wider class.":
        "Lo que pertenece a una clase definida por otra más amplia y por valores pertenece a la más amplia.",
    "A member of a class that is defined by a wider class and values has each of the values.":
        "Lo que pertenece a una clase definida por otra más amplia y por valores tiene cada uno de esos valores.",
    "The subject of a property is a member of its domain.": "El sujeto de una propiedad pertenece al dominio de esta.",
    "A property and its inverse hold both ways: forward.": "Una propiedad y su inversa valen en ambos sentidos: hacia adelante.",
    "A property and its inverse hold both ways: backward.": "Una propiedad y su inversa valen en ambos sentidos: hacia atrás.",
    "The object of an object property is a member of its range.":
        "El objeto de una propiedad entre cosas pertenece al rango de esta.",
    "What stands in a property stands in its superproperties.":
        "Lo que está unido por una propiedad lo está también por las propiedades más amplias.",
    "A chain of two properties gives the property that it is a chain of.":
        "Dos propiedades seguidas dan la propiedad que se define como su cadena.",
    "A symmetric property holds both ways.": "Una propiedad simétrica vale en ambos sentidos.",
    "A transitive property reaches through.": "Una propiedad transitiva llega de un extremo al otro.",
    "Subclasses of subclasses are subclasses.": "Las subclases de una subclase son subclases.",
    "Subproperties of subproperties are subproperties.": "Las subpropiedades de una subpropiedad son subpropiedades.",
}


def in_spanish(sentence: str) -> str:
    """Return the sentence of a rule in Spanish; one that nobody has translated as it is."""
    return _SPANISH.get(sentence, sentence)
