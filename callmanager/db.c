/* Db: what call processing asks the database. Runs in the host's database thread. */
#include "callmanager/process.h"
#include "common/db/db_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers in one answer: far below what a signal may hold, even if all texts are of full length. */
#define PAGE 100

static void serve_init(struct db *db, struct sdl_answer *a)
{
	struct db_error err = { 0 };
	DbInitRes res;

	db_init_answer(db, &res, &err);
	sdl_answer(a, SIG_DbInitRes, &res);
}

static void serve_device(struct db *db, const DbDeviceReq *req, struct sdl_answer *a)
{
	struct db_device_config config;
	struct db_device device;
	struct db_error err = { 0 };
	DbDeviceRes res = DB_DEVICE_RES__INIT;

	res.name = req->name;
	res.has_cookie = req->has_cookie;
	res.cookie = req->cookie;
	if (db_device_by_name(db, req->name, &device, &err)) {
		res.result = db_result(err.code);
		res.text = err.text;
		sdl_answer(a, SIG_DbDeviceRes, &res);
		return;
	}
	db_device_config_make(&config, &device);
	res.result = DB_RESULT__DB_OK;
	res.device = &config.message;
	sdl_answer(a, SIG_DbDeviceRes, &res);
	db_device_config_free(&config);
	db_device_free(&device);
}

static void serve_forward(struct db *db, const DbForwardReq *req, struct sdl_answer *a)
{
	struct db_error err = { 0 };
	DbForwardRes res = DB_FORWARD_RES__INIT;
	char number[DB_DN] = "", css[DB_NAME] = "";
	int rc = 0;

	if (req->has_set && req->set)
		rc = db_set_forward_all(db, req->dn, req->partition, req->number, &err);
	if (!rc)
		rc = db_forward_all(db, req->dn, req->partition, number, css, &err);
	res.result = db_result(rc);
	res.text = rc ? err.text : NULL;
	res.dn = req->dn;
	res.partition = req->partition;
	res.number = number[0] ? number : NULL;
	res.css = css[0] ? css : NULL;
	res.has_asker = req->has_asker;
	res.asker = req->asker;
	res.has_async_response = req->has_async_response;
	res.async_response = req->async_response;
	sdl_answer(a, SIG_DbForwardRes, &res);
}

/* A page being filled; its texts live as long as the page. */
struct page {
	struct sdl_answer *answer;
	size_t n;
	uint64_t last;
	NumberConfig number[PAGE];
	NumberConfig *list[PAGE];
	struct db_number row[PAGE];
	char *css[PAGE][2];
	SearchSpaceConfig **space; /* one, or NULL */
};

static void page_send(struct page *page, const struct db_error *err, bool more)
{
	DbNumbersRes res = DB_NUMBERS_RES__INIT;

	res.result = db_result(err->code);
	res.text = err->code ? (char *)err->text : NULL;
	res.number = page->list;
	res.n_number = page->n;
	res.last = page->last;
	res.more = more;
	res.search_space = page->space;
	res.n_search_space = page->space != NULL;
	sdl_answer(page->answer, SIG_DbNumbersRes, &res);
	page->n = 0;
}

static char *set(char *text)
{
	return text[0] ? text : NULL;
}

static void set_forwards(NumberConfig *n, struct db_forwards *f)
{
	n->cfa = set(f->cfa);
	n->cfna = set(f->cfna);
	n->cfna_int = set(f->cfna_int);
	n->cfur = set(f->cfur);
	n->cfur_int = set(f->cfur_int);
	n->cfa_css = set(f->cfa_css);
	n->cfna_css = set(f->cfna_css);
	n->cfna_int_css = set(f->cfna_int_css);
	n->cfur_css = set(f->cfur_css);
	n->cfur_int_css = set(f->cfur_int_css);
}

static int page_add(void *arg, const struct db_number *row)
{
	static const struct db_error fine;
	struct page *page = arg;
	struct db_number *r;
	NumberConfig *n;

	if (row->usage != DB_USAGE_DEVICE)
		return 0;
	if (page->n == PAGE)
		page_send(page, &fine, true);
	r = &page->row[page->n];
	n = &page->number[page->n];
	*r = *row;
	number_config__init(n);
	n->dn = r->dn;
	n->partition = set(r->partition);
	n->has_kind = r->device[0] != '\0';
	n->kind = n->has_kind ? db_device_kind(r->device_class, r->model, r->protocol)
			      : DEVICE_KIND__DEVICE_UNKNOWN;
	set_forwards(n, &r->forwards);
	n->css = page->css[page->n];
	n->n_css = db_css_order(n->css, n->kind, r->forwards.line_css, r->device_css);
	page->list[page->n++] = n;
	page->last++;
	return 0;
}

static int page_add_pattern(void *arg, const struct db_pattern *row)
{
	static const struct db_error fine;
	struct page *page = arg;
	struct db_pattern r = *row;
	NumberConfig n = NUMBER_CONFIG__INIT;
	PatternConfig p = PATTERN_CONFIG__INIT;

	n.dn = r.pattern;
	n.partition = set(r.partition);
	n.has_usage = true;
	n.usage = (uint32_t)r.usage;
	n.pattern = &p;
	p.has_block = p.has_urgent = p.has_discard_predot = true;
	p.block = r.block;
	p.urgent = r.urgent;
	p.discard_predot = r.discard_predot;
	p.called_mask = set(r.called_mask);
	p.prefix = set(r.prefix);
	p.calling_mask = set(r.calling_mask);
	p.css = set(r.css);
	page_send(page, &fine, true); /* what was gathered, for the list is borrowed */
	page->list[page->n++] = &n;
	page->last++;
	page_send(page, &fine, true);
	return 0;
}

/* The partitions of one search space, as they come. */
struct space_rows {
	struct page *page;
	char name[DB_NAME];
	char **partition;
	size_t n;
};

static void space_send(struct space_rows *rows)
{
	static const struct db_error fine;
	SearchSpaceConfig space = SEARCH_SPACE_CONFIG__INIT;
	SearchSpaceConfig *one = &space;

	if (!rows->name[0])
		return;
	space.name = rows->name;
	space.partition = rows->partition;
	space.n_partition = rows->n;
	rows->page->space = &one;
	page_send(rows->page, &fine, true);
	rows->page->space = NULL;
	for (size_t i = 0; i < rows->n; i++)
		free(rows->partition[i]);
	rows->n = 0;
}

static int space_add(void *arg, const char *css, const char *partition)
{
	struct space_rows *rows = arg;

	if (strcmp(rows->name, css) != 0) {
		space_send(rows);
		snprintf(rows->name, sizeof rows->name, "%s", css);
	}
	if (!partition[0])
		return 0;
	rows->partition = realloc(rows->partition, (rows->n + 1) * sizeof *rows->partition);
	if (!rows->partition || !(rows->partition[rows->n++] = strdup(partition)))
		abort();
	return 0;
}

static int send_spaces(struct db *db, struct page *page, struct db_error *err)
{
	struct space_rows rows = { .page = page };
	int rc = db_each_search_space(db, space_add, &rows, err);

	space_send(&rows);
	free(rows.partition);
	return rc;
}

/* One walk over all search spaces, numbers and patterns, answered in pages: the last one says so. */
static void serve_numbers(struct db *db, struct sdl_answer *a)
{
	struct page *page = calloc(1, sizeof *page);
	struct db_error err = { 0 };

	if (!page)
		abort();
	page->answer = a;
	if (send_spaces(db, page, &err) == 0 && db_each_number(db, page_add, page, &err) == 0 &&
	    db_each_pattern(db, page_add_pattern, page, &err) == 0)
		err.code = 0;
	page_send(page, &err, false);
	free(page);
}

struct park_rows {
	ParkNumberConfig *rows;
	size_t n;
};

static int add_park(void *arg, const struct db_number *row)
{
	struct park_rows *all = arg;
	ParkNumberConfig *p;

	if (row->usage != DB_USAGE_CALL_PARK || !row->node_id)
		return 0;
	all->rows = realloc(all->rows, (all->n + 1) * sizeof *all->rows);
	if (!all->rows)
		abort();
	p = &all->rows[all->n++];
	park_number_config__init(p);
	p->pattern = strdup(row->dn);
	p->node = (uint32_t)row->node_id;
	if (!p->pattern)
		abort();
	return 0;
}

/* So many of them that they fill one answer: the rest is left out, which a range is for. */
#define PARK_NUMBERS_MAX 500

static void serve_park_numbers(struct db *db, struct sdl_answer *a)
{
	struct park_rows all = { .n = 0 };
	struct db_error err = { 0 };
	DbParkNumbersRes res = DB_PARK_NUMBERS_RES__INIT;
	ParkNumberConfig *list[PARK_NUMBERS_MAX];

	if (db_each_number(db, add_park, &all, &err) == 0)
		err.code = 0;
	res.result = db_result(err.code);
	res.n_number = all.n < PARK_NUMBERS_MAX ? all.n : PARK_NUMBERS_MAX;
	res.number = list;
	for (size_t i = 0; i < res.n_number; i++)
		list[i] = &all.rows[i];
	sdl_answer(a, SIG_DbParkNumbersRes, &res);
	for (size_t i = 0; i < all.n; i++)
		free(all.rows[i].pattern);
	free(all.rows);
}

static void serve(void *resource, const struct sdl_signal *request, struct sdl_answer *a)
{
	switch (request->number) {
	case SIG_DbInitReq:
		serve_init(resource, a);
		break;
	case SIG_DbDeviceReq:
		serve_device(resource, request->msg, a);
		break;
	case SIG_DbForwardReq:
		serve_forward(resource, request->msg, a);
		break;
	case SIG_DbNumbersReq:
		serve_numbers(resource, a);
		break;
	case SIG_DbParkNumbersReq:
		serve_park_numbers(resource, a);
		break;
	}
}

const struct sdl_type cm_db = {
	.name = "Db",
	.number = CM_DB,
	.serve = serve,
};
