from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        """The charts of a team's measures show when it changed something."""
        from collaboratives.queries.tested_changes import tell_changes
        from reporting.queries import numbered_changes

        tell_changes(numbered_changes)
