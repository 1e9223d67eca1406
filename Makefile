# Everything a newcomer needs: `make demo`, then `make serve`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-faults check bench bench-cutout bench-previews bench-insertion bench-pose mini bench-gpu bench-service bench-own-room clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) -V`. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 2; }

# The light install: API, command line, worker and the render engine. No torch.
$(VENV)/light: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing the light package into $(VENV) ..."
	@$(PIP) --editable '.[render]'
	@touch $@

# What the tests need besides: the gpu extra with torch (about 6 GB), the matting, oidc, traces and bench extras, the tools.
$(VENV)/full: $(VENV)/light
	@echo "Installing torch, diffusers and the test tools into $(VENV) (about 6 GB) ..."
	@$(PIP) --editable '.[render,matting,oidc,gpu,traces,bench,test]'
	@touch $@

$(VENV)/tools: $(VENV)/light
	@$(PIP) --editable '.[render,matting,oidc,traces,test]'
	@touch $@

demo: $(VENV)/light ## import the demo catalog, make its scenes, leave var/demo/contact-sheet.png
	@tools/system-packages render
	@$(BIN)/imagegen demo

serve: $(VENV)/light ## API, worker and review desk on this machine
	@tools/system-packages render
	@$(BIN)/imagegen serve

test: $(VENV)/full ## install all that the tests need, and run them all
	@tools/system-packages render services browser
	@$(BIN)/pytest --numprocesses 2 --dist loadfile $(PYTEST_ARGS)

test-faults: $(VENV)/full ## kill, pause, restart and fuzz all parts at length (half an hour)
	@tools/system-packages services
	@$(BIN)/pytest tests/faults tests/fuzz -m faults --timeout 1800 $(PYTEST_ARGS)

check: $(VENV)/tools ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# What the benchmarks compare with.
$(VENV)/bench: $(VENV)/light
	@echo "Installing the benchmarks' tools into $(VENV) ..."
	@$(PIP) --editable '.[render,bench]'
	@touch $@

bench: $(VENV)/light ## seconds per stage, memory, scenes per minute
	@tools/system-packages render
	@$(BIN)/python bench/stages.py

bench-cutout: $(VENV)/bench ## cutouts against exact alphas, beside thresholding, GrabCut and closed-form matting
	@tools/system-packages render
	@$(BIN)/python -m bench.cutout $(BENCH_ARGS)

bench-previews: $(VENV)/light ## milliseconds of a live preview on one core, and how true its scale is
	@tools/system-packages render
	@$(BIN)/python bench/previews.py

bench-insertion: $(VENV)/bench ## pictures beside path-traced truth: table, JSON and page (BENCH_ARGS="--pairs 8")
	@tools/system-packages render
	@$(BIN)/python -m bench.insertion $(BENCH_ARGS)

bench-pose: $(VENV)/bench ## solved cameras of a whole catalog beside the true ones (BENCH_ARGS="--studio")
	@tools/system-packages render
	@$(BIN)/python -m bench.insertion pose $(BENCH_ARGS)

mini: $(VENV)/full ## train the demonstration model anew, about two hours on two cores; goes on where it was stopped
	@tools/system-packages render
	@$(BIN)/python -m training.mini.rooms
	@$(BIN)/python -m training.mini.autoencoder
	@$(BIN)/python -m training.mini.denoiser
	@$(BIN)/python -m training.mini.export

bench-gpu: $(VENV)/full ## painting on a GPU, one shortcut after another, beside plain diffusers (on a CPU: a small model)
	@$(BIN)/python -m bench.gpu $(BENCH_ARGS)

bench-service: $(VENV)/light ## scenes accepted and made a second, lists of many scenes, listeners (BENCH_ARGS="--scenes 1000000")
	@tools/system-packages services
	@$(BIN)/python -m bench.service $(BENCH_ARGS)

bench-own-room: $(VENV)/full ## products in photos of rooms with known cameras: how true their heights are
	@tools/system-packages render
	@$(BIN)/python -m bench.own_room $(BENCH_ARGS)

clean: ## remove the environment and everything made
	rm -rf $(VENV) var build *.egg-info
