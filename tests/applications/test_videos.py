"""The team's video: in pieces, by link, captioned, and watched by who may read."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applications import actions
from applications.models import Video
from documents import jobs, uploads
from documents.jobs import Run
from documents.models import Job, StoredFile, Upload
from documents.sweeping import GO_ON_FOR, sweep
from messaging.models import OutboundMessage
from tests.documents import movies
from tests.factories.applications import (
    ApplicationFactory,
    ApplicationPersonFactory,
    AssignmentFactory,
    DeclarationFactory,
    LetterFactory,
    OpenCohortFactory,
    VersionFactory,
)
from tests.factories.collaboratives import ProgramFactory, blueprint_content

pytestmark = pytest.mark.django_db
FIELD = "team_video"
FILM = movies.mp4(size=150_000)
LENGTH = len(FILM)


@pytest.fixture
def cohort(host):
    """Of a program that asks for a video."""
    content = blueprint_content("action-community")
    program = ProgramFactory(host=host, content=content, blueprint_key="action-community")
    version = VersionFactory(host=host, schema=content["form"])
    return OpenCohortFactory(
        host=host, program=program, slug="ac", code="AC27", application_form=version
    )


@pytest.fixture
def own(in_host, host, cohort, applicant, now):
    return ApplicationFactory(host=host, cohort=cohort, lead=applicant, reference="AC27-0900")


def url(name, application, *more):
    return reverse(f"applications:{name}", args=["prairie", application.reference, FIELD, *more])


def begin(person, application, length=LENGTH, name="Our film.mp4"):
    return person.post(
        url("begin_upload", application),
        headers={
            "Upload-Length": str(length),
            "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}",
            "Tus-Resumable": "1.0.0",
        },
    )


def patch(person, place, offset, content):
    return person.patch(
        place,
        content,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset), "Tus-Resumable": "1.0.0"},
    )


def send(person, application, content=FILM, name="Our film.mp4", piece=60_000):
    place = begin(person, application, len(content), name)["Location"]
    for at in range(0, len(content), piece):
        answer = patch(person, place, at, content[at : at + piece])
    return place, answer


def work():
    """What a worker does about the newest film."""
    job = Job.objects.filter(kind="check_video").latest("pk")
    job.state, job.locked_by = "running", "a worker"
    job.lease_until = timezone.now() + timedelta(minutes=2)
    job.save()
    return jobs.kinds["check_video"](Run(job))


def test_a_film_comes_in_pieces_and_a_worker_keeps_it(  # S4-28
    own, applicant, sign_in, django_capture_on_commit_callbacks
):
    person = sign_in(applicant)
    _place, answer = send(person, own)
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(len(FILM)))
    video = own.videos.get()
    assert (video.state, video.is_here, video.file) == ("checking", True, None)
    assert b"is being checked" in person.get(url("video", own)).content
    with django_capture_on_commit_callbacks(execute=True):
        work()
    video = own.videos.get()
    assert (video.state, video.file.content_type) == ("complete", "video/mp4")
    assert video.file.path.read_bytes() == FILM
    assert not video.upload.path.exists()
    mail = OutboundMessage.objects.get()
    assert (mail.to, mail.template) == (applicant.email, "applications/video_ready")
    work()  # begun twice: nothing more happens
    assert StoredFile.objects.count() == 1


def test_it_goes_on_where_it_stopped_from_another_browser(own, applicant, sign_in):  # S4-28
    first = sign_in(applicant)
    place = begin(first, own)["Location"]
    patch(first, place, 0, FILM[:50_000])
    second = sign_in(applicant)
    page = second.get(url("video", own)).content.decode()
    assert "Choose the same file to go on." in page
    assert f'data-left-url="{place}"' in page and 'data-left-name="Our film.mp4"' in page
    head = second.head(place)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("50000", str(len(FILM)))
    assert head["Cache-Control"] == "no-store"
    assert patch(second, place, 50_000, FILM[50_000:]).status_code == 204
    assert own.videos.get().upload.path.read_bytes() == FILM


def test_a_piece_that_does_not_fit_is_told_where_to_go_on(own, applicant, sign_in):
    person = sign_in(applicant)
    place = begin(person, own)["Location"]
    patch(person, place, 0, FILM[:1000])
    for offset in (0, 999, 2000):
        answer = patch(person, place, offset, b"x")
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "1000")
    upload = Upload.objects.get()
    assert (upload.received, upload.path.read_bytes()) == (1000, FILM[:1000])


def test_what_was_written_but_not_noted_is_overwritten(own, applicant, sign_in):
    """The process was killed between the disk and the row."""
    person = sign_in(applicant)
    place = begin(person, own)["Location"]
    patch(person, place, 0, FILM[:1000])
    with Upload.objects.get().path.open("ab") as part:
        part.write(b"half a piece")
    patch(person, place, 1000, FILM[1000:])
    assert own.videos.get().upload.path.read_bytes() == FILM


class Breaks(BytesIO):
    """A connection that is lost in the middle of a piece."""

    def read(self, size=-1):
        if self.tell() >= 500:
            raise OSError("connection reset")
        return super().read(min(size, 500))


def test_a_broken_connection_keeps_what_arrived(own, applicant, now):
    given = {"application": own, "field": FIELD, "by": applicant, "now": now}
    upload = actions.begin_upload(name="a.mp4", length=len(FILM), **given)
    got = actions.continue_upload(upload=upload, offset=0, stream=Breaks(FILM), **given)
    assert (got.received, got.path.read_bytes()) == (500, FILM[:500])


def test_a_piece_brings_no_more_than_was_said_or_than_a_piece_may_have(own, applicant, now):
    given = {"application": own, "field": FIELD, "by": applicant, "now": now}
    long = FILM + b"x" * (5 * 2**20)
    upload = actions.begin_upload(name="a.mp4", length=len(long), **given)
    got = actions.continue_upload(upload=upload, offset=0, stream=BytesIO(long), **given)
    assert got.received == uploads.PIECE
    short = actions.begin_upload(name="a.mp4", length=1000, **given)
    got = actions.continue_upload(upload=short, offset=0, stream=BytesIO(FILM), **given)
    assert (got.received, got.state) == (1000, "checking")


@pytest.mark.parametrize(
    ("length", "name", "status", "words"),
    [
        (2**30 + 1, "a.mp4", 413, "larger than 1024 MB"),
        (0, "a.mp4", 422, "empty"),
        (10, "a.avi", 422, "MP4, MOV or WebM"),
        (10, "", 422, "MP4, MOV or WebM"),
        ("many", "a.mp4", 400, "did not work"),
        ("\u0661", "a.mp4", 400, "did not work"),
    ],
)
def test_what_can_not_be_taken_is_refused_before_it_is_sent(
    own, applicant, sign_in, length, name, status, words
):
    answer = begin(sign_in(applicant), own, length, name)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True)
    assert not Upload.objects.exists()


def test_no_film_behind_the_name_ends_with_the_first_piece(own, applicant, sign_in):
    person = sign_in(applicant)
    place = begin(person, own)["Location"]
    answer = patch(person, place, 0, b"<html>" * 100)
    assert (answer.status_code, "MP4" in answer.json()["error"]) == (422, True)
    assert patch(person, place, 0, FILM).status_code == 410


def test_a_film_that_is_refused_leaves_the_one_before(
    own, applicant, sign_in, django_capture_on_commit_callbacks
):
    person = sign_in(applicant)
    send(person, own)
    work()
    good = own.videos.get().file
    send(person, own, movies.mp4(seconds=700), "long.mp4")
    with django_capture_on_commit_callbacks(execute=True):
        work()
    video = own.videos.get()
    assert (video.file, video.state, video.upload.state) == (good, "complete", "refused")
    page = person.get(url("video", own)).content.decode()
    assert "This video is longer than 5 minutes." in page
    mail = OutboundMessage.objects.get(template="applications/video_problem")
    assert mail.subject.startswith("Action needed")
    assert not video.upload.path.exists()


@pytest.mark.parametrize("in_pieces", [True, False])
@pytest.mark.parametrize("make", [movies.mp4, movies.webm])
def test_the_limit_of_the_program_is_the_one_that_is_kept(
    own, applicant, sign_in, make, in_pieces
):  # S4-28
    person = sign_in(applicant)
    assert "5 minutes at most." in person.get(url("video", own)).content.decode()
    name = "film.mp4" if make is movies.mp4 else "film.webm"
    for seconds, kept in ((302, False), (300, True)):
        film = make(seconds=seconds)
        if in_pieces:
            send(person, own, film, name)
            work()
            assert own.videos.get().is_here is kept
        else:
            file = SimpleUploadedFile(name, film)
            page = person.post(url("video", own), {"upload": "1", "file": file})
            assert page.status_code == (302 if kept else 422)
            if not kept:
                assert "This video is longer than 5 minutes." in page.content.decode()


def test_a_question_may_have_a_limit_of_its_own(own, applicant, sign_in):
    version = own.response.version
    for section in version.schema["sections"]:
        for asked in section["fields"]:
            if asked["code"] == FIELD:
                asked["max_minutes"] = 12
    version.save()
    person = sign_in(applicant)
    assert "12 minutes at most." in person.get(url("video", own)).content.decode()
    file = SimpleUploadedFile("film.mp4", movies.mp4(seconds=700))
    assert person.post(url("video", own), {"upload": "1", "file": file}).status_code == 302


def test_a_first_film_that_is_refused_does_not_count(own, applicant, sign_in):
    send(sign_in(applicant), own, movies.sound_only())
    work()
    video = own.videos.get()
    assert (video.is_here, video.state) == (False, "problem")
    tasks = reverse("applications:task_list", args=["prairie", own.reference])
    assert b"There is a problem" in sign_in(applicant).get(tasks).content


# --- who may ------------------------------------------------------------------------------------


def test_every_piece_is_asked_who_brings_it(own, host, applicant, sign_in, coordinator):  # T6
    place = begin(sign_in(applicant), own)["Location"]
    colleague = ApplicationPersonFactory(host=host, application=own).user
    for other in (colleague, coordinator):
        stranger = sign_in(other)
        assert patch(stranger, place, 0, FILM).status_code == 404
        assert stranger.head(place).status_code == 404
        assert stranger.delete(place).status_code == 404
    viewer = ApplicationPersonFactory(host=host, application=own, role="viewer").user
    assert begin(sign_in(viewer), own).status_code == 422
    own.people.filter(user=applicant).update(role="viewer")
    assert patch(sign_in(applicant), place, 0, FILM).status_code == 403
    assert Upload.objects.get().received == 0


def test_after_the_deadline_no_piece_comes_in(own, applicant, now):  # S4-31
    given = {"application": own, "field": FIELD, "by": applicant}
    upload = actions.begin_upload(name="a.mp4", length=len(FILM), now=now, **given)
    late = own.cohort.closes_at + timedelta(hours=1)
    with pytest.raises(actions.Closed):
        actions.continue_upload(upload=upload, offset=0, stream=BytesIO(FILM), now=late, **given)


def test_unfinished_uploads_are_counted(own, host, applicant, sign_in, now):
    for number in range(uploads.OPEN_EACH):
        uploads.begin(
            slot="video", name="a.mp4", length=10, purpose=str(number), by=applicant,
            host_id=host.pk, now=now,
        )  # fmt: skip
    answer = begin(sign_in(applicant), own)
    assert (answer.status_code, "unfinished" in answer.json()["error"]) == (422, True)


def test_another_file_gives_the_unfinished_one_up(
    own, applicant, sign_in, django_capture_on_commit_callbacks
):
    person = sign_in(applicant)
    place = begin(person, own)["Location"]
    patch(person, place, 0, FILM[:1000])
    first = Upload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        begin(person, own, name="another.mp4")
    first.refresh_from_db()
    assert (first.state, first.path.exists()) == ("cancelled", False)
    assert patch(person, place, 1000, FILM[1000:]).status_code == 410


def test_it_can_be_given_up(own, applicant, sign_in, django_capture_on_commit_callbacks):
    person = sign_in(applicant)
    place = begin(person, own)["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        assert person.delete(place).status_code == 204
    assert Upload.objects.get().state == "cancelled"
    assert person.delete(place).status_code == 410


def test_the_server_says_what_it_can(own, applicant, sign_in):
    answer = sign_in(applicant).options(url("begin_upload", own))
    assert (answer["Tus-Version"], answer["Tus-Max-Size"]) == ("1.0.0", str(2**30))
    wrong = sign_in(applicant).patch(
        begin(sign_in(applicant), own)["Location"], b"x", content_type="text/plain"
    )
    assert wrong.status_code == 415


# --- left behind ----------------------------------------------------------------------------------


def test_an_unfinished_film_can_be_gone_on_with_for_a_week(own, applicant, sign_in, now):
    place = begin(sign_in(applicant), own)["Location"]
    patch(sign_in(applicant), place, 0, FILM[:1000])
    upload = Upload.objects.get()
    sweep(now=now + GO_ON_FOR - timedelta(minutes=1))
    upload.refresh_from_db()
    assert (upload.state, upload.path.exists()) == ("receiving", True)
    swept = sweep(now=now + GO_ON_FOR + timedelta(minutes=1))
    upload.refresh_from_db()
    assert (upload.state, upload.path.exists()) == ("expired", False)
    assert swept.missing == []


# --- without script, links, captions ------------------------------------------------------------


def test_without_script_a_small_film_is_sent_at_once(own, applicant, sign_in):
    film = SimpleUploadedFile("team.webm", movies.webm(), "video/webm")
    answer = sign_in(applicant).post(url("video", own), {"upload": "1", "file": film})
    assert answer.status_code == 302
    assert own.videos.get().file.content_type == "video/webm"
    bad = SimpleUploadedFile("team.webm", b"junk", "video/webm")
    refused = sign_in(applicant).post(url("video", own), {"upload": "1", "file": bad})
    assert refused.status_code == 422
    assert own.videos.get().file.original_name == "team.webm"


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("https://vimeo.com/1", True),
        ("https://hospital.sharepoint.com/v", True),
        ("https://vimeo.com.evil.example/1", False),
        ("http://vimeo.com/1", False),
        ("https://vimeo.com@evil.example/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_link_leads_to_a_known_place(own, applicant, sign_in, link, good):  # S4-28
    answer = sign_in(applicant).post(url("video", own), {"link": link})
    assert answer.status_code == (302 if good else 422)
    assert Video.objects.exists() is good


@pytest.fixture
def kept(own, applicant, sign_in):
    send(sign_in(applicant), own)
    work()
    return own


def captions(content=movies.CAPTIONS, **more):
    return {"file": SimpleUploadedFile("talk.vtt", content), "language": "es", **more}


def test_captions_come_as_a_track(kept, applicant, sign_in):  # S4-28
    person = sign_in(applicant)
    bad = person.post(url("captions", kept), captions(b"<html>"))
    assert (bad.status_code, b"WebVTT" in bad.content) == (422, True)
    assert person.post(url("captions", kept), captions()).status_code == 302
    page = person.get(url("video", kept)).content.decode()
    assert '<track kind="captions" srclang="es"' in page
    track = person.get(url("captions", kept))
    assert (track["Content-Type"], b"".join(track)) == ("text/vtt", movies.CAPTIONS)


def send_in(kept, now, **answers):
    kept.response.answers |= answers
    kept.response.save()
    type(kept).objects.filter(pk=kept.pk).update(
        status="submitted", received_at=now, submitted_at=now, submitted_by=kept.lead,
        signed_name="D",
    )  # fmt: skip


def test_a_reader_has_the_film_the_answers_and_the_letter_on_one_page(  # S4-32
    kept, host, applicant, reviewer, sign_in, pdf, now
):
    letter = LetterFactory(host=host, application=kept)
    actions.upload_letter(letter=letter, upload=pdf(), by=applicant, now=now)
    send_in(kept, now, video_transcript="We are Riverbend.", lessons="We map each step.")
    AssignmentFactory(host=host, application=kept, reviewer=reviewer)
    DeclarationFactory(host=host, application=kept, person=reviewer)
    read = reverse("applications:read", args=["prairie", "ac", kept.reference])
    page = sign_in(reviewer).get(read).content.decode()
    letter.refresh_from_db()
    file = reverse("applications:file", args=["prairie", kept.reference, letter.file.uuid])
    for said in ("<video", "We are Riverbend.", "We map each step.", file):
        assert said in page, said


def test_staff_watch_read_the_words_and_add_captions(  # S4-28
    kept, host, coordinator, sign_in, now
):
    send_in(kept, now, video_captions="please", video_transcript="We are Riverbend.")
    staff = sign_in(coordinator)
    read = reverse("applications:read", args=["prairie", "ac", kept.reference])
    page = staff.get(read).content.decode()
    for said in ("<video", "We are Riverbend.", "The team asks for help with captions."):
        assert said in page, said
    add = reverse("applications:staff_captions", args=["prairie", "ac", kept.reference, FIELD])
    staff.post(add, captions())
    page = staff.get(read).content.decode()
    assert "<track" in page and "asks for help" not in page


RANGES = [
    ("bytes=0-9", 206, slice(0, 10)),
    ("bytes=100-", 206, slice(100, None)),
    ("bytes=-10", 206, slice(-10, None)),
    (f"bytes=0-{10**9}", 206, slice(0, None)),
    ("bytes=5-2", 416, None),
    (f"bytes={10**9}-", 416, None),
    ("bytes=0-1,5-6", 200, slice(0, None)),
    ("lines=1-2", 200, slice(0, None)),
    ("", 200, slice(0, None)),
]


@pytest.mark.parametrize(("wanted", "status", "part"), RANGES)
def test_the_player_may_jump(kept, applicant, sign_in, wanted, status, part):
    answer = sign_in(applicant).get(url("video_file", kept), headers={"range": wanted})
    body = b"".join(answer)
    assert answer.status_code == status
    if part is None:
        assert answer["Content-Range"] == f"bytes */{len(FILM)}"
        return
    assert body == FILM[part]
    assert answer["Content-Length"] == str(len(body))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    if status == 206:
        first = len(FILM) - len(FILM[part]) if part.stop is None else 0
        assert answer["Content-Range"] == f"bytes {first}-{first + len(body) - 1}/{len(FILM)}"


def test_nobody_else_watches(kept, sign_in, coordinator, reviewer):
    for other in (coordinator, reviewer):  # it is a draft
        assert sign_in(other).get(url("video_file", kept)).status_code == 404
        assert sign_in(other).get(url("captions", kept)).status_code == 404
