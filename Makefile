# Two commands matter: `make run` and `make test`. Everything else serves them.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# One of cpu and gpu, never both: they own the same module.
ENGINE := $(shell command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L 2>/dev/null | grep -q GPU && echo gpu || echo cpu)
# The accelerated build of PyTorch comes only where there is a device for it.
CONSTRAINTS = constraints.txt
PIP = $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: run test bench package frozen deb fuzz format clean system

run: $(VENV)/installed-$(ENGINE) system
	@$(BIN)/python -P -m codestrata_start demonstrate "$(SOURCE)"

test: $(VENV)/installed-dev system
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist loadfile

# Times, memory and sizes. All of it takes an hour; BENCH=tests/benchmarks/test_growth.py runs one.
BENCH = tests/benchmarks
bench: $(VENV)/installed-dev
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(BENCH) -m slow -s --timeout=1800

# Builds sdist and wheel, installs the wheel into a fresh environment elsewhere and does five tasks there.
package: $(VENV)/installed-dev
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/benchmarks/test_package.py -m slow -s --timeout=1800

# The program as one folder that needs no Python, in dist/, and its tasks; then, on Debian, a package of it.
frozen: $(VENV)/installed-dev
	$(BIN)/python -m desktop.packaging.build_frozen -o dist
	CODESTRATA_FROZEN="$(CURDIR)/dist/codestrata" $(BIN)/python -m pytest tests/benchmarks/test_frozen.py -m slow -s --timeout=1800

deb: dist/codestrata
	$(BIN)/python -m desktop.packaging.build_deb dist/codestrata -o dist

dist/codestrata:
	$(MAKE) frozen

# Looks for inputs that break scanning, parsing and chunking: SECONDS=600, CORPUS=FOLDER with more files to begin from.
SECONDS = 600
fuzz: $(VENV)/installed-dev
	$(BIN)/python -m tests.fuzz.run_fuzz $(SECONDS) --corpus "$(CORPUS)"

format: $(VENV)/installed-dev
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

# The libraries that Qt loads from the system; as root on Debian they are installed, else they are named.
system: $(VENV)/python
	@$(BIN)/python -P -m desktop.system_packages

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed-$(ENGINE): $(VENV)/python pyproject.toml $(CONSTRAINTS)
	$(PIP) install -c $(CONSTRAINTS) -e ".[$(ENGINE)]"
	@touch $@

$(VENV)/installed-dev: $(VENV)/python pyproject.toml $(CONSTRAINTS)
	$(PIP) install -c $(CONSTRAINTS) -e ".[$(ENGINE),dev]"
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
