# One image with one program: the server with the pages in it.

FROM node:20-bookworm-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM rust:1.95-bookworm AS program
WORKDIR /src
COPY . .
COPY --from=frontend /src/frontend/dist frontend/dist
RUN cargo build --locked --profile dist --package server

FROM debian:bookworm-slim
RUN useradd --system --create-home --home-dir /var/lib/assay assay
COPY --from=program /src/target/dist/assay /usr/local/bin/assay
USER assay
VOLUME /var/lib/assay
EXPOSE 7878
ENTRYPOINT ["assay"]
# Nothing asks who calls, so a server that others can reach is only started where ASSAY_ALLOW_REMOTE=true says that
# something in front of it does, or that its port is published to this machine alone.
CMD ["serve", "--bind", "0.0.0.0:7878", "--data", "/var/lib/assay"]
