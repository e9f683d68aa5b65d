"""Which revision is served while one follows another: whoever wrote reads what they wrote, whatever others still ask."""

import asyncio
import threading
from urllib.parse import quote

import pytest

from kg.store.changes import Update
from kg.store.engine import Question
from kg.store.pool import Pool
from kg.store.revisions import DataFolder
from kg.store.served import Served
from kg.store.writers import Writer

COUNT = Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv")


@pytest.fixture
def growing(tmp_path):
    """Give a data folder with an empty revision, and what puts one more statement into it."""
    folder, writer = DataFolder(tmp_path), Writer(20, plain=True)
    folder.begin()
    yield folder, lambda: folder.change(Update("INSERT { ?new a <x:Thing> } WHERE { BIND(UUID() AS ?new) }"), writer)
    writer.close()


def test_revision_that_was_written_when_the_one_before_is_asked_once_more_then_served_all_the_same(growing):
    """A request keeps to the revision that it began with, and may ask that when its readers were let go already."""
    folder, write = growing

    async def follow():
        pool, in_thread = Pool(20), asyncio.to_thread
        served = Served(folder, pool)
        before = served.current()
        try:
            await in_thread(pool.answer, served.directory(before), COUNT)
            for number in range(2, 8):
                await in_thread(write)
                await in_thread(served.catch_up)
                late = asyncio.ensure_future(in_thread(pool.answer, served.directory(before), COUNT))
                await asyncio.sleep(0.002)
                now = served.current()
                assert now.number == number
                assert (await in_thread(pool.answer, served.directory(now), COUNT)).split() == [b"n", b"%d" % (number - 1)]
                assert (await late).split() == [b"n", b"%d" % (number - 2)]
                assert served.current().number == number
                before = now
        finally:
            pool.close()
            await asyncio.sleep(0.1)

    asyncio.run(follow())


def test_write_when_acknowledged_while_pages_are_made_then_read_by_the_next_request(desk):
    """A page asks several queries of one revision, so that some are asked when the next revision is there. Seen to fail."""
    over, refused = threading.Event(), set()
    count = "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { GRAPH <x:g> { ?s ?p ?o } }")

    def read(path):
        nonlocal refused
        while not over.is_set():
            answer = desk.server.get(path, "application/json")
            refused |= {answer.text} if answer.status != 200 else set()

    readers = [threading.Thread(target=read, args=(path,)) for path in ("/path?entry_way=chefs", "/id/experience/gustu", "/cube")]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 16):
            insert = f"INSERT DATA {{ GRAPH <x:g> {{ <x:{number}> a <x:Thing> }} }}"
            assert desk.post("admin", "/update", insert.encode(), "application/sparql-update").status == 204
            assert desk.rows(count) == [str(number)]
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert not refused
