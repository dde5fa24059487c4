"""Twenty faults of the kind that lets somebody in, each with the tests that must find it.

`bin/test soak -- tests/architecture/test_mutants.py` puts each into a copy of the product and
runs those tests there. docs/mutants.md says how it went.
"""

from dataclasses import dataclass

APPLY_WALL = "self.execute(WALL.format("
APPLY_HALF = (
    'self.execute((WALL.replace("ENABLE ROW", "DISABLE ROW")'
    ' if "commitment" in table else WALL).format('
)


@dataclass(frozen=True)
class Mutant:
    """old: text that stands once in the file; new: what takes its place."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "the code's wall lets every host through",
        "tenancy/models.py",
        'super().get_queryset().filter(OfActiveHost("host_id"))',
        "super().get_queryset()",
        ("tests/tenancy/test_walls.py",),
    ),
    Mutant(
        "any person sees every team",
        "collaboratives/models/teams.py",
        "        return self.filter(own)\n",
        "        return self\n",
        ("tests/sessions/test_views.py",),
    ),
    Mutant(
        "a page declares no access",
        "sessions/views.py",
        "@requires(Permission.SESSION_VIEW)\ndef staff_list(",
        "def staff_list(",
        ("tests/architecture/test_access.py",),
    ),
    Mutant(
        "a role may more",
        "accounts/roles.py",
        "            Permission.EXPORT,\n        }",
        "            Permission.EXPORT,\n            Permission.PROGRAM_EDIT,\n        }",
        ("tests/collaboratives/test_staff_pages.py",),
    ),
    Mutant(
        "one table without row-level security",
        "tenancy/postgresql/base.py",
        APPLY_WALL,
        APPLY_HALF,
        ("tests/architecture/test_catalog.py",),
    ),
    Mutant(
        "row-level security not forced",
        "tenancy/postgresql/base.py",
        "ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n",
        "",
        ("tests/architecture/test_catalog.py",),
    ),
    Mutant(
        "rows may be put into another host",
        "tenancy/postgresql/base.py",
        "WITH CHECK (host_id = (SELECT {host}))",
        "WITH CHECK (true)",
        ("tests/architecture/test_catalog.py", "tests/tenancy/test_walls.py"),
    ),
    Mutant(
        "keys without the host",
        "tenancy/postgresql/base.py",
        "if is_host_owned(model) and is_host_owned(target):",
        "if False:",
        ("tests/architecture/test_catalog.py", "tests/tenancy/test_walls.py"),
    ),
    Mutant(
        "the host stays open after the transaction",
        "tenancy/active.py",
        "set_config(%s, %s, true)",
        "set_config(%s, %s, false)",
        ("tests/tenancy/test_walls.py",),
    ),
    Mutant(
        "tokens are stored as they are",
        "tenancy/links.py",
        "return hashlib.sha256(token.encode()).hexdigest()",
        "return token",
        ("tests/accounts/test_people.py",),
    ),
    Mutant(
        "links never expire",
        "tenancy/links.py",
        "links if expired_too else links.filter(expires_at__gt=timezone.now())",
        "links",
        ("tests/accounts/test_people.py",),
    ),
    Mutant(
        "an invitation's link stays open once it was used",
        "accounts/actions.py",
        '    links.revoke(kind="invite", subject=invitation, now=now)\n    membership, made',
        "    membership, made",
        ("tests/accounts/test_people.py",),
    ),
    Mutant(
        "looking at a link answers it",
        "collaboratives/views/leadership.py",
        'if request.method == "POST" and "yes" in request.POST:',
        'if not request.POST or "yes" in request.POST:',
        ("tests/collaboratives/test_leadership.py",),
    ),
    Mutant(
        "a name is not escaped",
        "templates/collaboratives/organizations.html",
        "{{ organization.name }}",
        "{{ organization.name|safe }}",
        ("tests/frontend/test_templates.py",),
    ),
    Mutant(
        "a file opens in the browser",
        "documents/serving.py",
        "as_attachment=download or not stored.may_be_shown",
        "as_attachment=False",
        ("tests/documents/test_serving.py",),
    ),
    Mutant(
        "a file is what its name says",
        "documents/intake.py",
        "        looks_like(stored.path, kind, place)\n",
        "",
        ("tests/documents/test_intake.py",),
    ),
    Mutant(
        "the same mail may be written twice",
        "messaging/migrations/0001_initial.py",
        'models.F("dedupe_key"), name="message_once_per_key"',
        'models.F("guid"), name="message_once_per_key"',
        ("tests/messaging/test_outbox.py",),
    ),
    Mutant(
        "who lost the lease still settles the mail",
        "messaging/models.py",
        "            locked_by=message.locked_by,\n            lease_no=message.lease_no,\n",
        "",
        ("tests/messaging/test_delivery.py",),
    ),
    Mutant(
        "a group of ten is shown",
        "analytics/suppression.py",
        "0 < count < self.threshold",
        "0 < count < self.threshold - 1",
        ("tests/analytics/test_suppression.py",),
    ),
    Mutant(
        "an act leaves no record",
        "charters/actions.py",
        '    audit.record("took back", charter, by=by, reason=reason)\n',
        "",
        ("tests/architecture/test_audit.py", "tests/charters/test_actions.py"),
    ),
)
