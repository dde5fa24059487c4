"""Login sessions and their people, read on every page that knows who asks: prepared."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.utils import timezone

from accounts.models import User
from tenancy.prepared import Given, Prepared


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        found = _open_sessions.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        person: User | None = _people.first(person=int(user_id))
        return person if person is not None and self.user_can_authenticate(person) else None


_open_sessions = Prepared(
    lambda: (
        SessionStore.get_model_class()
        .objects.filter(
            session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
        )
        .order_by("pk")
    )
)
_people = Prepared(lambda: User.objects.filter(pk=Given("person", BigIntegerField())))
