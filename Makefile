# Rehome. Targets: all (default), tests, check, asan, valgrind, fuzz, fuzz-nightly, install, clean;
# see README.md and docs/install.md.
# B is the build directory: `make CC=clang B=build-clang OPT=-O0` builds beside the usual one.
B       ?= build
CC      ?= gcc
OPT     ?= -O2 -g
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
# Of libcti; changes when programs must be built again.
SOVERSION := 0
OBJCOPY ?= objcopy

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla \
        -Wformat=2 -Werror
PKGS := libzmq libprotobuf-c sqlite3 lua5.4 jansson libsodium libedit
CFLAGS  = -std=c11 -D_GNU_SOURCE -fPIC -pthread $(OPT) $(WARN) $(SAN) -I. -I$B/gen \
          -DREHOME_VERSION='"$(VERSION)"' $(shell pkg-config --cflags $(PKGS))
LDLIBS  = $(shell pkg-config --libs $(PKGS)) -pthread -lm
# Only the command serves HTTP; the programs do not even load it.
HTTPLIBS = $(shell pkg-config --libs libmicrohttpd)
TESTLIBS = $(HTTPLIBS) $(shell pkg-config --libs check)
export VERSION

# Generated from the messages in common/proto.
PROTO := $(wildcard common/proto/*.proto)
GEN_H := $(patsubst common/proto/%.proto,$B/gen/%.pb-c.h,$(PROTO))
GEN_O := $(patsubst common/proto/%.proto,$B/gen/%.pb-c.o,$(PROTO))

# The database's schema, as lines of a C string.
SQL_INC := $(patsubst common/db/%.sql,$B/gen/%.sql.inc,$(wildcard common/db/*.sql))

# The page of a run's report, likewise.
PAGE_INC := $(patsubst sim/report/%,$B/gen/%.inc,$(wildcard sim/report/*.html sim/report/*.css \
            sim/report/*.js))

# One archive per folder; includes point one way: common <- sdl <- {callmanager, ctimanager} <- sim.
SRC_common      := $(wildcard common/*/*.c)
SRC_sdl         := $(wildcard sdl/*/*.c)
SRC_callmanager := $(filter-out %/main.c,$(wildcard callmanager/*.c))
SRC_ctimanager  := $(filter-out %/main.c,$(wildcard ctimanager/*.c))
SRC_cti         := $(wildcard ctimanager/client/*.c)
SRC_sim         := $(filter-out %/main.c,$(wildcard sim/*/*.c))

obj = $(patsubst %.c,$B/obj/%.o,$(1))
LIB_common      := $B/librehome-common.a
LIB_sdl         := $B/librehome-sdl.a
LIB_callmanager := $B/librehome-callmanager.a
LIB_ctimanager  := $B/librehome-ctimanager.a
LIB_client      := $B/librehome-client.a
LIB_sim         := $B/librehome-sim.a

TESTS := $(patsubst tests/%.c,$B/tests/%,$(wildcard tests/*/test_*.c))
TESTLIB := $(call obj,$(filter-out $(wildcard tests/*/test_*.c tests/fuzz/*.c),$(wildcard tests/*/*.c)))
# Targets of libFuzzer: tests/fuzz/fuzz_NAME.c; see scripts/fuzz.
FUZZERS := $(patsubst tests/fuzz/%.c,$B/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
PROGRAMS := $B/rehome $B/callmanager $B/ctimanager $B/phones $B/ctiapp

# Manual pages and the completion of bash, from the programs' own tables.
MAN := $(PROGRAMS:$B/%=$B/man/%.1)

all: $(PROGRAMS) $B/libcti.a $B/libcti.so $(MAN) $B/completion/rehome
tests: $(TESTS)

$(LIB_common): $(call obj,$(SRC_common)) $(GEN_O)
$(LIB_sdl): $(call obj,$(SRC_sdl))
$(LIB_callmanager): $(call obj,$(SRC_callmanager))
$(LIB_ctimanager): $(call obj,$(SRC_ctimanager))
$(LIB_client): $(call obj,$(SRC_cti))
$(LIB_sim): $(call obj,$(SRC_sim))
# What applications link: the client and just what it needs of the runtime, as one object in which
# only cti_ names are visible, so that no name of ours meets one of theirs.
$B/obj/libcti.o: $(LIB_client) $(LIB_sdl) $(LIB_common)
	@mkdir -p $(@D)
	$(LD) -r -o $@ --whole-archive $(LIB_client) --no-whole-archive --start-group $(LIB_sdl) $(LIB_common) --end-group
	$(OBJCOPY) --wildcard --keep-global-symbol='cti_*' $@
$B/libcti.a: $B/obj/libcti.o
$B/libcti.so.$(SOVERSION): $B/obj/libcti.o
	$(CC) $(CFLAGS) -shared -Wl,-soname,$(@F) -Wl,--as-needed -o $@ $< $(LDLIBS)
$B/libcti.so: $B/libcti.so.$(SOVERSION)
	ln -sf $(<F) $@
$B/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	ar rcs $@ $(filter %.o,$^)

BASE := $(LIB_sdl) $(LIB_common)
$B/callmanager: $B/obj/callmanager/main.o $(LIB_callmanager) $(BASE)
$B/ctimanager: $B/obj/ctimanager/main.o $(LIB_ctimanager) $(BASE)
$B/phones: $B/obj/sim/phone/main.o $(LIB_sim) $(BASE)
$B/ctiapp: $B/obj/sim/app/main.o $(LIB_sim) $(LIB_client) $(BASE)
$B/rehome: $B/obj/sim/harness/main.o $(LIB_sim) $(LIB_callmanager) $(LIB_ctimanager) $(LIB_client) $(BASE)
$B/rehome: LDLIBS += $(HTTPLIBS)
$(PROGRAMS):
	$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

$B/man/rehome.1: $B/rehome
	@mkdir -p $(@D)
	$B/rehome manual --man >$@.new
	@mv $@.new $@
$B/man/%.1: $B/% scripts/man
	@mkdir -p $(@D)
	scripts/man $< >$@.new
	@mv $@.new $@
$B/completion/rehome: $B/rehome
	@mkdir -p $(@D)
	$B/rehome completion bash >$@.new
	@mv $@.new $@

$(TESTS): $B/tests/%: $B/obj/tests/%.o $(TESTLIB) $(LIB_sim) $(LIB_callmanager) $(LIB_ctimanager) $(LIB_client) $(BASE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(TESTLIBS) $(LDLIBS)

$B/obj/%.o: %.c | $(GEN_H) $(SQL_INC) $(PAGE_INC)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
$B/gen/%.pb-c.o: $B/gen/%.pb-c.c
	$(CC) -std=c11 -fPIC $(OPT) $(SAN) -I$B/gen -c -o $@ $<
$B/gen/%.pb-c.c $B/gen/%.pb-c.h: common/proto/%.proto
	@mkdir -p $(@D)
	protoc-c --proto_path=common/proto --c_out=$B/gen $<
$B/gen/%.sql.inc: common/db/%.sql common/db/expand.sed
	@mkdir -p $(@D)
	sed -f common/db/expand.sed $< >$@
$B/gen/%.inc: sim/report/% sim/report/embed.sed
	@mkdir -p $(@D)
	sed -f sim/report/embed.sed $< >$@
.PRECIOUS: $B/gen/%.pb-c.c $B/gen/%.pb-c.h
.SECONDARY:

check: all tests
	scripts/run-tests $B
ASAN := B=build-asan OPT='-O1 -g' \
        SAN='-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined'
asan:
	@scripts/build CC='$(CC)' $(ASAN) all tests
	$(MAKE) $(ASAN) check
# Fuzzers by libFuzzer, built beside the rest; scripts/fuzz runs them.
fuzz:
	$(MAKE) B=build-fuzz CC=clang OPT='-O1 -g' \
		SAN='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' fuzzers
fuzzers: $(FUZZERS) $B/fuzz/seeds
$(FUZZERS): $B/fuzz/%: $B/obj/tests/fuzz/%.o $(call obj,tests/lib/pinger.c) $(LIB_sim) $(LIB_callmanager) $(LIB_ctimanager) $(LIB_client) $(BASE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS) $(HTTPLIBS)
$B/fuzz/seeds: $B/obj/tests/fuzz/seeds.o $(BASE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)
fuzz-nightly: # half an hour each
	SEED=0 scripts/fuzz 1800
valgrind:
	scripts/valgrind
# Programs, the application library with its header and pkg-config file, scenarios and topologies.
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 ctimanager/client/cti.h $(DESTDIR)$(PREFIX)/include
	install -m 644 $B/libcti.a $(DESTDIR)$(PREFIX)/lib
	install -m 755 $B/libcti.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib
	ln -sf libcti.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libcti.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' ctimanager/client/libcti.pc.in \
		>$(DESTDIR)$(PREFIX)/lib/pkgconfig/libcti.pc
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 644 $(MAN) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $B/completion/rehome $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -d $(DESTDIR)$(PREFIX)/share/rehome
	cp -R sim/scenarios sim/topologies docs/clauses.md $(DESTDIR)$(PREFIX)/share/rehome
clean:
	rm -rf $B build-asan build-fuzz
-include $(shell find $B -name '*.d' 2>/dev/null)
.PHONY: all tests check asan valgrind fuzz fuzzers fuzz-nightly install clean
