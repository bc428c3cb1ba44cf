# The work is in scripts/; `make help` lists what there is.
.PHONY: build dist check kernel conformance test test-v2 uptime crash demo bench format clean help
.DEFAULT_GOAL := help
SHELL := /bin/sh

GIVE_BACK := trap scripts/own EXIT
IN_JDK := JAVA_HOME=$$(scripts/jdk) && export JAVA_HOME
MODULES := brocker-spec,brocker-kernel,brocker-run,brocker-runtime,brockerd,brocker-client
SOURCES := pom.xml $(wildcard */pom.xml) $(wildcard scripts/build) $(wildcard brocker-run/Makefile) \
	$(shell find $(wildcard */src) -type f)
EXAMPLES := $(wildcard examples/*.json examples/*/*.json)
HELLO := examples/hello/pom.xml $(shell find examples/hello/src -type f)

build: build/.built ## compile and package every module
dist: build/.dist ## assemble build/brocker, which runs anywhere, without a JDK

build/.built: $(SOURCES)
	@scripts/packages
	@mkdir -p build
	@$(GIVE_BACK); scripts/build
	@touch $@

build/.dist: build/.built scripts/dist scripts/train scripts/launcher.in scripts/brockerd.service scripts/brockerd.socket $(wildcard scripts/*.java) \
		LICENSE NOTICE $(wildcard brocker-run/legal/*/*) $(EXAMPLES)
	@$(GIVE_BACK); scripts/dist
	@touch $@

examples/hello/target/hello.jar: $(HELLO)
	@$(GIVE_BACK); $(IN_JDK); mvn -B -ntp -q -f examples/hello package

check: ## lay-out, compiler and the tests that need no root
	@scripts/packages
	@scripts/tracked-files
	@$(GIVE_BACK); $(IN_JDK); scripts/timed mvn -B -ntp verify -pl $(MODULES) -Dring=pure -DexcludedGroups=kernel

kernel: build/.built ## the tests that make namespaces and control groups themselves (root)
	@$(GIVE_BACK); $(IN_JDK); scripts/timed scripts/sandbox mvn -B -o verify -pl $(MODULES) -Dring=kernel -Dgroups=kernel

conformance: build/.dist examples/hello/target/hello.jar ## the tests of build/brocker from outside (root); CLASS=NetworkTest
	@$(GIVE_BACK); $(IN_JDK); scripts/timed scripts/sandbox mvn -B -o verify -pl brocker-conformance $(CLASS:%=-Dtest=%)

test: build/.dist examples/hello/target/hello.jar ## every test, in network namespaces without an uplink (root)
	@scripts/tracked-files
	@$(GIVE_BACK); $(IN_JDK); scripts/timed scripts/sandbox mvn -B -o verify

uptime: build/.dist examples/hello/target/hello.jar ## deploy, scale and kill under 50,000 requests; takes minutes (root)
	@$(GIVE_BACK); $(IN_JDK); scripts/sandbox mvn -B -o verify -pl brocker-conformance \
		-Dtest=UptimeTest -Dexcluded.tests=none

crash: build/.dist ## kill the daemon at each of its steps and at 200 random moments; takes a quarter of an hour (root)
	@$(GIVE_BACK); $(IN_JDK); scripts/sandbox mvn -B -o verify -pl brocker-conformance -Dtest='CrashTest,IngressCrashTest' -Dbrocker.moments=200

test-v2: build/.dist ## the tests of control groups on an emulated host with version 2 alone (root)
	@$(GIVE_BACK); scripts/test-v2

demo: build/.dist examples/hello/target/hello.jar ## three replicas of a Spring Boot application (root); DEMO_ARGS=--check
	@scripts/demo $(DEMO_ARGS)

bench: build/.dist examples/hello/target/hello.jar ## the figures of bench/README.md, in one run (root)
	@bench/run

format: ## lay out the Java sources
	@$(IN_JDK); mvn -B -ntp -q spotless:apply

clean: ## remove what was built
	rm -rf build */target examples/*/target

help:
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | awk -F'\t' '{ printf "make %-11s %s\n", $$1, $$2 }'
