# One image for web, worker, scheduler and migrate; the command selects one.
ARG BASE_IMAGE=python:3.13-slim-bookworm
FROM ${BASE_IMAGE}

# libseccomp compiles the sandbox's policy. Debian images have it, others may not.
RUN ldconfig -p | grep -q 'libseccomp\.so\.2' || \
    (apt-get update && apt-get install -y --no-install-recommends libseccomp2 && rm -rf /var/lib/apt/lists/*)

WORKDIR /srv/chainrule
COPY requirements.lock ./
RUN python3 -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY docs/students.md docs/teachers.md docs/
COPY service service
COPY worker worker
COPY migrations migrations
RUN python3 -m pip install --no-cache-dir --no-deps --no-build-isolation . \
    && python3 -m compileall -q "$(python3 -c 'import worker; print(worker.__path__[0])')" \
    && python3 -m worker.suites \
    && python3 -m worker.grading.diagnosis

RUN useradd --system --uid 10001 --no-create-home chainrule
USER 10001
ENV CHAINRULE_HOST=0.0.0.0 CHAINRULE_DATA_DIR=/tmp/chainrule PYTHONUNBUFFERED=1
EXPOSE 8000
ENTRYPOINT ["chainrule"]
CMD ["serve"]
