"""Who took which list out of the house."""

from django.db import transaction

from accounts.models import User
from applications.queries.listing import ListQuery
from collaboratives.models import Cohort
from tenancy import audit


@transaction.atomic
def note_export(*, cohort: Cohort, wanted: ListQuery, rows: int, kind: str, by: User) -> None:
    """The words that were searched for are left out: they may name an applicant."""
    filters = {name: value for name, value in wanted.values().items() if value and name != "q"}
    searched = {"searched": True} if wanted.search else {}
    audit.record(
        "export", cohort, by=by, after={"rows": rows, "format": kind, **filters, **searched}
    )
