"""Turns what a page shows into what schema.org says of it, for machines that read pages: things, the whole, the way to a page."""

from collections.abc import Mapping, Sequence

from flask import request

from kg.citation import Citation
from kg.describe import ABOUT, TITLE
from kg.names import BASE, LICENCE, OFFERING, compact
from kg.store.revisions import Revision

Linked = Mapping[str, object]

# What the things of a kind are: works, which are part of the whole, and others, of which it tells.
_WORKS = {"experience": "Article", "data-set": "Dataset", "tool": "HowTo",
          **dict.fromkeys(("lesson", "benefit", "risk", "argument", "claim", "success-factor"), "Claim"),
          "recommendation": "CreativeWork"}
_OTHERS = {"country": "Country", "place": "Place", "project": "Project", "product": "Product",
           **dict.fromkeys(("document", "passage"), "CreativeWork"),
           **dict.fromkeys(("entry-way", "approach", "theme"), "DefinedTerm")}
_AGENTS = {"par:Person": "Person", "par:Organization": "Organization", "par:Programme": "Project"}  # of a group nothing says what


def thing(kind: str, classes: Sequence[str], iri: str, name: str, definition: str, passage: tuple[str, str],
          language: str, steps: Sequence[tuple[str, str]] = ()) -> Linked:
    """Return what is said of a thing; nothing of a kind that schema.org has no word for.

    classes: IRIs of those that it is stated to be of; passage: IRI and name of the one that says most of it, or empty texts;
    steps: name and text of each step of what is done in steps.
    """
    found = (_WORKS | _OTHERS).get(kind, "")
    if kind == "agent":
        found = next((type for of_class, type in _AGENTS.items() if of_class in map(compact, classes)), "Thing")
    if not found:
        return {}
    whole = {"@type": "Dataset", "@id": BASE, "name": TITLE[language], "license": LICENCE}
    said: dict[str, object] = {"@context": OFFERING["schema"], "@type": found, "@id": iri, "url": iri, "name": name,
                               "isPartOf" if kind in _WORKS else "subjectOf": whole}
    said |= {"description": definition} if definition else {}
    said |= {"inLanguage": language} if kind in _WORKS else {}
    said |= {"license": LICENCE} if kind in _WORKS else {}
    said |= {"headline": name} if found == "Article" else {}
    said |= {"step": [{"@type": "HowToStep", "position": place, "name": step, **({"text": text} if text else {})}
                      for place, (step, text) in enumerate(steps, 1)]} if steps else {}
    if found == "Claim" and passage[0]:
        said["appearance"] = {"@type": "CreativeWork", "@id": passage[0], "name": passage[1]}
    return said


def credited(said: Linked, citation: Citation) -> Linked:
    """Return what is said of a work of this project with who made it and when, as it is cited; of what is none the same."""
    if "isPartOf" not in said:
        return said
    return {**said, "author": [{"@type": "Organization", "name": name} for name in citation.authors],
            "dateModified": citation.made[:10]}


def whole(revision: Revision, language: str, files: Sequence[tuple[str, str, int, str]] = ()) -> Linked:
    """Return what is said of the whole, as of a revision; files: name, media type, size in bytes and SHA-256 of each."""
    at = f"{request.url_root}download/"
    told = [{"@type": "DataDownload", "name": name, "contentUrl": at + name, "encodingFormat": type, "contentSize": f"{size} B",
             "sha256": digest} for name, type, size, digest in files]
    return {"@context": OFFERING["schema"], "@type": "Dataset", "@id": BASE, "url": BASE, "name": TITLE[language],
            "description": ABOUT[language], "license": LICENCE, "version": str(revision.number),
            "dateModified": revision.made[:10], "inLanguage": ["en", "es"],
            "distribution": told or {"@type": "DataDownload", "encodingFormat": "application/n-quads",
                                     "contentUrl": at + "dataset.nq.gz"}}


def site(revision: Revision, language: str) -> Linked:
    """Return what is said of the site: what it is about, and how it is searched."""
    search = {"@type": "SearchAction", "query-input": "required name=words",
              "target": {"@type": "EntryPoint", "urlTemplate": f"{request.url_root}search?q={{words}}"}}
    about = {name: value for name, value in whole(revision, language).items() if name != "@context"}
    return {"@context": OFFERING["schema"], "@type": "WebSite", "@id": request.url_root, "url": request.url_root,
            "name": "COCINA PAR", "inLanguage": ["en", "es"], "potentialAction": search, "about": about}


def crumbs(trail: Sequence[tuple[str, str]]) -> Linked:
    """Return what is said of the way to a page: the name and path of each page from the first one on, this one the last.

    A step without a path has no page.
    """
    root = request.url_root.rstrip("/")
    steps = [{"@type": "ListItem", "position": place, "name": name, **({"item": root + path} if path else {})}
             for place, (name, path) in enumerate(trail, 1)]
    return {"@context": OFFERING["schema"], "@type": "BreadcrumbList", "itemListElement": steps}
