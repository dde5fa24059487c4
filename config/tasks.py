"""The worker says that it is there: when it is ready, and with every task it has done."""

from celery.signals import task_postrun, worker_ready

from config.worker import worker_seen

worker_ready.connect(worker_seen)
task_postrun.connect(worker_seen)
