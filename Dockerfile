# One image: `serve` (the default) or `work`, `migrate` and every other command of service-manual. Data lie in the volume /data.

FROM node:22.12.0-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY service/web/editor ./service/web/editor
RUN npm run --silent bundle && rm -rf node_modules/esbuild node_modules/@esbuild node_modules/.bin
# Of the fonts only the weights that are printed.
RUN find node_modules/@expo-google-fonts -mindepth 2 -maxdepth 2 -type d ! -name "400Regular*" ! -name "700Bold*" -exec rm -rf {} +

FROM python:3.11.11-slim-bookworm AS program
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.lock requirements-build.lock ./
RUN /opt/venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements.lock -r requirements-build.lock
COPY pyproject.toml ./
COPY migrations ./migrations
COPY content ./content
COPY templates ./templates
COPY service ./service
RUN /opt/venv/bin/python -m pip install --quiet --no-cache-dir --no-deps --no-build-isolation -e .
RUN /opt/venv/bin/python -m compileall -q service migrations

FROM python:3.11.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data manual && install -d -o manual -g manual /data
WORKDIR /app
COPY --from=assets /app/node_modules ./node_modules
COPY --from=program /opt/venv /opt/venv
COPY --from=program /app ./
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SERVICE_MANUAL_DATA=/data \
    SERVICE_MANUAL_ENVIRONMENT=production
USER manual
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 CMD ["service-manual", "health"]
ENTRYPOINT ["service-manual"]
CMD ["serve", "--host", "0.0.0.0"]
