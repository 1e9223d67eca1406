# syntax=docker/dockerfile:1
# Three images from one file:
#   api          the HTTP side and the reconciler: neither torch nor Mitsuba nor SciPy
#   worker-cpu   renders with the path tracer on LLVM
#   worker-gpu   the same on an NVIDIA GPU, and Stable Diffusion (torch's wheels bring CUDA's runtime; the driver is the host's)

FROM python:3.12-slim-trixie AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/venv/bin:$PATH HOME=/var/lib/imagegen
RUN useradd --system --uid 10001 --home-dir /var/lib/imagegen imagegen \
 && install --directory --owner imagegen --group imagegen /var/lib/imagegen /backups
WORKDIR /var/lib/imagegen

FROM base AS source
RUN python -m venv /opt/venv
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY styles styles
COPY imagegen imagegen
COPY workers workers
COPY api api

FROM source AS install-api
RUN --mount=type=cache,target=/root/.cache/pip pip install --constraint constraints.txt '.[oidc,traces]'

FROM source AS install-worker-cpu
RUN --mount=type=cache,target=/root/.cache/pip pip install --constraint constraints.txt '.[render,matting,traces]'

FROM source AS install-worker-gpu
RUN --mount=type=cache,target=/root/.cache/pip pip install --constraint constraints.txt '.[render,matting,gpu,traces]'

FROM base AS api
COPY --from=install-api /opt/venv /opt/venv
USER imagegen
EXPOSE 8000
CMD ["imagegen", "api", "--host", "0.0.0.0", "--port", "8000"]

FROM base AS worker-cpu
RUN apt-get update && apt-get install --yes --no-install-recommends libllvm19 && rm -rf /var/lib/apt/lists/*
COPY --from=install-worker-cpu /opt/venv /opt/venv
USER imagegen
CMD ["imagegen", "worker"]

FROM base AS worker-gpu
# LLVM too: where no GPU is given the path tracer still works.
RUN apt-get update && apt-get install --yes --no-install-recommends libllvm19 && rm -rf /var/lib/apt/lists/*
COPY --from=install-worker-gpu /opt/venv /opt/venv
USER imagegen
CMD ["imagegen", "worker"]
