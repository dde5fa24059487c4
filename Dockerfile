# One image for every service of docker-compose.yml. Postgres and Valkey are services of their own.
FROM python:3.11-slim-bookworm

# Pango draws the PDFs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements-production.lock .
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements-production.lock

COPY . .

# An account without rights, and the folder that the volume of files takes its owner from.
RUN useradd --system --uid 10001 closer && install -d -o closer -m 0750 /data
USER closer
ENV DATA_DIR=/data PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
