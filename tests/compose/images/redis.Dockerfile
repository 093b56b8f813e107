# Stands in for `redis`: as much of it as docker-compose.yml relies on.
FROM chainrule-test/debian
RUN apt-get update && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/*
RUN mkdir /data && chown redis:redis /data
WORKDIR /data
