/* All records of a host as one sequence. */
#include "sim/harness/host_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sim_reader {
	struct sim_host *host;
	struct sdl_record_cursor *cursors;
	size_t cursors_n;
	/* Copies of one read, when there are several records to merge. */
	uint8_t *bytes;
	size_t used, size;
	struct place {
		int64_t time_ns;
		size_t order;
		size_t offset;
	} * places;
	size_t places_n, places_size;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

struct sim_log *sim_host_log(struct sim_host *host, struct sdl_record *record, const char *path,
			     const char *name)
{
	struct sim_log *log;

	host->logs = must(realloc(host->logs, (host->logs_n + 1) * sizeof(*host->logs)));
	log = &host->logs[host->logs_n++];
	log->record = record;
	snprintf(log->path, sizeof(log->path), "%s", path);
	snprintf(log->name, sizeof(log->name), "%s", name);
	return log;
}

struct sim_reader *sim_reader_new(struct sim_host *host)
{
	struct sim_reader *r = must(calloc(1, sizeof(*r)));

	r->host = host;
	return r;
}

void sim_reader_destroy(struct sim_reader **reader)
{
	struct sim_reader *r = *reader;

	if (!r)
		return;
	free(r->cursors);
	free(r->bytes);
	free(r->places);
	free(r);
	*reader = NULL;
}

static void keep(struct sim_reader *r, const struct sdl_record_entry *entry)
{
	if (r->used + entry->len > r->size) {
		r->size = (r->used + entry->len) * 2;
		r->bytes = must(realloc(r->bytes, r->size));
	}
	if (r->places_n == r->places_size) {
		r->places_size = r->places_size ? r->places_size * 2 : 256;
		r->places = must(realloc(r->places, r->places_size * sizeof(*r->places)));
	}
	r->places[r->places_n] = (struct place){ entry->time_ns, r->places_n, r->used };
	r->places_n++;
	memcpy(r->bytes + r->used, entry, entry->len);
	r->used += entry->len;
}

static int by_time(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void attach(struct sim_log *log)
{
	if (!log->record && log->path[0])
		log->record = sdl_record_attach(log->path);
}

static void grow(struct sim_reader *r)
{
	size_t n = r->host->logs_n;

	if (n == r->cursors_n)
		return;
	r->cursors = must(realloc(r->cursors, n * sizeof(*r->cursors)));
	memset(r->cursors + r->cursors_n, 0, (n - r->cursors_n) * sizeof(*r->cursors));
	r->cursors_n = n;
}

void sim_reader_read(struct sim_reader *reader, sim_visit *visit, void *arg)
{
	struct sim_host *host = reader->host;
	const struct sdl_record_entry *entry;

	grow(reader);
	if (host->ops->is_virtual) {
		while ((entry = sdl_record_next(host->logs[0].record, &reader->cursors[0])))
			visit(arg, entry);
		return;
	}
	reader->used = reader->places_n = 0;
	for (size_t i = 0; i < host->logs_n; i++) {
		attach(&host->logs[i]);
		if (!host->logs[i].record)
			continue;
		while ((entry = sdl_record_next(host->logs[i].record, &reader->cursors[i])))
			keep(reader, entry);
	}
	if (reader->places_n > 1)
		qsort(reader->places, reader->places_n, sizeof(*reader->places), by_time);
	for (size_t i = 0; i < reader->places_n; i++)
		visit(arg,
		      (const struct sdl_record_entry *)(const void *)(reader->bytes +
								      reader->places[i].offset));
}

uint64_t sim_reader_lost(const struct sim_reader *reader)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < reader->cursors_n; i++)
		lost += reader->cursors[i].lost;
	return lost;
}

int sim_host_save_records(struct sim_host *host, const char *dir, struct sim_error *err)
{
	for (size_t i = 0; i < host->logs_n; i++) {
		struct sim_log *log = &host->logs[i];
		char path[4096];
		int result;

		attach(log);
		if (!log->record)
			continue;
		snprintf(path, sizeof(path), "%s/%s.rec", dir, log->name);
		result = sdl_record_save(log->record, path);
		if (result < 0)
			return sim_fail(err, SIM_UNKNOWN, "%s: %s", path, strerror(-result));
	}
	return 0;
}
