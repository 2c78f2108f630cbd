# The same jobs as `python run.py <job>`. Options: make run OPTIONS="--server.port 8600"
PYTHON ?= python3
OPTIONS ?=

JOBS = run test test-long check bench

.PHONY: $(JOBS)
$(JOBS):
	@$(PYTHON) run.py $@ $(OPTIONS)
