/* What `make install` leaves behind is enough to build an application on. */
#include "tests/lib/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/rehome-install-XXXXXX";
static char output[16384];

/* Runs a shell command in which $B is the build directory and $D where it was installed. */
static void must(const char *command)
{
	FILE *f = popen(command, "r");
	size_t len = fread(output, 1, sizeof(output) - 1, f);
	int status = pclose(f);

	output[len] = '\0';
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s\n%s", command, output);
}

static void install_all(void)
{
	const char *build = getenv("REHOME_BUILD");

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(setenv("B", build ? build : "build", 1), 0);
	ck_assert_int_eq(setenv("D", dir, 1), 0);
	unsetenv("MAKEFLAGS");
	unsetenv("MAKELEVEL");
	must("make -s B=\"$B\" PREFIX=\"$D\" install 2>&1");
	setenv("PKG_CONFIG_PATH", "", 1);
	must("printf '#include <cti.h>\\nint main(void)\\n{\\n\\treturn 0;\\n}\\n' >$D/app.c");
}

static void remove_all(void)
{
	must("rm -rf \"$D\"");
}

START_TEST(programs_library_header_and_scenarios_are_installed)
{
	must("cd $D && ls bin/rehome bin/callmanager bin/ctimanager bin/phones bin/ctiapp "
	     "include/cti.h lib/libcti.a lib/libcti.so lib/libcti.so.0 lib/pkgconfig/libcti.pc "
	     "share/rehome/topologies share/rehome/clauses.md 2>&1");
	must("$D/bin/rehome --help 2>&1");
}
END_TEST

START_TEST(what_is_installed_runs_far_from_the_sources)
{
	must("cd $D && mkdir run && XDG_RUNTIME_DIR=$D/run bin/rehome run --report $D/report "
	     "share/rehome/scenarios/first.lua --host=virtual 2>&1");
	must("cd $D && XDG_RUNTIME_DIR=$D/run bin/rehome run --report $D/report "
	     "share/rehome/scenarios/first.lua --host=real 2>&1");
}
END_TEST

/* As a packager does it: below DESTDIR, for another PREFIX. */
START_TEST(the_readmes_program_is_built_with_what_a_package_would_hold)
{
	must("make -s B=\"$B\" DESTDIR=\"$D/package\" PREFIX=/usr install 2>&1");
	must("! grep -rlI \"$D\" $D/package 2>&1");
	must("cc -Wall -Wextra -Werror -o $D/answer docs/examples/answer.c "
	     "$(PKG_CONFIG_SYSROOT_DIR=$D/package PKG_CONFIG_PATH=$D/package/usr/lib/pkgconfig "
	     "pkg-config --cflags --libs libcti) 2>&1");
	must("LD_LIBRARY_PATH=$D/package/usr/lib $D/answer --help 2>&1");
}
END_TEST

START_TEST(the_libraries_show_no_name_but_their_own)
{
	must("! nm -D --defined-only $D/lib/libcti.so | awk '{ print $3 }' | grep -v '^cti_'");
	must("! nm -g --defined-only $D/lib/libcti.a | awk 'NF == 3 { print $3 }' | grep -v "
	     "'^cti_'");
	must("nm -D --defined-only $D/lib/libcti.so | grep -q ' cti_'");
	must("readelf -d $D/lib/libcti.so | grep SONAME | grep -q 'libcti.so.0'");
}
END_TEST

START_TEST(the_header_stands_alone_in_c_and_in_cpp)
{
	must("cd $D && cc -std=c11 -Wall -Wextra -Werror -pedantic -c -o app.o app.c "
	     "$(PKG_CONFIG_PATH=$D/lib/pkgconfig pkg-config --cflags libcti) 2>&1");
	must("cd $D && c++ -x c++ -Wall -Wextra -Werror -c -o app.o app.c "
	     "$(PKG_CONFIG_PATH=$D/lib/pkgconfig pkg-config --cflags libcti) 2>&1");
}
END_TEST

/* Every object of the library is linked, so nothing that it needs may be missing. */
START_TEST(programs_link_with_what_pkg_config_says_shared_and_static)
{
	must("cd $D && cc -o shared app.c $(PKG_CONFIG_PATH=$D/lib/pkgconfig pkg-config --cflags "
	     "--libs libcti) -Wl,--no-as-needed,--no-undefined 2>&1 && LD_LIBRARY_PATH=$D/lib "
	     "./shared");
	must("cd $D && cc -o static app.c -Wl,--whole-archive lib/libcti.a -Wl,--no-whole-archive "
	     "$(PKG_CONFIG_PATH=$D/lib/pkgconfig pkg-config --cflags --static --libs libcti | "
	     "sed 's/-lcti//') -Iinclude 2>&1 && ./static && ! ldd static | grep libcti");
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(programs_library_header_and_scenarios_are_installed, install_all,
				remove_all),
		SUITE_CASE_WITH(what_is_installed_runs_far_from_the_sources, install_all,
				remove_all),
		SUITE_CASE_WITH(the_readmes_program_is_built_with_what_a_package_would_hold,
				install_all, remove_all),
		SUITE_CASE_WITH(the_libraries_show_no_name_but_their_own, install_all, remove_all),
		SUITE_CASE_WITH(the_header_stands_alone_in_c_and_in_cpp, install_all, remove_all),
		SUITE_CASE_WITH(programs_link_with_what_pkg_config_says_shared_and_static,
				install_all, remove_all),
	};
	const char *build = getenv("REHOME_BUILD");

	/* Sanitized libraries are for our own tests; nobody installs them. */
	if (build && strstr(build, "asan"))
		return suite_main(argc, argv, "e2e/test_install", cases, 1);
	return suite_main(argc, argv, "e2e/test_install", cases, sizeof(cases) / sizeof(cases[0]));
}
