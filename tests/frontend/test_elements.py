"""The custom elements in a real browser, under the product's content policy."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.frontend.conftest import Site

pytestmark = pytest.mark.browser

AUTO_SAVE = """
<p class="saved" id="saved-line"><svg class="icon"><use href="/static/img/icons.svg#cloud-check"/>
</svg><span>Nothing to save yet</span></p>
<auto-save data-url="/autosave/" data-key="1-2" data-refresh="#fields" data-saving="Saving…"
 data-saved="All changes saved at {time}" data-waiting="Not saved. Trying again."
 data-conflict="{name} changed this answer too." data-conflict-unknown="It has changed since."
 data-mine="Keep mine" data-theirs="Keep theirs" data-both="Keep both" data-close="Close"
 data-signin="Sign in again. Your text is safe." data-signin-action="Sign in"
 data-signin-url="/sign-in/">
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="seal-1">
<div id="fields">
<div data-field="story" data-rev="3"><label for="story">Story</label>
 <textarea id="story" name="story">Once</textarea></div>
<div data-field="groups" data-rev="1" data-shows><input type="hidden" name="_rev.groups" value="1">
 <label><input type="checkbox" name="groups" value="race" checked> Race</label>
 <label><input type="checkbox" name="groups" value="none" data-exclusive> None</label></div>
<div data-field="needs" data-rev="0" data-private>
 <label for="needs">Needs</label><input id="needs" name="needs"></div>
</div><button>Save and continue</button></form></auto-save>
"""


def saved(post):
    """The server of these tests takes every change and counts up."""
    revisions = {code: int(post.fields[f"_rev.{code}"][0]) + 1 for code in post.fields["_changed"]}
    return {"revisions": revisions, "saved_at": "10:42 a.m."}


def test_only_what_changed_is_saved_with_its_revision(site: Site, page: Page) -> None:
    site.answer = saved
    page.goto(site.element(AUTO_SAVE))
    page.fill("#story", "Once upon")
    page.locator("#story").blur()
    expect(page.locator("#saved-line")).to_contain_text("All changes saved at 10:42 a.m.")
    [post] = site.posts  # leaving the box sends nothing twice
    key = post.fields.pop("_key")
    assert re.fullmatch(r"[0-9a-f-]{36}", key[0])
    assert post.fields == {
        "csrfmiddlewaretoken": ["seal-1"],
        "_changed": ["story"],
        "_rev.story": ["3"],
        "story": ["Once upon"],
    }
    assert page.get_attribute("[data-field=story]", "data-rev") == "4"
    assert page.evaluate("Object.keys(localStorage)") == []


def test_none_of_these_clears_the_others(site: Site, page: Page) -> None:
    site.answer = saved
    page.goto(site.element(AUTO_SAVE))
    expect(page.locator("auto-save > [role=status]")).to_have_count(1)
    with page.expect_response("**/autosave/"):
        page.check("input[value=none]")
    expect(page.locator("input[value=race]")).not_to_be_checked()
    assert site.posts[-1].fields["groups"] == ["none"]
    assert site.posts[-1].fields["_rev.groups"] == ["1"]
    expect(page.locator("input[name='_rev.groups']")).to_have_value("2")


def test_an_emptied_group_is_sent_as_changed_without_values(site: Site, page: Page) -> None:
    site.answer = saved
    page.goto(site.element(AUTO_SAVE))
    with page.expect_response("**/autosave/"):
        page.uncheck("input[value=race]")
    assert site.posts[-1].fields["_changed"] == ["groups"]
    assert "groups" not in site.posts[-1].fields


def test_text_is_kept_in_the_browser_until_the_server_answers_again(site: Site, page: Page) -> None:
    site.answer = lambda post: (503, {})
    url = site.element(AUTO_SAVE)
    page.goto(url)
    page.fill("#story", "Kept here")
    page.locator("#story").blur()
    expect(page.locator("#saved-line")).to_contain_text("Not saved. Trying again.")
    page.fill("#needs", "Interpreter")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Kept here" in kept
    assert "Interpreter" not in kept  # marked private
    first_key = site.posts[0].fields["_key"]
    site.answer = saved
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(url)
    expect(page.locator("#story")).to_have_value("Kept here")
    expect(page.locator("#saved-line")).to_contain_text("All changes saved")
    assert site.posts[-1].fields["story"] == ["Kept here"]
    # The same words again, so whichever of the two saves comes second is known (ADR 57).
    assert site.posts[-1].fields["_key"] == first_key
    assert page.evaluate("Object.keys(localStorage)") == []


def test_text_typed_before_the_script_came_is_kept_too(site: Site, page: Page) -> None:
    held: list[Route] = []
    page.route("**/auto-save.js", lambda route: held.append(route))
    site.answer = lambda post: (503, {})
    page.goto(site.element(AUTO_SAVE), wait_until="domcontentloaded")
    page.fill("#story", "Quicker than the script")
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    expect(page.locator("#saved-line")).to_contain_text("Not saved. Trying again.")
    assert "Quicker than the script" in page.evaluate("JSON.stringify(localStorage)")


def test_a_retry_of_the_same_text_carries_the_same_key(site: Site, page: Page) -> None:
    answers = [(503, {}), None]
    site.answer = lambda post: answers.pop(0) or saved(post)
    page.goto(site.element(AUTO_SAVE))
    page.fill("#story", "Twice")
    page.locator("#story").blur()
    expect(page.locator("#saved-line")).to_contain_text("All changes saved")
    assert [post.fields["_key"] for post in site.posts] == [site.posts[0].fields["_key"]] * 2


def test_two_people_see_both_texts_and_nothing_is_lost(site: Site, page: Page) -> None:
    clash = {"field": "story", "theirs": "Theirs", "name": "Marcus Okafor", "revision": 7}
    answers = [(409, {"revisions": {}, "saved_at": "10:42 a.m.", "conflicts": [clash]})]
    site.answer = lambda post: answers.pop() if answers else saved(post)
    page.goto(site.element(AUTO_SAVE))
    page.fill("#story", "Mine")
    page.locator("#story").blur()
    block = page.locator(".conflict")
    expect(block).to_contain_text("Marcus Okafor changed this answer too.")
    expect(block.locator("blockquote")).to_have_text("Theirs")
    expect(page.locator("#story")).to_have_value("Mine")
    with page.expect_response("**/autosave/"):
        block.get_by_role("button", name="Keep both").click()
    expect(page.locator(".conflict")).to_have_count(0)
    assert site.posts[-1].fields["story"] == ["Theirs\n\nMine"]
    assert site.posts[-1].fields["_rev.story"] == ["7"]


def test_a_lost_login_keeps_the_text_and_goes_on_after_signing_in(site: Site, page: Page) -> None:
    site.answer = lambda post: (401, {})
    page.goto(site.element(AUTO_SAVE))
    page.fill("#story", "Still here")
    page.locator("#story").blur()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sign in again. Your text is safe.")
    expect(dialog.get_by_role("link")).to_have_attribute("href", "/sign-in/")
    site.answer = saved
    site.pages["/"] = site.pages["/"].replace("seal-1", "seal-2")
    page.evaluate("dispatchEvent(new Event('focus'))")  # back from the other tab
    expect(page.locator("#saved-line")).to_contain_text("All changes saved")
    assert site.posts[-1].fields["csrfmiddlewaretoken"] == ["seal-2"]
    assert site.posts[-1].fields["story"] == ["Still here"]


def test_questions_that_depend_on_an_answer_come_by_themselves(site: Site, page: Page) -> None:
    site.answer = saved
    page.goto(site.element(AUTO_SAVE))
    page.fill("#story", "Being typed")
    extra = (
        '<div data-field="why" data-rev="0"><label>Why <input id="why" name="why"></label></div>'
    )
    site.pages["/"] = site.pages["/"].replace(
        '<div data-field="needs"', f'{extra}<div data-field="needs"'
    )
    with page.expect_response("**/autosave/"):
        page.locator("#story").blur()
    site.pages["/"] = site.pages["/"].replace(">Once<", ">Being typed<")
    page.check("input[value=none]")
    expect(page.locator("#why")).to_be_visible()
    expect(page.locator("input[value=none]")).to_be_focused()
    expect(page.locator("#story")).to_have_value("Being typed")


def test_closed_for_good_says_so_and_stops(site: Site, page: Page) -> None:
    site.answer = lambda post: (410, {"detail": "Applications are closed."})
    page.goto(site.element(AUTO_SAVE))
    page.fill("#story", "Too late")
    page.locator("#story").blur()
    expect(page.locator("#saved-line")).to_contain_text("Applications are closed.")
    page.fill("#story", "Later still")
    page.locator("#story").blur()
    assert len(site.posts) == 1


def test_signing_out_forgets_the_texts_of_this_browser(site: Site, page: Page) -> None:
    site.pages["/out/"] = "<!doctype html><html lang=en><title>Out</title><p>Out"
    page.goto(site.element('<form data-forget action="/out/"><button>Sign out</button></form>'))
    page.evaluate("localStorage.setItem('closer:1-2:story', 'x')")
    page.evaluate("localStorage.setItem('closer-keys', 'off')")
    page.click("text=Sign out")
    page.wait_for_url("**/out/**")
    page.goto(site.url + "/")
    assert page.evaluate("Object.keys(localStorage)") == ["closer-keys"]


def test_words_are_counted_and_one_may_go_over(site: Site, page: Page) -> None:
    page.goto(
        site.element(
            '<textarea id="t">one two</textarea><word-count for="t" data-max="3"'
            ' data-left="{n} words left" data-over="{n} words too many">3 at most</word-count>'
        )
    )
    count = page.locator("word-count > span")
    expect(count).to_have_text("1 words left")
    page.fill("#t", "one  two\nthree four five")
    expect(count).to_have_text("2 words too many")
    expect(count).to_have_class("over")
    expect(page.locator("#t")).to_have_value("one  two\nthree four five")


DROP = """<file-drop data-max-bytes="1048576" data-types=".pdf" data-choose="Choose a file"
 data-none="No file chosen" data-uploading="Uploading" data-progress="{share}%" data-cancel="Cancel"
 data-cancelled="Cancelled" data-too-big="{size} MB, at most {max} MB" data-wrong-type="Wrong kind"
 data-empty="Empty" data-failed="Failed"><form method="post" enctype="multipart/form-data"
 action="/upload/"><label for="f">Letter</label><input type="file" id="f" name="file">
 <button>Upload</button></form></file-drop>"""


def test_a_file_goes_up_and_the_page_goes_on(site: Site, page: Page) -> None:
    site.answer = lambda post: {"next": "/done/"}
    site.pages["/done/"] = "<!doctype html><html lang=en><title>Done</title><p>Done"
    page.goto(site.element(DROP))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files({"name": "l.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"})
    expect(page.locator("#f-chosen")).to_have_text("l.pdf")
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/done/")
    assert b"%PDF-1" in site.posts[-1].body
    assert site.posts[-1].headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"x", "Wrong kind"),
        ("a.pdf", b"", "Empty"),
        ("a.pdf", b"x" * 2097152, "2 MB, at most 1 MB"),
    ],
)
def test_a_bad_file_is_refused_before_it_travels(
    site: Site, page: Page, name: str, content: bytes, words: str
) -> None:
    page.goto(site.element(DROP))
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    page.set_input_files("#f", {"name": name, "mimeType": "x/y", "buffer": content})
    expect(page.locator(".drop-status")).to_have_text(words)
    page.get_by_role("button", name="Upload").click()
    assert site.posts == []


def test_what_the_server_says_about_a_file_is_shown(site: Site, page: Page) -> None:
    site.answer = lambda post: (422, {"error": "This PDF has a password."})
    page.goto(site.element(DROP))
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    page.set_input_files("#f", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".drop-status")).to_have_text("This PDF has a password.")


GRID = """<paste-grid data-bad="Enter a number in {row}, {column}."><table class="data-grid">
<thead><tr><th>Group</th><th>Oct</th><th>Nov</th></tr></thead><tbody>
<tr><th>All</th><td><input id="a1" inputmode="decimal"></td><td><input id="a2" inputmode="decimal">
</td></tr><tr><th>Asian</th><td><input id="b1" inputmode="decimal"></td>
<td><input id="b2" inputmode="decimal"></td></tr></tbody></table></paste-grid>"""


def test_a_block_of_a_spreadsheet_is_pasted_and_faults_are_named(
    context: BrowserContext, site: Site, page: Page
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.element(GRID))
    expect(page.locator(".grid-messages")).to_have_count(1)
    page.evaluate("navigator.clipboard.writeText('4,812\\t61%\\r\\n381\\tmany\\r\\n')")
    page.focus("#a1")
    page.keyboard.press("Control+V")
    values = [page.input_value(f"#{cell}") for cell in ("a1", "a2", "b1", "b2")]
    assert values == ["4,812", "61%", "381", "many"]
    expect(page.locator(".grid-messages li")).to_have_text(["Enter a number in Asian, Nov."])
    expect(page.locator("#b2")).to_have_attribute("aria-invalid", "true")
    page.focus("#a2")
    page.keyboard.press("Enter")
    expect(page.locator("#b2")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#a2")).to_be_focused()


ROWS = """<row-select data-count="{n} selected"><form><div class="bulk" data-bulk>
<b data-count></b><button type="button" data-clear>Clear</button></div>
<table class="list"><thead><tr><th class="pick">
<input type="checkbox" data-all aria-label="All"></th></tr></thead><tbody>
<tr><td class="pick"><input type="checkbox" name="pick" value="1"></td><th class="title">
<a href="#one">One</a></th></tr>
<tr><td class="pick"><input type="checkbox" name="pick" value="2"></td><th class="title">
<a href="#two">Two</a></th></tr></tbody></table></form></row-select>
<input type="search" data-key="/" id="q"><button type="button" data-keys-toggle>Keys</button>"""


def test_rows_are_picked_by_mouse_and_by_keys(site: Site, page: Page) -> None:
    page.goto(site.element(ROWS))
    bar = page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    page.check("[data-all]")
    expect(bar.locator("[data-count]")).to_have_text("2 selected")
    page.click("[data-clear]")
    expect(bar).to_be_hidden()
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("a >> text=Two")).to_be_focused()
    expect(bar.locator("[data-count]")).to_have_text("1 selected")
    page.keyboard.press("k")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jx")
    expect(page.locator("#q")).to_have_value("jx")


def test_keys_can_be_switched_off(site: Site, page: Page) -> None:
    page.goto(site.element(ROWS))
    toggle = page.locator("[data-keys-toggle]")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).to_have_count(0)


def test_the_time_of_the_reader_is_added_where_it_differs(site: Site, page: Page) -> None:
    time = (
        '<local-time data-zone="{}" data-text="({{time}} your time)">'
        '<time datetime="{}">x</time></local-time>'
    )
    page.goto(
        site.element(
            time.format("America/Chicago", "2026-12-04T23:00:00Z")
            + time.format("America/New_York", "2026-12-04T23:00:00Z")
            + time.format("America/Chicago", "2026-12-05T05:30:00Z")
        )
    )
    expect(page.locator("local-time")).to_have_text(
        ["x (6:00 p.m. your time)", "x", "x (December 5 at 12:30 a.m. your time)"]
    )


def test_a_job_is_watched_to_its_end(site: Site, page: Page) -> None:
    site.polls["/job/"] = [
        {"state": "running", "progress": 40},
        {"state": "done", "result_url": "/f.pdf", "result_label": "Download the PDF"},
    ]
    page.goto(
        site.element(
            '<job-progress data-url="/job/" data-state="waiting" data-failed="Failed">'
            '<p class="job-line">'
            '<progress value="0" max="100" aria-label="PDF"></progress></p>'
            '<p class="job-status" role="status"><a href="">Check again</a></p></job-progress>'
        )
    )
    link = page.get_by_role("link", name="Download the PDF")
    expect(link).to_have_attribute("href", "/f.pdf")
    expect(page.locator("progress")).to_have_js_property("value", 100)


def test_a_chart_says_the_value_under_pointer_and_keys(site: Site, page: Page) -> None:
    page.goto(
        site.element(
            '<figure class="chart"><run-chart><svg viewBox="0 0 300 100" width="300">'
            "<title>Run chart. All patients</title>"
            '<g data-label="Oct 2026" data-value="49%"><circle cx="50" cy="80" r="3"/></g>'
            '<g data-label="Nov 2026" data-value="54%"><circle cx="250" cy="20" r="3"/></g>'
            "</svg></run-chart></figure>"
        )
    )
    chart = page.locator("run-chart")
    expect(chart).to_have_attribute("tabindex", "0")
    chart.focus()
    readout = page.locator(".readout")
    expect(readout).to_have_text("Nov 2026: 54%")
    page.keyboard.press("ArrowLeft")
    expect(readout).to_have_text("Oct 2026: 49%")
    page.keyboard.press("Escape")
    expect(readout).to_be_hidden()
    box = page.locator("run-chart svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 10)
    expect(readout).to_have_text("Nov 2026: 54%")


def test_who_else_is_here(site: Site, page: Page) -> None:
    site.answer = lambda post: {
        "people": [
            {"name": "Marcus Okafor", "section": "data"},
            {"name": "Lena Tso", "section": "video"},
        ]
    }
    page.goto(
        site.element(
            '<presence-bar data-url="/presence/" data-section="data" data-one="{names} is here too"'
            ' data-many="{names} are here too"></presence-bar>'
        )
    )
    expect(page.locator("presence-bar")).to_have_text("Marcus Okafor is here too")
    assert site.posts[0].fields == {"section": ["data"]}
    assert site.posts[0].headers["X-CSRFToken"] == "seal-1"


CLOCK = """<login-clock data-url="/time-left/" data-seconds="{seconds}" data-stay="Stay signed in"
 data-warning="You will be signed out in two minutes." data-over="You are signed out."
 data-signin="Sign in" data-signin-url="/sign-in/?next=/a/"></login-clock>"""


def test_a_login_that_is_about_to_end_says_so_and_can_be_kept(site: Site, page: Page) -> None:
    """WCAG 2.2.1: warned two minutes before, and one press is enough."""
    site.polls["/time-left/"] = [{"seconds": 90}, {"seconds": 90}, (401, {})]
    site.answer = lambda post: {"seconds": 1800}
    page.clock.install()
    page.goto(site.element(CLOCK.format(seconds=1800)))
    page.wait_for_function("() => document.querySelector('login-clock').next > 0")
    page.clock.run_for(1670_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.run_for(20_000)
    expect(page.get_by_role("alert")).to_contain_text("You will be signed out in two minutes.")
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert site.posts[-1].fields == {"csrfmiddlewaretoken": ["seal-1"]}
    page.clock.run_for(1690_000)
    expect(page.get_by_role("alert")).to_contain_text("You will be signed out in two minutes.")
    page.clock.run_for(92_000)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out.")
    link = page.get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", "/sign-in/?next=/a/")


def test_use_in_another_tab_keeps_this_one_quiet(site: Site, page: Page) -> None:
    site.polls["/time-left/"] = [{"seconds": 1000}]
    page.goto(site.element(CLOCK.format(seconds=121)))
    with page.expect_response("**/time-left/"):
        pass
    expect(page.get_by_role("alert")).to_have_count(0)


def test_text_is_copied(context: BrowserContext, site: Site, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(
        site.element(
            '<copy-button data-text="AC27-0147" data-done="Copied">'
            '<button type="button">Copy</button></copy-button>'
        )
    )
    expect(page.locator("copy-button [role=status]")).to_have_count(1)
    page.click("copy-button button")
    expect(page.locator("copy-button button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "AC27-0147"


def test_a_part_of_the_page_comes_by_htmx_and_brings_its_elements(site: Site, page: Page) -> None:
    """htmx and the element are fetched because the page asks for them, under the strict policy."""
    site.pages["/part/"] = (
        '<textarea id="t">one two</textarea>'
        '<word-count for="t" data-count="{n} words"></word-count>'
    )
    page.goto(
        site.element('<div hx-get="/part/" hx-trigger="load"><a href="/part/">Open it</a></div>')
    )
    expect(page.locator("word-count > span")).to_have_text("2 words")
    expect(page.get_by_role("link", name="Open it")).to_have_count(0)


def test_a_refused_form_is_swapped_in_with_its_errors(site: Site, page: Page) -> None:
    site.answer = lambda post: (422, "Say who it is")
    page.goto(
        site.element(
            '<form hx-post="/save/" hx-target="#out"><input name="who" aria-label="Who">'
            '<button>Save</button></form><p id="out"></p>'
        )
    )
    page.wait_for_function("() => window.htmx !== undefined")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#out")).to_contain_text("Say who it is")
