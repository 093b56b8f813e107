# Stands in for `python:…-slim`: Debian's own Python, and the wheels of requirements.lock to install from.
FROM chainrule-test/debian
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-pip && rm -rf /var/lib/apt/lists/*
COPY wheels /opt/wheels
RUN printf '[global]\nno-index = true\nfind-links = /opt/wheels\nbreak-system-packages = true\n' > /etc/pip.conf
