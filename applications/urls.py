from django.urls import path

from applications.consent import owner_views
from applications.consent import views as consent
from applications.views import (
    applying,
    deciding,
    form_impact,
    letter_desk,
    letters,
    moves,
    releasing,
    seats,
    sections,
    staff,
    videos,
    waitlist,
    writing,
)

app_name = "applications"

APPLICATION = "applications/<slug:reference>/"
STAFF = "staff/p/<slug:cohort_slug>/applications/"
FORM = "staff/p/<slug:cohort_slug>/setup/form/"

urlpatterns = [
    path("p/<slug:cohort_slug>/apply/", applying.start, name="start"),
    path("applications/", applying.mine, name="mine"),
    path(APPLICATION, applying.tasks, name="task_list"),
    path(f"{APPLICATION}s/<slug:section>/", sections.section, name="section"),
    path(f"{APPLICATION}s/<slug:section>/autosave/", sections.autosave, name="autosave"),
    path(
        "staff/p/<slug:cohort_slug>/setup/form/impact/", form_impact.form_impact, name="form_impact"
    ),
    path(f"{APPLICATION}form/", moves.changes, name="form_changes"),
    path(f"{APPLICATION}form/read/", moves.hide, name="hide_form_changes"),
    path(f"{APPLICATION}letters/<slug:field>/", letters.letter, name="letter"),
    path(f"{APPLICATION}letters/<slug:field>/remove/", letters.remove, name="remove_letter"),
    path(f"{APPLICATION}letters/<slug:field>/ask/", letters.ask_signer, name="ask_signer"),
    path(f"{APPLICATION}letters/<slug:field>/template/", letters.template, name="letter_template"),
    path(
        f"{APPLICATION}letters/<slug:field>/template/pdf/",
        letters.template_pdf,
        name="letter_template_pdf",
    ),
    path(f"{APPLICATION}videos/<slug:field>/", videos.video, name="video"),
    path(f"{APPLICATION}videos/<slug:field>/upload/", videos.begin_upload, name="begin_upload"),
    path(f"{APPLICATION}videos/<slug:field>/upload/<uuid:uuid>/", videos.piece, name="piece"),
    path(f"{APPLICATION}videos/<slug:field>/file/", videos.video_file, name="video_file"),
    path(f"{APPLICATION}videos/<slug:field>/captions/", videos.captions, name="captions"),
    path(f"{APPLICATION}files/<uuid:uuid>/", letters.file, name="file"),
    path(
        f"{APPLICATION}files/<uuid:uuid>/pages/<int:number>/", letters.file_page, name="file_page"
    ),
    path(f"{APPLICATION}check/", applying.check, name="check"),
    path(f"{APPLICATION}submit/", applying.submit, name="submit"),
    path(f"{APPLICATION}submitted/", applying.submitted, name="submitted"),
    path(f"{APPLICATION}answers/", applying.answers, name="answers"),
    path(f"{APPLICATION}status/", applying.status, name="status"),
    path(f"{APPLICATION}decision/", seats.decision, name="decision"),
    path(f"{APPLICATION}decision/accept/", seats.accept_seat, name="accept_seat"),
    path(f"{APPLICATION}decision/join/", seats.take_up_offer, name="take_up_offer"),
    path(f"{APPLICATION}decision/decline/", seats.decline_seat, name="decline_seat"),
    path(f"{APPLICATION}withdraw/", seats.withdraw, name="withdraw"),
    path(f"{APPLICATION}withdraw/undo/", seats.undo_withdrawal, name="undo_withdrawal"),
    path("me/consent/<slug:reference>/", consent.consent, name="consent"),
    path("me/consent/<slug:reference>/withdraw/", consent.withdraw, name="withdraw_consent"),
    path(
        "staff/organizations/<int:organization_pk>/applications/",
        staff.of_organization,
        name="of_organization",
    ),
    path("staff/waiting/", releasing.waiting, name="waiting"),
    path("staff/p/<slug:cohort_slug>/research/", owner_views.research, name="research"),
    path(
        "staff/p/<slug:cohort_slug>/research/<uuid:uuid>/",
        owner_views.research_file,
        name="research_file",
    ),
    path(STAFF, staff.listed, name="list"),
    path(f"{STAFF}numbers/", staff.board_numbers, name="board_numbers"),
    path(f"{STAFF}release/", releasing.release, name="release"),
    path(f"{STAFF}write/", writing.write, name="write"),
    path(f"{STAFF}clock/", releasing.clock, name="clock"),
    path(f"{STAFF}waitlist/", waitlist.waitlist, name="waitlist"),
    path(f"{STAFF}waitlist/offer/", waitlist.offer_next, name="offer_next_seat"),
    path(f"{STAFF}waitlist/<slug:reference>/move/", waitlist.move, name="move_on_waitlist"),
    path(f"{STAFF}<slug:reference>/read/", staff.read, name="read"),
    path(f"{STAFF}<slug:reference>/log/", staff.log, name="log"),
    path(f"{STAFF}<slug:reference>/review/", deciding.begin_review, name="begin_review"),
    path(f"{STAFF}<slug:reference>/ask/", deciding.ask, name="ask"),
    path(f"{STAFF}<slug:reference>/notes/", deciding.note, name="note"),
    path(f"{STAFF}<slug:reference>/decision/", deciding.decide, name="decide"),
    path(f"{STAFF}<slug:reference>/decision/undo/", deciding.undo_decision, name="undo_decision"),
    path(f"{STAFF}<slug:reference>/offer/", deciding.offer_again, name="offer_again"),
    path(
        f"{STAFF}<slug:reference>/release/cancel/", releasing.cancel_planned, name="cancel_planned"
    ),
    path(f"{STAFF}<slug:reference>/late/", releasing.say_why_late, name="say_why_late"),
    path(f"{STAFF}letters/", letter_desk.desk, name="letter_desk"),
    path(f"{STAFF}<slug:reference>/letters/", letter_desk.file_letter, name="file_letter"),
    path(
        f"{STAFF}<slug:reference>/letters/<slug:field>/judge/",
        letter_desk.judge_letter,
        name="judge_letter",
    ),
    path(
        f"{STAFF}<slug:reference>/letters/<slug:field>/again/",
        letter_desk.use_again,
        name="use_letter_again",
    ),
    path(
        f"{STAFF}<slug:reference>/videos/<slug:field>/captions/",
        videos.staff_captions,
        name="staff_captions",
    ),
]
