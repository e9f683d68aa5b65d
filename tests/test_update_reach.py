"""What an update can reach, told from its text; and an update run on that alone does what it does beside the whole store."""

import random
from itertools import product

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.errors import GraphProtected, QueryMalformed, UpdateFailed
from kg.names import BASE, EDITORIAL_GRAPH, GRAPH, OWN_DEFAULT_GRAPH
from kg.store import changes
from kg.store.changes import Update, apply
from kg.store.reach import reach

HIDDEN = "{ ?s ?p ?o }"
NOT_TOLD = [
    f"CLEAR GRAPH <{EDITORIAL_GRAPH}>", "CLEAR ALL", "DROP SILENT NAMED", "DROPALL", "CLEAR SILENTALL",
    f"DELETE {{ GRAPH ?g {HIDDEN} }} WHERE {{ GRAPH ?g {HIDDEN} }}", f"DELETE WHERE {{ GRAPH#\n?g {HIDDEN} }}",
    f"DELETE WHERE {{ GRAPH$g{HIDDEN} }}", f"DELETE WHERE {{ \\u0047RAPH ?g {HIDDEN} }}",
    "INSERT DATA { GRAPH <graph/editorial> { <s> <p> 1 } }", "INSERT DATA { GRAPH </cocina-par/graph/editorial> { <s> <p> 1 } }",
    "INSERT DATA { GRAPH <x/../graph/editorial> { <s> <p> 1 } }", "INSERT DATA { GRAPH <./graph/editorial> { <s> <p> 1 } }",
    "INSERT DATA { GRAPH <//w3id.org/cocina-par/graph/editorial> { <s> <p> 1 } }",
    f"INSERT DATA {{ GRAPH <{BASE}x/../graph/editorial> {{ <s> <p> 1 }} }}",
    "INSERT DATA { GRAPH <gr\\u0061ph/editorial> { <s> <p> 1 } }",
    f"BASE <{GRAPH}> INSERT DATA {{ GRAPH <editorial> {{ <s> <p> 1 }} }}",
    "PREFIX g: <gra> INSERT DATA { GRAPH g:ph\\/editorial { <s> <p> 1 } }",
    f"PREFIX g: <http://e.org/> PREFIXg: <{GRAPH}> INSERT DATA {{ GRAPH g:editorial {{ <s> <p> 1 }} }}",
    f"PREFIX g: <http://e.org/> PREFIXg: <{BASE}gra> INSERT DATA {{ GRAPH g:ph\\/editorial {{ <s> <p> 1 }} }}",
    "PREFIX g: <gr\\u0061> INSERT DATA { GRAPH g:ph\\/editorial { <s> <p> 1 } }",
    f"INSERT {{ <s> <p> ?o }} WHERE {{ VALUES ?a {{'''x'}} GRAPH?g{HIDDEN}}}#\\uD800'''\n",
    f"PREFIX g: <http://e.org/> INSERT DATA {{ }} ; PREFIX g: <{GRAPH}> INSERT DATA {{ GRAPH g:editorial {{ <s> <p> 1 }} }}",
    f"PREFIX g: <{GRAPH}> PREFIX GRAPHg: <http://e.org/> INSERT DATA {{ GRAPHg:editorial {{ <s> <p> 1 }} }}",
    f"INSERT DATA {{ GRAPH <{OWN_DEFAULT_GRAPH}> {{ <s> <p> 1 }} }}",
    f"INSERT {{ <s> <p> ?o }} WHERE {{ FILTER(1<2)GRAPH?g#>\n{HIDDEN} }}",
    f"INSERT {{ <s> <p> ?o }} WHERE {{ FILTER('!'<'>')GRAPH?g{HIDDEN} FILTER('a'='a') }}",
    f"PREFIX x: <x:> INSERT {{ <s> <p> ?o }} WHERE {{ FILTER(x:a!=1||x:a<x:b#>'''\n)GRAPH?g{HIDDEN} #'''\n }}",
    f"INSERT {{ <s> <p> ?o }} WHERE {{ VALUES ?a {{'''x'}} GRAPH?g{HIDDEN} }}",
    f"INSERT {{ <s> <p> ?o }} WHERE {{ VALUES ?a {{'''x'}} GRAPH?g{HIDDEN}#\\q'''\n }}",
    f"INSERT {{ <s> <p> ?o }} USING <{EDITORIAL_GRAPH}> WHERE {HIDDEN}",
    f"INSERT {{ <s> <p> ?o }} USING NAMED <http://e.org/g> WHERE {HIDDEN}", f"COPY DEFAULT TO <{EDITORIAL_GRAPH}>",
    "INSERT DATA { GRAPH <http://[> { <s> <p> 1 } }",
    "PREFIX e: <http://e.org/> CREATE GRAPH e:g\U0001F600", "PREFIX e: <http://e.org/> CREATE GRAPH e:g\\u0041",
    "PREFIX e: <http://e.org/> CLEAR DEFAULTPREFIX e: <gra> INSERT DATA { GRAPH e:ph { <s> <p> 1 } }",
]
TOLD = {
    "INSERT DATA { <s> <p> 1, 'GRAPH ?g', '''CLEAR ALL''' } # CLEAR ALL": {f"{BASE}s", f"{BASE}p"},
    f"PREFIX g: <{GRAPH}> PREFIX e: <http://e.org/> INSERT DATA {{ GRAPH e:g {{ e:s a e:C }} }}": {
        "http://e.org/g", "http://e.org/s", "http://e.org/C"},
    "DELETE WHERE { ?graph ?p ?o }": set(),
    "INSERT DATA { <s> <p> 'Per\\u00FA \\u0027 } } ; CLEAR ALL' }": {f"{BASE}s", f"{BASE}p"},
    "INSERT { ?s </p> ?o } WHERE { ?s ?p ?o FILTER(?o < 3 && (?o > 1 || ?s IN (<s>))) }": {"https://w3id.org/p", f"{BASE}s"},
    "CLEAR DEFAULT ; DROP SILENT GRAPH <http://e.org/g>": {"http://e.org/g"},
}


@pytest.mark.parametrize("text", NOT_TOLD)
def test_reach_when_a_public_graph_may_be_among_it_then_it_counts_as_not_told(text):
    assert not reach(text).told


@pytest.mark.parametrize("text", TOLD)
def test_reach_when_no_public_graph_can_be_among_it_then_told_with_the_graphs(text):
    assert reach(text).told
    assert reach(text).graphs == TOLD[text]


@pytest.mark.parametrize("text", NOT_TOLD)
def test_update_when_its_reach_is_not_told_then_the_public_graphs_and_their_union_stay(text):
    store = filled(random.Random(1))
    graphs = (DefaultGraph(), NamedNode(EDITORIAL_GRAPH))
    before = [set(store.quads_for_pattern(None, None, None, graph)) for graph in graphs]
    raised = outcome(store, text)[0]
    assert raised or [set(store.quads_for_pattern(None, None, None, graph)) for graph in graphs] == before


GRAPHS = ["http://e.org/g", "http://e.org/h", BASE + "mine"]
TERMS = ["<http://e.org/a>", "<b>", "1"]


def filled(choice):
    """Return a store with a public graph and the union, graphs of a user's own and their default graph; blank nodes in all."""
    things = [NamedNode("http://e.org/a"), NamedNode(BASE + "b"), BlankNode("one"), BlankNode("two")]
    store = Store()
    for name in [EDITORIAL_GRAPH, OWN_DEFAULT_GRAPH, *GRAPHS]:
        if name == EDITORIAL_GRAPH or choice.random() < 0.7:
            store.add_graph(NamedNode(name))
            for _ in range(choice.randrange(1 if name == EDITORIAL_GRAPH else 0, 5)):
                thing = choice.choice(things)
                store.add(Quad(thing, NamedNode(BASE + "b"), choice.choice([*things, Literal(1)]), NamedNode(name)))
    for quad in list(store.quads_for_pattern(None, None, None, NamedNode(EDITORIAL_GRAPH))):
        store.add(Quad(quad.subject, quad.predicate, quad.object))
    return store


def operation(choice):
    """Return one operation of an update that names no public graph."""
    graph, other = (f"<{choice.choice(GRAPHS)}>" for _ in range(2))
    places = [f"GRAPH {graph}", f"<{choice.choice(GRAPHS)}>", "DEFAULT"]
    source = choice.choice([graph, "DEFAULT"])
    data = f"{choice.choice(TERMS[:2])} <b> {choice.choice(TERMS)}"
    pattern = choice.choice(["?s ?p ?o", f"?s <b> {choice.choice(TERMS)}", f"?s ?p ?o . FILTER(?o != {choice.choice(TERMS)})"])
    pattern = choice.choice([pattern, f"GRAPH {graph} {{ {pattern} }}",
                             f"?s ?p ?o FILTER NOT EXISTS {{ GRAPH {graph} {{ ?s <b> 1 }} }}",
                             f"{{ {pattern} }} UNION {{ GRAPH {other} {{ ?s ?p ?o }} }}", "?s <b>* <b>"])
    templates = ["?s <b> 1", f"GRAPH {other} {{ ?s <b> 1 }}", "?s ?p ?o", f"GRAPH {graph} {{ ?s ?p ?o }}"]
    gone, come = choice.choice(templates), choice.choice(templates)
    begin = choice.choice(["", "", f"WITH {graph} "])
    using = choice.choice(["", "", f"USING {other} ", f"USING {graph} USING {other} "])
    silent = choice.choice(["", "SILENT "])
    return choice.choice([
        f"INSERT DATA {{ {data} }}", f"INSERT DATA {{ GRAPH {graph} {{ {data} }} }}", f"INSERT DATA {{ GRAPH {graph} {{ }} }}",
        f"DELETE DATA {{ {data} }}", f"DELETE DATA {{ GRAPH {graph} {{ {data} }} }}",
        f"{begin}DELETE {{ {gone} }} INSERT {{ {come} }} {using}WHERE {{ {pattern} }}",
        f"{begin}INSERT {{ {come} }} {using}WHERE {{ {pattern} }}",
        f"{begin}DELETE {{ {gone} }} {using}WHERE {{ {pattern} }}",
        "DELETE WHERE { ?s ?p ?o }", f"DELETE WHERE {{ GRAPH {graph} {{ ?s ?p 1 }} }}",
        f"CREATE {silent}GRAPH {graph}", f"DROP {silent}{choice.choice([places[0], 'DEFAULT'])}",
        f"CLEAR {silent}{choice.choice([places[0], 'DEFAULT'])}", f"COPY {silent}{source} TO {choice.choice(places)}",
        f"MOVE {silent}{source} TO {choice.choice(places)}", f"ADD {silent}{source} TO {choice.choice(places)}"])


def outcome(store, text):
    """Apply an update; return what was raised, or nothing, with what the store holds then."""
    try:
        apply(store, Update(text), plain=False)
    except (GraphProtected, QueryMalformed, UpdateFailed) as error:
        return type(error), str(error), set(), set()
    return None, "", set(store), set(store.named_graphs())


def test_update_when_run_on_its_reach_alone_then_the_outcome_is_that_beside_the_whole_store(monkeypatch):
    choice = random.Random(20)
    raised, changed, ground = 0, 0, 0
    for seed in range(1500):
        text = " ;\n".join(operation(choice) for _ in range(choice.choice([1, 1, 2, 4])))
        assert reach(text).told, text
        store = filled(random.Random(seed))
        before = set(store), set(store.named_graphs())
        apart = outcome(store, text)
        if apart[0]:
            assert (set(store), set(store.named_graphs())) == before, text
        with monkeypatch.context() as patched:
            patched.setattr(changes, "reach", lambda _: changes.Reach(told=False))
            assert outcome(filled(random.Random(seed)), text) == apart, text
        raised += apart[0] is not None
        ground += reach(text).ground
        changed += apart[2:] not in ((set(), set()), before)
    assert raised > 50
    assert ground > 200
    assert changed > 500


@pytest.mark.parametrize(("graph", "form"), list(product(["", "GRAPH <http://e.org/g>"], ["INSERT DATA", "INSERT"])))
def test_update_when_it_makes_blank_nodes_then_each_is_a_new_one(graph, form):
    store = filled(random.Random(3))
    before = set(store)
    made = f"{graph} {{ _:one <made> 1 }}" if graph else "_:one <made> 1"
    for _ in range(2):
        apply(store, Update(f"{form} {{ {made} }}" + ("" if "DATA" in form else " WHERE {}")), plain=False)
    fresh = {quad.subject for quad in set(store) - before}
    assert len(fresh) == 2
    assert BlankNode("one") not in fresh


@pytest.mark.parametrize("text", ["INSERT DATA { <new> <newer> 2 }", "DELETE WHERE { ?s ?p ?o }", "MOVE DEFAULT TO <http://e.org/g>"])
def test_update_when_it_reaches_too_much_to_take_out_then_the_outcome_is_the_same(monkeypatch, text):
    store, other = filled(random.Random(7)), filled(random.Random(7))
    monkeypatch.setattr(changes, "MOST_APART", 0)
    assert changes._run_apart(filled(random.Random(7)), text, reach(text)) == text.startswith("INSERT")
    few = outcome(store, text)
    monkeypatch.undo()
    assert few == outcome(other, text)
    assert few[0] is None
