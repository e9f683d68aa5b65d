"""Turns choices into texts in both languages, of the length and vocabulary that the real ones have; what they say is made up."""

from random import Random

Pair = tuple[str, str]

GROUPS: list[Pair] = [
    ("growers", "cultivadores"),
    ("beekeepers", "apicultores"),
    ("fishermen", "pescadores"),
    ("weavers", "tejedoras"),
    ("herders", "pastores"),
    ("bakers", "panaderos"),
    ("cheesemakers", "queseros"),
    ("gatherers", "recolectoras"),
    ("young cooks", "jóvenes cocineros"),
    ("market women", "mujeres del mercado"),
    ("potato farmers", "paperos"),
    ("coffee farmers", "caficultores"),
]
PLACES: list[Pair] = [
    ("the upper valley", "el valle alto"),
    ("the salt flats", "el salar"),
    ("the southern coast", "la costa sur"),
    ("the high plain", "el altiplano"),
    ("the cloud forest", "el bosque nublado"),
    ("the lake islands", "las islas del lago"),
    ("the river mouth", "la desembocadura del río"),
    ("the old town", "el pueblo viejo"),
    ("the dry forest", "el bosque seco"),
    ("the northern hills", "los cerros del norte"),
]
GOODS: list[Pair] = [
    ("honey", "miel"),
    ("quinoa", "quinua"),
    ("native potatoes", "papas nativas"),
    ("goat cheese", "queso de cabra"),
    ("garlic", "ajo"),
    ("cocoa", "cacao"),
    ("amaranth", "amaranto"),
    ("smoked fish", "pescado ahumado"),
    ("jam", "mermelada"),
    ("maize beer", "chicha de maíz"),
    ("dried herbs", "hierbas secas"),
    ("lamb", "cordero"),
    ("chilli", "ají"),
    ("algarrobo flour", "harina de algarrobo"),
]
DEEDS: list[Pair] = [
    ("sold together at the fair", "vendieron juntos en la feria"),
    ("agreed on a price for the season", "acordaron un precio para la temporada"),
    ("obtained a sanitary registration", "obtuvieron un registro sanitario"),
    ("opened a kitchen of their own", "abrieron una cocina propia"),
    ("trained forty neighbours", "capacitaron a cuarenta vecinos"),
    ("delivered to schools every week", "entregaron a las escuelas cada semana"),
    ("invited chefs to the harvest", "invitaron a chefs a la cosecha"),
    ("formed a cooperative", "formaron una cooperativa"),
    ("took a loan with a joint guarantee", "tomaron un préstamo con garantía solidaria"),
    ("told the story of the product on its label", "contaron la historia del producto en su etiqueta"),
]
OUTCOMES: list[Pair] = [
    ("income came sooner and was shared more evenly", "los ingresos llegaron antes y se repartieron mejor"),
    ("waste fell and young people stayed", "la merma bajó y los jóvenes se quedaron"),
    ("buyers came back the next year", "los compradores volvieron al año siguiente"),
    ("the municipality joined with a fund", "el municipio se sumó con un fondo"),
    ("the recipe was kept alive", "la receta se mantuvo viva"),
    ("quality became even", "la calidad se volvió pareja"),
    ("transport turned out too dear at first", "el transporte resultó demasiado caro al principio"),
    ("women took half of the posts", "las mujeres tomaron la mitad de los cargos"),
]


def sentence(random: Random) -> Pair:
    """Return a sentence of some 100 to 200 characters, in English and in Spanish."""
    group, place, goods = random.choice(GROUPS), random.choice(PLACES), random.choice(GOODS)
    deed, outcome = random.choice(DEEDS), random.choice(OUTCOMES)
    return (f"With {goods[0]} from {place[0]}, the {group[0]} {deed[0]}; {outcome[0]}.",
            f"Con {goods[1]} de {place[1]}, {group[1]} {deed[1]}; {outcome[1]}.")


def name(random: Random) -> Pair:
    """Return a name of a few words, in English and in Spanish."""
    group, place = random.choice(GROUPS), random.choice(PLACES)
    return f"{group[0].capitalize()} of {place[0]}", f"{group[1].capitalize()} de {place[1]}"
