/* Results as JSON lines. */
#include "sim/explore/explore_private.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore/watch_private.h"

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

bool explore_known(const struct explore *x, uint64_t seed)
{
	return x->known_n && bsearch(&seed, x->known, x->known_n, sizeof(seed), by_value);
}

/* Seeds have 64 bits, numbers of JSON have not: they are texts. A line cut short is none. */
static void take_line(struct explore *x, const char *line)
{
	json_t *o = json_loads(line, 0, NULL);
	const char *commit = json_string_value(json_object_get(o, "commit"));
	const char *seed = json_string_value(json_object_get(o, "seed"));

	if (commit && seed && !strcmp(commit, x->commit)) {
		x->known = watch_more(x->known, x->known_n, sizeof(*x->known));
		x->known[x->known_n++] = strtoull(seed, NULL, 10);
	}
	json_decref(o);
}

int explore_resume(struct explore *x, const char *path, struct sim_error *err)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!f && errno == ENOENT)
		return 0;
	if (!f)
		return sim_fail(err, SIM_USAGE, "--resume %s: %s", path, strerror(errno));
	while (getline(&line, &size, f) > 0)
		take_line(x, line);
	free(line);
	fclose(f);
	qsort(x->known, x->known_n, sizeof(*x->known), by_value);
	return 0;
}

/* Of the tree that this program was built in, wherever it is run. */
static void ask_git(const char *question, char *answer, size_t size)
{
	char dir[512], command[sizeof(dir) + 120];
	ssize_t n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	FILE *f;

	answer[0] = '\0';
	dir[n > 0 ? n : 0] = '\0';
	if (!strrchr(dir, '/') || strchr(dir, '\''))
		return;
	*strrchr(dir, '/') = '\0';
	snprintf(command, sizeof(command), "git -C '%s' %s", dir, question);
	f = popen(command, "r");
	if (!f)
		return;
	if (!fgets(answer, (int)size, f))
		answer[0] = '\0';
	pclose(f);
	answer[strcspn(answer, "\n")] = '\0';
}

/* Where there is no git, whoever builds says what it is. */
void explore_commit(char *commit, size_t size)
{
	const char *said = getenv("REHOME_COMMIT");
	char hash[60], changed[60];

	if (said && *said) {
		snprintf(commit, size, "%s", said);
		return;
	}
	ask_git("rev-parse --short=12 HEAD 2>/dev/null", hash, sizeof(hash));
	ask_git("status --porcelain -uno 2>/dev/null | head -1", changed, sizeof(changed));
	snprintf(commit, size, "%s%s", *hash ? hash : "v" REHOME_VERSION, *changed ? "+" : "");
}

/* One write per line: several processes append to the same file. */
void explore_write(const struct explore *x, uint64_t seed, const struct trial *trial, double ms)
{
	const struct watch_breach *b = &trial->breach;
	char number[24], hash[20];
	json_t *o;
	char *text;
	size_t n;

	snprintf(number, sizeof(number), "%llu", (unsigned long long)seed);
	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)trial->hash);
	o = json_pack("{s:s, s:s, s:s, s:f, s:I, s:s}", "commit", x->commit, "seed", number,
		      "verdict", b->broken ? "failed" : "passed", "ms", ms, "signals",
		      (json_int_t)trial->signals, "hash", hash);
	if (o && b->broken) {
		json_object_set_new(o, "rule", json_string(watch_rule_def(b->rule)->name));
		json_object_set_new(o, "clause", json_string(watch_rule_def(b->rule)->clause));
		json_object_set_new(o, "text", json_string_nocheck(b->text));
		json_object_set_new(o, "at_ms", json_integer(b->at_ns / 1000000));
	}
	text = o ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6))
		 : NULL;
	n = text ? strlen(text) : 0;
	if (text) {
		text[n] = '\n'; /* in place of its end: it is not read as a text any more */
		if (x->out >= 0 && write(x->out, text, n + 1) < 0)
			perror("rehome explore: results");
	}
	free(text);
	json_decref(o);
}
