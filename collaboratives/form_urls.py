"""The pages of the application form's editor, below a cohort's settings."""

from django.urls import path

from collaboratives.views import form_editor, form_parts, form_preview

FORM = "staff/p/<slug:cohort_slug>/setup/form/"
SECTION = f"{FORM}sections/<slug:section>/"
QUESTION = f"{FORM}questions/<slug:field>/"
COLUMN = f"{QUESTION}columns/<slug:column>/"

urlpatterns = [
    path(FORM, form_editor.form, name="form"),
    path(f"{FORM}start/", form_editor.start, name="form_start"),
    path(f"{FORM}copy/", form_editor.copy_from, name="form_copy"),
    path(f"{FORM}move/", form_editor.move, name="form_move"),
    path(f"{FORM}undo/", form_editor.undo, name="form_undo"),
    path(f"{FORM}discard/", form_editor.discard, name="form_discard"),
    path(f"{FORM}compare/", form_editor.compare, name="form_compare"),
    path(f"{FORM}publish/", form_editor.publish, name="form_publish"),
    path(f"{FORM}preview/", form_preview.preview, name="form_preview"),
    path(f"{FORM}preview/<slug:section>/", form_preview.preview, name="form_preview_section"),
    path(f"{FORM}add-section/", form_parts.section, name="form_add_section"),
    path(SECTION, form_parts.section, name="form_section"),
    path(f"{SECTION}add/", form_parts.add, name="form_add"),
    path(f"{SECTION}remove/", form_parts.remove, name="form_remove_section"),
    path(QUESTION, form_parts.question, name="form_question"),
    path(f"{QUESTION}remove/", form_parts.remove, name="form_remove"),
    path(f"{QUESTION}add-column/", form_parts.add, name="form_add_column"),
    path(COLUMN, form_parts.question, name="form_column"),
    path(f"{COLUMN}remove/", form_parts.remove, name="form_remove_column"),
]
