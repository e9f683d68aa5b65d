"""Adding an experience by form and file, over HTTP and in a real browser: what a person without RDF does, and what goes wrong."""

import io
import json
import re
import shutil
import urllib.parse
import urllib.request
from html import unescape

import openpyxl
import pytest

from kg.entry.parts import name_of
from kg.entry.shipped import shipped_form

FORM = "application/x-www-form-urlencoded"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# The prose of tests/data/submissions/salt_quinoa.md as a person would fill it in, area by area.
SHORT = {
    "SystematizedExperience.0": {
        "label@en": "Quinoa of the salt rim (invented)", "label@es": "Quinua del borde del salar (inventada)",
        "definition@en": "Sixty-two women sell their black quinoa to a hotel school and to hotels.",
        "definition@es": "Sesenta y dos mujeres venden su quinua negra a una escuela de hotelería y a hoteles.",
        "inCountry": ["Bolivia"], "takesPlaceIn": ["Uyuni"], "involvesProduct": ["black quinoa"],
        "usesEntryWay": ["Articulation with training centers", "Direct relationship with chefs/restaurants"]},
    "Document.0": {"label@en": "Quinoa of the salt rim: an invented page",
                   "label@es": "Quinua del borde del salar: una página inventada",
                   "definition@en": "A page that is made up.", "definition@es": "Una página inventada.",
                   "bibliographicCitation@en": "Nobody (2026). Quinoa of the salt rim. Invented.",
                   "bibliographicCitation@es": "Nadie (2026). Quinua del borde del salar. Inventado.",
                   "license": "https://creativecommons.org/licenses/by/4.0/"},
    "Participation.0": {"hasParticipant": "Cooperative of the Salt Rim", "hasRole": ["seller"],
                        "contribution@en": "The grain, washed.", "contribution@es": "El grano, lavado."},
    "ToolApplication.0": {"onEntryWay": "Articulation with training centers", "appliesTool": "Financing"},
}


def fields(page, **more):
    pairs = [(f"{row}.{column}", text) for row, columns in page.items() for column, texts in columns.items()
             for text in ([texts] if isinstance(texts, str) else texts)]
    return urllib.parse.urlencode([*pairs, *more.items()]).encode()


def send(desk, who, path, body, **headers):
    """Send a form and do not follow where it leads."""
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None
    bearer = {"Authorization": f"Bearer {desk.tokens[who]}"} if who else {}
    sent = {"Content-Type": FORM, "Accept": "text/html", **bearer, **headers}
    request = urllib.request.Request(desk.server.address + path, body, sent)
    try:
        with urllib.request.build_opener(Stay).open(request) as answer:
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", ""), error.read().decode()


def texts_of(page):
    return unescape(re.sub(r"<[^>]+>", " ", page))


def inputs_of(page):
    """Return the fields of a page with their values, as a browser would send them back."""
    found = []
    for tag in re.findall(r"<input[^>]*>|<textarea[^>]*>[^<]*</textarea>|<select.*?</select>", page, re.DOTALL):
        name = re.search(r'name="([^"]+)"', tag)
        if not name or 'type="file"' in tag:
            continue
        if tag.startswith("<textarea"):
            found.append((name[1], unescape(re.search(r">([^<]*)</textarea>", tag)[1])))
        elif tag.startswith("<select"):
            chosen = re.search(r"<option(?: value=\"([^\"]*)\")? selected>([^<]*)", tag)
            found.append((name[1], unescape(chosen[2]) if chosen else ""))
        elif 'type="checkbox"' not in tag or " checked" in tag:
            found.append((name[1], unescape(re.search(r'value="([^"]*)"', tag)[1])))
    return found


def test_form_when_opened_then_it_asks_what_the_shapes_say_in_both_languages_and_without_script(desk):
    english, spanish = (desk.server.get(f"/contributions/new?language={language}", "text/html").text for language in ("en", "es"))
    assert "Entry ways" in english
    assert "Vías de entrada" in spanish
    assert "Participación en ferias" in spanish
    assert "<script>" not in english
    assert "style=" not in english
    assert {name for name, _ in inputs_of(english)} == {name for name, _ in inputs_of(spanish)}
    names = {name.partition(".")[0] for name, _ in inputs_of(english)}
    assert {"SystematizedExperience", "Document", "Participation", "ToolApplication"} <= names
    labelled = "".join(re.findall(r"<label.*?</label>", english, re.DOTALL))
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", english):  # everything has a name that can be heard
        assert 'type="hidden"' in tag or "aria-label=" in tag or tag in labelled
    assert len(english) < 150_000


def test_form_when_an_address_fills_it_in_then_it_stands_there(desk):
    page = desk.server.get("/contributions/new?language=en&ToolApplication.0.appliesTool=Financing", "text/html").text
    assert ("ToolApplication.0.appliesTool", "Financing") in inputs_of(page)


def test_prose_when_filled_in_area_by_area_then_sent_reviewed_published_and_told(desk):
    status, where, _ = send(desk, "ana", "/contributions/new?language=en", fields(SHORT, do="next"))
    assert status == 303
    assert "/form/source" in where
    one = where.split("/")[2]
    named = (("How it reached the market", "Cómo llegó al mercado"), ("What they learned", "Lo que aprendieron"))
    passages = {f"Passage.{n}": {"label@en": english, "label@es": spanish, "hasPassageKind": "section"}
                for n, (english, spanish) in enumerate(named)}
    status, where, _ = send(desk, "ana", where, fields(passages, do="next", edition="1"))
    assert status == 303
    assert "/form/actors" in where
    # What was made by naming it can be said more of.
    page = desk.server.get(where, "text/html").text
    agents = dict(inputs_of(page))
    row = next(name.rpartition(".")[0] for name, value in inputs_of(page) if value == "Cooperative of the Salt Rim")
    agents |= {f"{row}.type": "organization", f"{row}.label@es": "Cooperativa del Borde del Salar"}
    status, where, _ = send(desk, "ana", where, urllib.parse.urlencode({**agents, "do": "save"}).encode())
    assert status == 303
    lesson = {"Insight.0": {"type": "lesson", "label@en": "Talk with the owners", "label@es": "Hablar con los dueños",
                            "definition@en": "Cooks change their place of work.",
                            "definition@es": "Los cocineros cambian de trabajo.", "passage": "What they learned"}}
    status, where, _ = send(desk, "ana", f"/contributions/{one}/form/lessons?language=en", fields(lesson, do="save", edition="3"))
    assert status == 303
    number = {"Quantity.0": {"counts@en": "women who are members", "counts@es": "mujeres socias", "numericValue": "62",
                             "hasUnit": "members", "hasValueStatus": "actual", "passage": "How it reached the market"}}
    body = fields(number, do="submit", edition="4")
    status, where, page = send(desk, "ana", f"/contributions/{one}/form/numbers?language=en", body)
    if "form" in where:
        raise AssertionError(texts_of(desk.server.get(where, "text/html").text))
    assert (status, where.partition("?")[0]) == (303, f"/contributions/{one}")
    told = desk.server.get(f"/contributions/{one}", "application/json").json()
    assert told["state"] == "submitted"
    page = desk.server.get(f"/contributions/{one}?language=es", "text/html").text
    assert '<html lang="es">' in page
    read = texts_of(re.sub("<details.*?</details>", "", page, flags=re.DOTALL))
    for told in ("Quinua del borde del salar (inventada)", "Qué se cuenta", "mujeres socias", "Herramienta", "enviada"):
        assert told in read
    assert "rdfs:" not in read
    assert "par:" not in read
    assert "Llene" in texts_of(desk.server.get("/contributions?language=es", "text/html").text)
    assert desk.note("beto", one, "accept").status == 200
    assert desk.note("beto", one, "publish").json()["version"] == 1
    thing = desk.server.get("/id/experience/quinoa-of-the-salt-rim-invented.nt").text
    listed = desk.server.get("/queries/find_experiences.csv?country=bolivia").text  # it says nothing of an approach
    assert "quinoa-of-the-salt-rim-invented" in listed
    assert "usesTool" in thing
    assert "tool/financing" in thing
    graph = desk.server.get("/graph/experience/quinoa-of-the-salt-rim-invented/1/what-they-learned.nt").text
    assert "Cooks change their place of work." in graph
    assert "restsOn" in graph


def begun(desk, who="ana", **more):
    case = {"SystematizedExperience.0": {"label@en": f"Case {len(more)} {sorted(more)}", "label@es": "Caso", **more}}
    status, where, page = send(desk, who, "/contributions/new?language=en", fields(case, do="save"))
    assert status == 303, texts_of(page)
    return where.split("/")[2]


def test_form_when_sent_without_a_token_then_the_browser_is_asked_and_nothing_is_kept(desk):
    status, _, _ = send(desk, "", "/contributions/new", fields(SHORT))
    assert status == 401
    status, _, _ = send(desk, "ana", "/contributions/new", fields(SHORT), Origin="https://elsewhere.example")
    assert status == 403


def test_form_when_it_has_no_name_then_what_was_written_stands_there_still(desk):
    status, _, page = send(desk, "ana", "/contributions/new?language=es",
                           fields({"SystematizedExperience.0": {"definition@es": "Lo que sé <b>hasta</b> ahora"}}))
    assert status == 422
    assert "aún no tiene nombre" in texts_of(page)
    assert ("SystematizedExperience.0.definition@es", "Lo que sé <b>hasta</b> ahora") in inputs_of(page)
    assert "<b>hasta" not in page


def test_form_when_values_are_wrong_then_kept_shown_and_told_beside_their_field(desk):
    one = begun(desk, inCountry="Atlantis", usesEntryWay="Fairs")
    body = fields({"Quantity.0": {"counts@en": "x", "counts@es": "x", "numericValue": "about sixty"}}, do="submit", edition="1")
    status, where, _ = send(desk, "ana", f"/contributions/{one}/form/numbers?language=en", body)
    assert status == 303
    assert "tried" in where
    page = desk.server.get(where, "text/html").text
    assert ("Quantity.0.numericValue", "about sixty") in inputs_of(page)
    wrong = texts_of("".join(re.findall(r'<div class="asked wrong">.*?</div>', page, re.DOTALL)))
    assert "about sixty will not do" in wrong
    assert "28000" in wrong
    assert re.search(r"\(Source\)\W+Nothing says under which licence", texts_of(page))
    assert "on the page The case in short" in texts_of(page)
    short = desk.server.get(f"/contributions/{one}/form/short?language=en", "text/html").text
    assert ("SystematizedExperience.0.inCountry", "Atlantis") in inputs_of(short)


def test_form_when_filled_in_in_spanish_alone_then_not_sent_and_each_field_asks_for_the_english_and_the_draft_stays(desk):
    case = {row: {name: texts for name, texts in columns.items() if not name.endswith("@en")} for row, columns in SHORT.items()}
    case["SystematizedExperience.0"]["label@es"] = "Queso contado en español"
    status, where, _ = send(desk, "ana", "/contributions/new?language=es", fields(case, do="submit"))
    assert (status, "tried" in where) == (303, True)
    page = desk.server.get(where, "text/html").text
    wrong = texts_of("".join(re.findall(r'<div class="asked wrong">.*?</div>', page, re.DOTALL)))
    assert wrong.count("escríbalo también en inglés") == 4
    told = desk.server.get(f"/contributions/{where.split('/')[2]}", "application/json").json()
    assert told["state"] == "draft"
    assert "Queso contado en español" in page


def test_form_when_sent_as_it_is_shown_then_nothing_changes_and_there_is_no_new_edition(desk):
    one = begun(desk, usesEntryWay=["Fairs"], inCountry="Peru", involvesProduct="an unheard of thing")
    for area in shipped_form().areas:
        page = desk.server.get(f"/contributions/{one}/form/{area.key}?language=en", "text/html").text
        status, _, _ = send(desk, "ana", f"/contributions/{one}/form/{area.key}?language=en",
                            urllib.parse.urlencode([*inputs_of(page), ("do", "save")]).encode())
        assert status == 303
    assert desk.server.get(f"/contributions/{one}", "application/json").json()["edition"] == 1


def test_form_when_two_change_it_at_once_then_the_second_is_told_and_loses_nothing(desk):
    one = begun(desk, altLabel__en="x")
    for note, wanted in (("first", 303), ("second", 409)):
        body = fields({"SystematizedExperience.0": {"label@en": note, "label@es": note}}, do="save", edition="1")
        status, _, page = send(desk, "ana", f"/contributions/{one}/form/short?language=en", body)
        assert status == wanted
    assert ("SystematizedExperience.0.label@en", "second") in inputs_of(page)
    assert "Somebody has changed it" in texts_of(page)


def test_form_when_a_row_is_taken_out_then_it_is_gone_and_what_rdf_said_besides_stays(desk):
    turtle = (desk.path.parent / "case.ttl")
    turtle.write_text("x")
    honey = (shipped_case() + "\n<https://w3id.org/cocina-par/id/experience/hill-tea> "
             "<http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://example.org/more> .\n").encode()
    sent = desk.post("ana", "/contributions?draft=1", honey)
    one = sent.json()["id"]
    page = desk.server.get(f"/contributions/{one}/form/short?language=en", "text/html").text
    given = [*inputs_of(page), ("ToolApplication.0.remove", "1"), ("do", "save")]
    status, _, _ = send(desk, "ana", f"/contributions/{one}/form/short?language=en", urllib.parse.urlencode(given).encode())
    assert status == 303
    text = desk.server.get(f"/contributions/{one}/editions/2.nt").text
    assert "ToolApplication>" not in text
    assert "https://example.org/more" in text


def shipped_case():
    from tests.machine import ROOT
    return (ROOT / "docs/examples/new_experience.ttl").read_text(encoding="utf-8").replace("lake-cheese", "hill-tea")


def multipart(name, body, **more):
    edge = "parkg-edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name='
    parts = [f'{head}"{key}"\r\n\r\n{value}\r\n'.encode() for key, value in more.items()]
    parts.append(f'{head}"file"; filename="{name}"\r\n\r\n'.encode() + body + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"}


def test_workbook_when_taken_filled_in_checked_and_sent_by_a_page_then_a_contribution(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.server.get("/template/template.xlsx?language=en").body))
    fill = {"label": ("Fog tea", "Té de niebla"), "definition": ("Invented.", "Inventado."), "inCountry": ("Peru", ""),
            "usesEntryWay": ("Fairs", "")}
    for line in book["SystematizedExperience"].iter_rows(min_row=2):
        if line[0].value in fill:
            line[2].value, line[3].value = fill[line[0].value]
    document = {"label": ("A page", "Una página"), "definition": ("Invented.", "Inventado."),
                "bibliographicCitation": ("Nobody", "Nadie"),
                "license": ("https://creativecommons.org/licenses/by/4.0/", "")}
    for line in book["Document"].iter_rows(min_row=2):
        if line[0].value in document:
            line[2].value, line[3].value = document[line[0].value]
    book["ToolApplication"].append(["Fairs", "Finansing"])
    def saved():
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    body, headers = multipart("tea.xlsx", saved(), do="check")
    status, _, page = send(desk, "ana", "/contributions/upload?language=es", body, **headers)
    assert status == 200
    assert "ToolApplication" in texts_of(page)
    assert "fila" in texts_of(page)
    assert "Finansing" in texts_of(page)
    rows = [row for row in book["ToolApplication"].iter_rows() if row[1].value == "Finansing"]
    rows[0][1].value = "Financing"
    body, headers = multipart("tea.xlsx", saved(), do="submit")
    status, where, page = send(desk, "ana", "/contributions/upload", body, **headers)
    assert status == 303, texts_of(page)
    back = openpyxl.load_workbook(io.BytesIO(desk.server.get(f"{where}/template/template.xlsx?language=en").body))
    assert "fog-tea" in [line[2].value for line in back["SystematizedExperience"].iter_rows()]
    sent = desk.post("ana", "/contributions", saved(), XLSX)
    assert sent.status == 409
    assert "fog-tea" in json.dumps(sent.json())


def test_rows_when_saved_and_added_to_on_a_page_then_in_the_order_in_which_they_were_written(desk):
    one = begun(desk, usesEntryWay="Fairs", hasQualityScheme="a scheme")
    names, page = ["Zebu milk", "Clay pot", "Mountain salt"], ""
    for first, more in ((0, names), (900, ["Ash"])):
        labels = [(f"Asset.{n}.label@{language}", name) for n, name in enumerate(more, first) for language in ("en", "es")]
        given = [*inputs_of(page), *labels, ("do", "save"), *([] if page else [("edition", "1")])]
        status, where, answer = send(desk, "ana", f"/contributions/{one}/form/heritage?language=en",
                                     urllib.parse.urlencode(given).encode())
        assert status == 303, texts_of(answer)
        page = desk.server.get(where, "text/html").text
    shown = [value for name, value in inputs_of(page) if re.fullmatch(r"Asset\.\d+\.label@en", name) and value]
    assert shown == [*names, "Ash"]


def carried_by(page):
    """Return what a page brings along in hidden fields, and the buttons of its form."""
    form = re.search(r'<form method="post" action="/contributions/upload.*?</form>', page, re.DOTALL)
    return (dict(inputs_of(form[0])), re.findall(r'name="do" value="(\w+)"', form[0])) if form else ({}, [])


@pytest.mark.parametrize("format", ["ttl", "xlsx"])
def test_upload_when_checked_and_good_then_sent_without_choosing_the_file_again(desk, format):
    if format == "ttl":
        file = shipped_case().replace("hill-tea", "marsh-tea").encode()
    else:
        case = {"SystematizedExperience.0": {**SHORT["SystematizedExperience.0"], "label@en": "Tea of the fen", "label@es": "Té"}}
        status, where, _ = send(desk, "ana", "/contributions/new?language=en", fields({**SHORT, **case}, do="save"))
        assert status == 303
        file = desk.server.get(f"/contributions/{where.split('/')[2]}/template/template.xlsx?language=es").body
        book = openpyxl.load_workbook(io.BytesIO(file))
        for line in book["Experiencia"].iter_rows(min_row=2):
            if line[0].value == "key":
                line[2].value = "fen-tea-again"
        for sheet in (name for name in book.sheetnames if name in {record.sheets["es"] for record in shipped_form().records[2:]}):
            key = next(cell.column for cell in book[sheet][1] if cell.value == "key")
            for line in book[sheet].iter_rows(min_row=4):
                line[key - 1].value = None
        out = io.BytesIO()
        book.save(out)
        file = out.getvalue()
    body, headers = multipart(f"tea.{format}", file, do="check")
    status, _, page = send(desk, "ana", "/contributions/upload?language=en", body, **headers)
    assert status == 200
    carried, buttons = carried_by(page)
    assert buttons == ["submit", "draft"], texts_of(page)
    edge = "parkg-edge"
    again = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
                    for name, text in {**carried, "do": "submit"}.items()) + f"--{edge}--\r\n"
    status, where, page = send(desk, "ana", "/contributions/upload?language=en", again.encode(),
                               **{"Content-Type": f"multipart/form-data; boundary={edge}"})
    assert status == 303, texts_of(page)
    assert desk.server.get(where.partition("?")[0], "application/json").json()["state"] == "submitted"


def test_upload_when_checked_and_to_be_mended_then_it_can_be_kept_as_a_draft_alone(desk):
    file = shipped_case().replace("hill-tea", "moor-tea").replace("country/bolivia", "country/atlantis").encode()
    body, headers = multipart("tea.ttl", file, do="check")
    assert carried_by(send(desk, "ana", "/contributions/upload", body, **headers)[2])[1] == ["draft"]
    body, headers = multipart("tea.ttl", b"this is no Turtle", do="check")
    assert carried_by(send(desk, "ana", "/contributions/upload", body, **headers)[2]) == ({}, [])


def test_upload_when_what_was_carried_along_is_broken_then_the_file_is_asked_for(desk):
    edge = "parkg-edge"
    parts = {"name": "tea.ttl", "body": "no base64!", "do": "submit"}
    body = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
                   for name, text in parts.items()) + f"--{edge}--\r\n"
    status, _, page = send(desk, "ana", "/contributions/upload", body.encode(),
                           **{"Content-Type": f"multipart/form-data; boundary={edge}"})
    assert (status, "choose it again" in page) == (400, True)


def test_page_when_a_person_could_be_taken_out_then_that_is_folded_away_for_administrators(desk):
    page = desk.server.get(f"/contributions/{begun(desk, takesPlaceIn='Uyuni')}?language=es", "text/html").text
    folded = re.search(r"<details><summary>Para administradores[^<]*</summary>(.*?)</details>", page, re.DOTALL)
    assert "remove-person" in folded[1]
    assert "remove-person" not in page.replace(folded[0], "")


@pytest.mark.parametrize(("name", "status"), [("case.doc", 415), ("", 400)])
def test_upload_when_it_is_no_file_of_ours_then_told(desk, name, status):
    body, headers = multipart(name, b"x", do="check")
    assert send(desk, "ana", "/contributions/upload", body, **headers)[0] == status


def test_names_of_fields_when_unknown_then_left_out(desk):
    case = {"SystematizedExperience.0": {"label@en": "Strange fields", "label@es": "Campos extraños"},
            "Nothing.0": {"label@en": "x"}, "SystematizedExperience.0.x.y": {"z": "x"}}
    status, _where, _ = send(desk, "ana", "/contributions/new?language=en", fields(case))
    assert status == 303
    assert name_of("Asset", 3, "label@en") == "Asset.3.label@en"


def test_browser_when_the_form_is_opened_then_no_console_error_and_all_fields_by_keyboard(desk, tmp_path):
    from tests.machine import need
    from tests.test_openapi import browse
    need(shutil.which("chromium"), "Chromium")
    page, asked = browse(desk.server.address + "/contributions/new?language=es", tmp_path)
    assert "Vías de entrada" in page
    assert all(address.startswith(desk.server.address) for address in asked)
