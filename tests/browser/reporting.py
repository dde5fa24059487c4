"""A quarter's report: what is counted, what was tried, and the leader's word on it."""

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.walking import Walker

MEASURE = "Follow-up visit within a week"
WRONG = """Month,Group,Numerator,Denominator
2026-01,Hispanic or Latino,41,96
2026-01,Not Hispanic or Latino,310,301
2026-02,Everyone else,44,97
last spring,Not Hispanic or Latino,190,305
"""


def define_a_measure(walker: Walker, team: str) -> None:
    """Split into the two groups of the older federal question."""
    walker.open(f"{team}measures/")
    walker.look()
    walker.follow("Add a measure")
    walker.look()
    walker.page.get_by_role("radio", name="Ethnicity (OMB 1997)").check()
    walker.press("Continue")
    walker.heading("What will you count?")
    walker.look()
    walker.page.get_by_label("Name", exact=True).fill(MEASURE)
    walker.page.get_by_label("Who or what you count").fill("Patients seen within seven days")
    walker.page.get_by_label("Out of whom").fill("Patients who went home that month")
    walker.page.get_by_label("Compare with").select_option("not-hispanic")
    walker.press("Save and add numbers")
    walker.heading("Add numbers")
    walker.look()


def send_a_file_with_mistakes(walker: Walker) -> None:
    """Each problem is named by its row and column; nothing is saved."""
    walker.follow("Use a file")
    walker.look()
    upload(walker, {"name": "wrong.csv", "mimeType": "text/csv", "buffer": WRONG.encode()})
    walker.heading("Some rows need a look")
    walker.look()
    problems = walker.page.get_by_role("region", name="Problems").locator("tbody tr")
    expect(problems).to_have_count(3)
    for number, (row, column, value) in enumerate(
        [("3", "numerator", "310"), ("4", "group", "Everyone else"), ("5", "month", "last spring")]
    ):
        expect(problems.nth(number)).to_contain_text(row)
        expect(problems.nth(number)).to_contain_text(column)
        expect(problems.nth(number)).to_contain_text(value)


def send_the_corrected_file(walker: Walker, made_elsewhere: Path) -> None:
    walker.follow("Upload a corrected file")
    upload(walker, made_elsewhere)
    walker.heading("Numbers saved")
    walker.look()
    walker.follow("See the charts")
    walker.heading(MEASURE)
    for group in ("Hispanic or Latino", "Not Hispanic or Latino"):
        expect(
            walker.page.locator("figure").filter(has_text=group).locator("svg").first
        ).to_be_visible()
    walker.look()


def upload(walker: Walker, file: Path | dict[str, object]) -> None:
    """The worker checks the file while the page waits."""
    walker.page.locator("input[type=file]").set_input_files(file)
    walker.page.get_by_role("button", name="Upload and check").click()
    walker.page.wait_for_url("**/data/import/*/")
    if walker.page.locator("job-progress").count():
        # A busy machine takes its time.
        walker.page.get_by_role("link", name="See the result").wait_for(timeout=120_000)
        walker.follow("See the result")


def note_a_change_tested(walker: Walker, team: str) -> None:
    walker.open(f"{team}changes/")
    walker.look()
    walker.follow("Add a change")
    walker.page.get_by_label("What you changed").fill("Calls by a health worker")
    walker.page.get_by_label("First day").fill(f"{date.today() - timedelta(days=70):%Y-%m-%d}")
    walker.page.get_by_label("Plan: what, where, with whom").fill("One clinic, ten patients.")
    walker.page.get_by_label("Study: what you learned").fill("Seven of ten were reached.")
    walker.look()
    walker.press("Save")
    walker.read("Calls by a health worker")


def write_and_submit(walker: Walker, team: str) -> str:
    """The open period. Returns the address of the submitted report."""
    walker.open(f"{team}reports/")
    walker.look()
    walker.follow("Start", walker.page.get_by_role("table"))
    walker.heading("Write your report")
    for box in walker.page.locator("#fields textarea").all():
        box.fill("Calls in the patient's own language began, and more people came back.")
    walker.page.get_by_label("Request 1").fill("Fund one more health worker")
    walker.look()
    walker.press("Check and submit")
    walker.heading("Submit your report")
    walker.look()
    walker.press("Submit report")
    walker.read("Submitted")
    walker.look()
    return walker.page.url


def reply_on_the_phone(leader: Walker, address: str) -> None:
    """By the mailed link, without an account."""
    letter = leader.site.mail(address, "reply to the")
    leader.open_link(letter, "/r/reply/")
    leader.heading("Reply to your team")
    leader.look()
    leader.page.get_by_label("Yes, I will do this").first.check()
    leader.page.get_by_role("textbox", name="Your reflection").fill(
        "I will fund the post from January."
    )
    leader.press("Send reply")
    leader.heading("Your reply is sent")
    leader.look()


def read_the_reply(walker: Walker, report: str, lead: str) -> None:
    walker.site.mail(lead, "Your leader replied")
    walker.open(report)
    walker.read("I will fund the post from January.")
    walker.look()


def expect_small_numbers_hidden(reader: Walker, report: str) -> None:
    """For a team that reads another team's report."""
    reader.open(report)
    reader.read("Small numbers of this team are hidden from you.")
    reader.look()
    numbers = reader.page.locator("details[id^=numbers-]").first
    numbers.locator("summary").click()
    expect(numbers.locator("td").filter(has_text="×").first).to_be_visible()


def expect_own_numbers_whole(walker: Walker, report: str) -> None:
    walker.open(report)
    assert "×" not in walker.page.locator("#main").inner_text()
