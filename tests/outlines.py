"""Turns the countries of world-atlas into kg/pictures/outlines.txt: a line a country, in the projection of the map.

    npm pack world-atlas@2.0.2
    python -m tests.outlines world-atlas-2.0.2.tgz

The coarse outlines are taken, and of countries too small to have one there, the finer. The sums of what is read are compared,
so that the same file comes of it each time. Source of the projection: Natural Earth, Tom Patterson, as a polynomial by Bojan
Šavrič and others (2011).
"""

import hashlib
import json
import math
import tarfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from tests.machine import ROOT

Point = tuple[float, float]
Ring = list[Point]

SUM = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"
INTO = ROOT / "kg/pictures/outlines.txt"
WIDTH = 4000  # units from the left edge of the world to its right
WIDEST = 2.73539  # of the projection on a globe of radius 1, from the middle to the edge
LEFT_OUT = ("Antarctica",)
TRIES = 40  # points looked at in each direction for the one that lies deepest within a country
# Natural Earth's short names, written out as people do; and other names in use.
NAMES = {
    "Antigua and Barb.": "Antigua and Barbuda", "Bosnia and Herz.": "Bosnia and Herzegovina", "Cabo Verde": "Cape Verde",
    "Central African Rep.": "Central African Republic", "Congo": "Republic of the Congo", "Côte d'Ivoire": "Ivory Coast",
    "Czechia": "Czech Republic", "Dem. Rep. Congo": "Democratic Republic of the Congo", "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea", "Falkland Is.": "Falkland Islands", "Macedonia": "North Macedonia", "Marshall Is.":
    "Marshall Islands", "Myanmar": "Burma", "S. Sudan": "South Sudan", "Solomon Is.": "Solomon Islands", "South Korea":
    "Republic of Korea", "St. Kitts and Nevis": "Saint Kitts and Nevis", "St. Vin. and Gren.":
    "Saint Vincent and the Grenadines", "Timor-Leste": "East Timor", "Turkey": "Türkiye", "United States of America":
    "United States", "Vietnam": "Viet Nam", "W. Sahara": "Western Sahara", "eSwatini": "Swaziland",
}


def projected(longitude: float, latitude: float) -> Point:
    """Return where a place stands on the map, in its units from the upper left."""
    across, up = math.radians(longitude), math.radians(latitude)
    two = up * up
    four = two * two
    x = across * (0.8707 - 0.131979 * two + four * (-0.013791 + four * (0.003971 * two - 0.001529 * four)))
    y = up * (1.007226 + two * (0.015085 + four * (-0.044475 + 0.028874 * two - 0.005916 * four)))
    scale = WIDTH / (2 * WIDEST)
    return (x + WIDEST) * scale, (1.42239 - y) * scale


def rings_of(atlas: dict[str, Any], shape: dict[str, Any]) -> Iterator[Ring]:
    """Yield the outer rings of a shape of TopoJSON, cut where they cross the edge of the map."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
        ring: Ring = []
        for number in polygon[0]:
            x = y = 0
            points: Ring = []
            for dx, dy in atlas["arcs"][number if number >= 0 else ~number]:
                x, y = x + dx, y + dy
                points.append((x * sx + tx, y * sy + ty))
            ring += (points if number >= 0 else points[::-1])[1 if ring else 0:]
        yield from _cut(ring)


def _cut(ring: Ring) -> Iterator[Ring]:
    """Yield a ring's parts between the edges of the map: of one that crosses an edge, those at both."""
    whole, turns = [ring[0]], 0
    for (before, _), (x, y) in pairwise(ring):
        turns += (x - before < -180) - (x - before > 180)
        whole.append((x + 360 * turns, y))
    for shift in (-360, 0, 360):
        part = _within([(x + shift, y) for x, y in whole], 180, 1)
        part = _within(part, 180, -1)
        if len(part) > 2:
            yield part


def _within(ring: Ring, edge: float, side: int) -> Ring:
    """Return the part of a ring on one side of a meridian. Source: Sutherland and Hodgman (1974)."""
    kept: Ring = []
    for (ax, ay), (bx, by) in pairwise([*ring, *ring[:1]]):
        if (ax * side <= edge) != (bx * side <= edge):
            kept.append((edge * side, ay + (by - ay) * (edge * side - ax) / (bx - ax)))
        if bx * side <= edge:
            kept.append((bx, by))
    return kept


def area(ring: Ring) -> float:
    """Return the area within a ring, in units of the map squared."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, *ring[:1]]))) / 2


def deepest(ring: Ring) -> tuple[float, float, float]:
    """Return a point deep within a ring, and how far it is from the outline."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    tried = [(min(xs) + (max(xs) - min(xs)) * (i + .5) / TRIES, min(ys) + (max(ys) - min(ys)) * (j + .5) / TRIES)
             for i in range(TRIES) for j in range(TRIES)]
    return max((((x, y, _clearance(ring, x, y)) for x, y in tried if _holds(ring, x, y))), key=lambda one: one[2],
               default=(sum(xs) / len(xs), sum(ys) / len(ys), 0))


def _holds(ring: Ring, x: float, y: float) -> bool:
    crossed = sum((ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax
                  for (ax, ay), (bx, by) in pairwise([*ring, *ring[:1]]))
    return crossed % 2 == 1


def _clearance(ring: Ring, x: float, y: float) -> float:
    least = math.inf
    for (ax, ay), (bx, by) in pairwise([*ring, *ring[:1]]):
        long = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0, min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long)) if long else 0
        least = min(least, math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    return least


def path_of(rings: list[Ring]) -> str:
    """Return rings as the data of an SVG path, in whole units; those that vanish are left out."""
    parts = []
    for ring in rings:
        whole = [(round(x), round(y)) for x, y in ring]
        points = [one for place, one in enumerate(whole) if one != whole[place - 1]]
        if len(points) > 2:
            steps = "".join(f"{bx - ax:+d}{by - ay:+d}" for (ax, ay), (bx, by) in pairwise(points))
            parts.append(f"M{points[0][0]},{points[0][1]}l{steps.removeprefix('+').replace('+', ' ')}z")
    return "".join(parts)


def line_of(shape: dict[str, Any], atlas: dict[str, Any]) -> str:
    """Return the line of a country: ISO 3166-1 number, names, box of its main part, a point deep within, how deep, its path."""
    rings = [[projected(*point) for point in ring] for ring in rings_of(atlas, shape)]
    main = max(rings, key=area)
    xs, ys = [x for x, _ in main], [y for _, y in main]
    short = shape["properties"]["name"]
    names = "|".join(dict.fromkeys([short, NAMES.get(short, short)]))
    path = path_of(rings)
    if not path:  # smaller than a unit
        path = f"M{round(min(xs))},{round(min(ys))}h1v1h-1z"
    numbers = " ".join(f"{number:.0f}" for number in (min(xs), min(ys), max(xs), max(ys), *deepest(main)))
    return "\t".join((shape.get("id") or "-", names, numbers, path))


@click.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
def main(package: Path) -> None:
    """Write the outlines of PACKAGE, world-atlas as it is released."""
    if hashlib.sha256(package.read_bytes()).hexdigest() != SUM:
        raise click.ClickException(f"{package} is another release than the outlines are made of.")
    lines: dict[str, str] = {}
    with tarfile.open(package) as archive:
        for scale in ("110m", "50m"):
            held = archive.extractfile(f"package/countries-{scale}.json")
            assert held
            atlas = json.load(held)
            for shape in atlas["objects"]["countries"]["geometries"]:
                name = shape["properties"]["name"]
                key = shape.get("id") or name
                if name not in LEFT_OUT and key not in lines and (scale == "110m" or shape.get("id")):
                    lines[key] = line_of(shape, atlas)
    INTO.write_text("\n".join(sorted(lines.values())) + "\n", encoding="utf-8")
    click.echo(f"{len(lines)} countries, {INTO.stat().st_size} bytes, SHA-256 {hashlib.sha256(INTO.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
