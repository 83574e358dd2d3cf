# The command alone: docker build -t equipoise . && docker run --rm -v "$PWD:/data" -w /data equipoise profile train.csv
FROM rust:1.95-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package equipoise-cli

FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/equipoise /usr/local/bin/equipoise
USER 65532
ENTRYPOINT ["equipoise"]
