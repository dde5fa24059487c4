from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "program_sessions"  # Django's own app of login sessions is called sessions
    verbose_name = "Sessions"
