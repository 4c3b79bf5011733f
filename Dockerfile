# The image of the action. The runner builds it before the job's first step, so it is small and quick to build.
# The base is named by its tag: add the digest that `docker pull` prints (python:3.12-slim-bookworm@sha256:...) to pin
# it; Dependabot then keeps it fresh. Both stages name the same base.

FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt requirements-build.txt ./
# Wheels only: nothing of a package runs while it is installed.
# prance installs its own tests and documentation beside the packages: nine megabytes that nothing runs.
RUN pip install --no-cache-dir --no-compile --require-hashes --only-binary :all: --no-deps --prefix=/installed -r requirements.txt \
 && rm -r /installed/bin /installed/lib/python3*/site-packages/tests /installed/lib/python3*/site-packages/docs \
 && python -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --no-compile --require-hashes --only-binary :all: --no-deps -r requirements-build.txt
# The C parser of YAML is in PyYAML's wheel; without it loading takes ten times as long.
RUN PYTHONPATH=$(echo /installed/lib/python3*/site-packages) python -c 'import sys, yaml; sys.exit(not yaml.__with_libyaml__)'
COPY tools/make_gate.py tools/
COPY entrypoint.py ./
COPY exporter exporter
# Bytecode is made here, for good: an action's container starts anew each time and would compile all of it each time.
# The first line lets `entrypoint: /app/entrypoint.py` in action.yml start it as ENTRYPOINT below does.
RUN /tools/bin/python tools/make_gate.py \
 && rm -r tools requirements.txt requirements-build.txt \
 && sed -i '1i #!/usr/local/bin/python -I' entrypoint.py \
 && chmod 755 entrypoint.py \
 && python -m compileall -q --invalidation-mode unchecked-hash exporter \
 && python -m compileall -q --invalidation-mode unchecked-hash -s /installed -p /usr/local /installed

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="Power Platform connector exporter" \
      org.opencontainers.image.description="Exports an OpenAPI file to a Power Platform custom connector" \
      org.opencontainers.image.licenses="MIT"
# The base comes without the standard library's bytecode, too.
RUN python -m compileall -q --invalidation-mode unchecked-hash \
    -x '/(site-packages|idlelib|tkinter|turtledemo|lib2to3|ensurepip|pydoc_data|test|tests)/' "$(python -c 'import os; print(os.path.dirname(os.__file__))')"
COPY --from=build /installed /usr/local
COPY --from=build /app /app
# As root, as GitHub asks of container actions; -I keeps the workspace and PYTHON* variables off the import path.
ENTRYPOINT ["/usr/local/bin/python", "-I", "/app/entrypoint.py"]
