FROM python:3.11-slim AS build
WORKDIR /srv
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
# Reading aloud (app/web/speech); without them pages have no button.
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng lame && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --uid 10001 songgang && install -d -o songgang /srv/var
WORKDIR /srv
COPY --from=build /venv /venv
COPY --chown=songgang app app
COPY --chown=songgang alembic alembic
COPY --chown=songgang frontend frontend
ENV PATH=/venv/bin:$PATH PYTHONPATH=/srv PYTHONUNBUFFERED=1 SONGGANG_ENV=production SONGGANG_HOST=0.0.0.0
USER songgang
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["songgang", "serve"]
