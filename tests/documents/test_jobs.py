"""Long work is done once, whatever happens to those who do it."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from documents import files, jobs, work
from documents.jobs import LEASE, Failed, LeaseLost, Made
from documents.models import Job, StoredFile
from documents.states import JobState
from documents.work import AGAIN, TRIES, run_due_jobs
from tenancy.active import all_hosts, current_host_id, open_host
from tests.factories.documents import JobFactory
from workflow.machine import TransitionNotAllowed

AFTER_THE_LEASE = LEASE + timedelta(seconds=5)


@pytest.fixture
def kind(monkeypatch):
    """Jobs of the kind `example` are done by a function of the test."""
    monkeypatch.setattr(jobs, "kinds", {})
    return jobs.kind("example")


def hello(run):
    return Made("hello.txt", "text/plain", f"Hello {run.input['name']}".encode())


def ask(host, **given):
    with open_host(host.pk):
        return jobs.request(
            "example",
            **{
                "host_id": host.pk,
                "input": {"name": "Dana"},
                "dedupe_key": "example:1",
                "by": None,
                **given,
            },
        )


def job_of(host):
    with open_host(host.pk):
        return Job.objects.select_related("result").get()


# --- asking --------------------------------------------------------------------------------------


def test_asking_twice_is_one_job(host, coordinator):
    first = ask(host, by=coordinator, page="/prairie/somewhere/")
    again = ask(host, input={"name": "Robin"})
    assert again.pk == first.pk
    assert (again.state, again.input, again.page) == (
        JobState.QUEUED,
        {"name": "Dana"},
        "/prairie/somewhere/",
    )


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_one_that_failed_is_started_again_by_asking_again(host, state):
    JobFactory(
        host=host,
        dedupe_key="example:1",
        state=state,
        error="no",
        attempts=3,
        progress=40,
        finished_at=timezone.now(),
    )
    job = ask(host)
    assert (job.state, job.error, job.attempts, job.progress) == (JobState.QUEUED, "", 0, 0)


def test_a_finished_one_stays_finished(host):
    JobFactory(
        host=host,
        dedupe_key="example:1",
        state=JobState.DONE,
        progress=100,
        finished_at=timezone.now(),
    )
    assert ask(host).state == JobState.DONE


def test_a_job_can_be_cancelled_until_it_ended(host):
    with open_host(host.pk):
        job = jobs.cancel(job=ask(host), now=timezone.now())
        assert job.state == JobState.CANCELLED
        with pytest.raises(TransitionNotAllowed):
            jobs.cancel(job=job, now=timezone.now())


def test_the_states_are_tied_to_their_stamps(in_host):
    job = JobFactory(host=in_host)
    for wrong in (
        {"state": JobState.DONE},
        {"state": JobState.RUNNING},
        {"finished_at": timezone.now()},
        {"locked_by": "somebody"},
        {"progress": 101},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**wrong)


def test_the_web_role_sees_no_jobs_of_all_hosts(host):
    JobFactory(host=host)
    with all_hosts():
        assert not Job.objects.exists()


# --- doing ---------------------------------------------------------------------------------------


def test_it_is_done_and_its_file_kept(worker, host, kind):
    kind(hello)
    ask(host)
    assert run_due_jobs(now=timezone.now()) == 1
    job = job_of(host)
    assert (job.state, job.progress, job.locked_by, job.lease_until) == (
        JobState.DONE,
        100,
        "",
        None,
    )
    assert job.result.path.read_bytes() == b"Hello Dana"
    assert (job.result.original_name, job.result.slot) == ("hello.txt", "made")
    assert run_due_jobs(now=timezone.now()) == 0


def test_jobs_of_two_hosts_are_done_each_in_its_own(worker, host, other_host, kind):
    seen = []

    @kind
    def look(run):
        assert current_host_id() is None
        assert not connection.in_atomic_block
        with run.step():
            seen.append((run.host_id, current_host_id(), Job.objects.count()))

    ask(host)
    ask(other_host)
    assert run_due_jobs(now=timezone.now()) == 2
    assert seen == [(host.pk, host.pk, 1), (other_host.pk, other_host.pk, 1)]


def test_progress_shows_and_holds_the_lease(worker, host, kind):
    shown = []

    @kind
    def slow(run):
        run.progress(40)
        job = job_of(host)
        shown.append((job.progress, job.state, job.lease_until > timezone.now()))

    ask(host)
    run_due_jobs(now=timezone.now())
    assert shown == [(40, JobState.RUNNING, True)]


def test_what_follows_is_written_with_the_result_or_not_at_all(worker, host, kind):
    def then(stored):
        assert Job.objects.filter(state=JobState.RUNNING).exists()
        assert stored.pk
        raise ZeroDivisionError

    kind(lambda run: Made("a.txt", "text/plain", b"a", then=then))
    ask(host)
    assert run_due_jobs(now=timezone.now()) == 0
    with open_host(host.pk):
        assert not StoredFile.objects.exists()
    assert list(files.folder(host.pk).iterdir()) == []
    assert job_of(host).state == JobState.QUEUED


def test_a_refusal_is_told_in_its_words_and_not_tried_again(worker, host, kind):
    @kind
    def refuse(run):
        raise Failed("This charter has no signatures yet.")

    ask(host)
    assert run_due_jobs(now=timezone.now()) == 0
    job = job_of(host)
    assert (job.state, job.error, job.attempts) == (
        JobState.FAILED,
        "This charter has no signatures yet.",
        1,
    )


def test_a_fault_is_tried_three_times_and_told_without_its_trace(worker, host, kind, caplog):
    @kind
    def faulty(run):
        raise RuntimeError("secret detail")

    ask(host)
    now = timezone.now()
    for _ in range(TRIES + 2):
        run_due_jobs(now=now)
        now += AGAIN + timedelta(seconds=5)
    job = job_of(host)
    assert (job.state, job.attempts) == (JobState.FAILED, TRIES)
    assert job.error == "It did not work after several tries."
    assert "secret detail" in caplog.text


def test_a_kind_that_this_worker_does_not_know_waits_for_one_that_does(worker, host, kind):
    ask(host)
    assert run_due_jobs(now=timezone.now()) == 0
    assert (job_of(host).state, job_of(host).attempts) == (JobState.QUEUED, 0)
    kind(hello)
    assert run_due_jobs(now=timezone.now()) == 1


def test_two_workers_at_once_do_each_job_once(worker, host, kind):
    done = []
    kind(lambda run: done.append(run.job.pk))
    for n in range(8):
        ask(host, dedupe_key=f"example:{n}")
    together = threading.Barrier(3)

    def run():
        together.wait()
        try:
            run_due_jobs(now=timezone.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == len(set(done)) == 8


# --- when a worker dies --------------------------------------------------------------------------


def test_who_lost_the_lease_stops_and_keeps_nothing(worker, host, kind, caplog):
    made_by = []

    @kind
    def overtaken(run):
        made_by.append(run.job.lease_no)
        if run.job.lease_no == 1:
            run_due_jobs(now=timezone.now() + AFTER_THE_LEASE)
        return Made("who.txt", "text/plain", f"lease {run.job.lease_no}".encode())

    ask(host)
    run_due_jobs(now=timezone.now())
    assert made_by == [1, 2]
    assert "lease lost" in caplog.text
    job = job_of(host)
    assert job.result.path.read_bytes() == b"lease 2"
    with open_host(host.pk):
        assert StoredFile.objects.count() == 1


def test_progress_after_the_lease_is_lost_stops_the_work(worker, host, kind):
    reached = []

    @kind
    def overtaken(run):
        if run.job.lease_no == 1:
            run_due_jobs(now=timezone.now() + AFTER_THE_LEASE)
            run.progress(90)
            reached.append("the end of a lost job")

    ask(host)
    run_due_jobs(now=timezone.now())
    assert reached == []
    assert job_of(host).state == JobState.DONE


def test_who_lost_the_lease_does_not_settle_what_another_is_at(worker, host, kind):
    ask(host)
    kind(hello)
    now = timezone.now()
    slow = work.claim(now=now)
    quick = work.claim(now=now + AFTER_THE_LEASE)
    assert quick.pk == slow.pk
    with pytest.raises(LeaseLost):
        jobs.Run(slow).progress(50)
    with pytest.raises(LeaseLost):
        work._finish(slow, None)
    assert job_of(host).state == JobState.RUNNING
    assert work._finish(quick, None) is True


def test_copies_for_later_wait_for_what_people_wait_for(worker, host, kind, monkeypatch):
    monkeypatch.setattr(jobs, "copies", set())
    kind(hello)
    jobs.kind("frozen", copy=True)(hello)
    given = {"host_id": host.pk, "input": {"name": "Dana"}, "by": None}
    with open_host(host.pk):
        for key in ("frozen:1", "frozen:2"):
            jobs.request("frozen", dedupe_key=key, **given)
        for key in ("example:1", "example:2"):
            jobs.request("example", dedupe_key=key, **given)
    now = timezone.now()
    order = [work.claim(now=now).dedupe_key for _ in range(4)]
    assert order == ["example:1", "example:2", "frozen:2", "frozen:1"]


def test_a_job_that_takes_its_worker_down_each_time_fails(worker, host, kind):
    kind(hello)
    ask(host)
    now = timezone.now()
    for _ in range(TRIES):
        assert work.claim(now=now)
        now += AFTER_THE_LEASE
    assert run_due_jobs(now=now) == 0
    assert job_of(host).state == JobState.FAILED


def test_killed_in_the_middle_it_is_done_by_the_next(worker, host, kind, tmp_path, settings):
    """A real process, killed with -9 once it says that it is at work."""
    ask(host)
    script = tmp_path / "worker.py"
    script.write_text(
        "import os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "django.setup()\n"
        "from django.utils import timezone\n"
        "from documents import files, jobs, work\n"
        "jobs.kinds.clear()\n"
        "@jobs.kind('example')\n"
        "def stuck(run):\n"
        "    run.progress(10)\n"
        "    print('at work', flush=True)\n"
        "    sys.stdin.read()\n"
        "work.run_due_jobs(now=timezone.now())\n"
    )
    root = Path(__file__).parents[2]
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    with subprocess.Popen(
        [sys.executable, str(script)],
        cwd=root,
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as dying:
        assert dying.stdout.readline() == b"at work\n"
        os.kill(dying.pid, signal.SIGKILL)
    job = job_of(host)
    assert (job.state, job.progress) == (JobState.RUNNING, 10)

    kind(hello)
    assert run_due_jobs(now=timezone.now()) == 0
    assert run_due_jobs(now=timezone.now() + AFTER_THE_LEASE) == 1
    assert job_of(host).result.path.read_bytes() == b"Hello Dana"
