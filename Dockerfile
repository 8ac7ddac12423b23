# One app in one image:   docker build --build-arg APP=tcp-echo --tag socklab/tcp-echo .
# Apps are tcp-echo, udp-multi and sticky-lab. NODE_IMAGE is what it stands on: any Linux image with Node.js 26 and npm.
ARG NODE_IMAGE=docker.io/library/node:26-slim
ARG APP

# Up to where APP is asked for, everything is the same for all apps: whoever builds all three does it once.
FROM ${NODE_IMAGE} AS source
WORKDIR /source
COPY . .
# What decides which dependencies there are, by itself: a change of the code does not install them again.
RUN mkdir /manifests && find . -name package.json -not -path '*/node_modules/*' -exec cp --parents '{}' /manifests ';' && \
  cp pnpm-lock.yaml pnpm-workspace.yaml /manifests

FROM source AS named
ARG APP
RUN [ -n "$APP" ] && [ -f "apps/$APP/package.json" ] || \
  { echo "APP is '$APP'; allowed:" $(ls apps) "- as in --build-arg APP=tcp-echo" >&2; exit 2; }

FROM ${NODE_IMAGE} AS pnpm
RUN npm install --silent --global pnpm@12.18.0
# The store is a cache that outlives the build; what is installed are copies of what is in it.
ENV pnpm_config_store_dir=/pnpm pnpm_config_package_import_method=copy pnpm_config_verify_deps_before_run=false \
  pnpm_config_update_notifier=false
WORKDIR /socklab
COPY --from=source /manifests ./

FROM pnpm AS build
RUN --mount=type=cache,id=socklab-pnpm,target=/pnpm \
  pnpm install --frozen-lockfile --ignore-scripts --filter-prod '{./apps/*}...'
COPY --from=source /source ./
# The sources of the apps and of the packages that they refer to; tests and benchmarks stay out.
RUN pnpm --filter sticky-lab exec sh -c 'tsc -b /socklab/apps/*/src' && pnpm --filter sticky-lab run page

# What runs: the app and, beside it, the packages it stands on, each as it would be published. Tools of the repository stay out.
FROM build AS production
ARG APP
COPY --from=named /manifests ./
RUN --mount=type=cache,id=socklab-pnpm,target=/pnpm \
  pnpm --filter "$APP" deploy --prod --ignore-scripts --config.inject-workspace-packages=true /run-tree && \
  find /run-tree -type f \( -name '*.map' -o -name '*.d.ts' -o -name pnpm-lock.yaml -o -name pnpm-workspace.yaml \) -delete && \
  chmod 755 /run-tree/dist/main.js

FROM ${NODE_IMAGE} AS runtime
ARG APP
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=unknown
ARG CREATED=unknown
# Nothing that installs stays where only one program runs. The app is also a command, for `docker exec`.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn* /root/.npm && \
  rm -f /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg && \
  ln -s /app/dist/main.js "/usr/local/bin/$APP"
COPY --from=production /run-tree /app
LABEL org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.source="${SOURCE}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.base.name="docker.io/library/node:26-slim"
# SIGUSR1 starts no debugger in whatever starts Node.js here: the service from its first moment on, its check, `docker exec`.
ENV NODE_ENV=production NODE_OPTIONS=--disable-sigusr1
WORKDIR /app
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "/app/dist/healthcheck.js"]
ENTRYPOINT ["node", "/app/dist/main.js"]

# In a container the loopback address reaches nobody: what is published, and to whom, is for whoever runs it to say.
FROM runtime AS app-tcp-echo
LABEL org.opencontainers.image.title="tcp-echo" org.opencontainers.image.description="A TCP echo service: a lesson, and a test target"
ENV TCP_ECHO_LISTEN=tcp://0.0.0.0:9000 TCP_ECHO_ADMIN=0.0.0.0:9090
EXPOSE 9000/tcp 9090/tcp

FROM runtime AS app-udp-multi
LABEL org.opencontainers.image.title="udp-multi" org.opencontainers.image.description="A UDP service for many peers: a lesson, and a test target"
ENV UDP_MULTI_LISTEN=udp://0.0.0.0:9000 UDP_MULTI_ADMIN=0.0.0.0:9090
EXPOSE 9000/udp 9090/tcp

FROM runtime AS app-sticky-lab
LABEL org.opencontainers.image.title="sticky-lab" org.opencontainers.image.description="See on real sockets why TCP needs message boundaries"
ENV STICKY_LAB_HTTP=0.0.0.0:8080 STICKY_LAB_ADMIN=0.0.0.0:9090
EXPOSE 8080/tcp 9090/tcp

FROM app-${APP}
