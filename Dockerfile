# Teller as an image: dependencies and dist/ are made in one stage, and run without rights in another.

FROM denoland/deno:2.9.6 AS build
WORKDIR /app
# Dependencies first: they change less often than the source, and this layer is then reused.
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY . .
RUN deno task -q build && deno cache --frozen main.ts dev.ts paths.ts analytics/sandbox_child.ts

FROM denoland/deno:2.9.6
WORKDIR /app
COPY --from=build --chown=deno:deno /deno-dir /deno-dir
COPY --from=build --chown=deno:deno /app /app
RUN mkdir --mode=700 /data && chown deno:deno /data
USER deno
# HOST is for use behind a proxy or a published port; PUBLIC_URL is then required.
ENV HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --retries=6 --start-period=60s \
  CMD ["deno", "eval", "-q", "const { ok } = await fetch(`http://127.0.0.1:${Deno.env.get('PORT')}/healthz`); Deno.exit(ok ? 0 : 1)"]
# As `deno task start` without the build, and as the container's own process, so that it gets the signals.
CMD ["sh", "-c", "exec deno run -q -P=teller --allow-read=\"$(deno run -q -P=paths paths.ts read)\" --allow-write=\"$(deno run -q -P=paths paths.ts write)\" --allow-run=\"$(deno run -q -P=paths paths.ts run)\" main.ts start"]
