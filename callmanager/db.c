/* Db: what call processing asks the database. Runs in the host's database thread. */
#include "callmanager/process.h"
#include "common/db/db_message.h"

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

/* A page being filled; its texts live as long as the page. */
struct page {
	struct sdl_answer *answer;
	size_t n;
	uint64_t last;
	NumberConfig number[PAGE];
	NumberConfig *list[PAGE];
	struct db_number row[PAGE];
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
	sdl_answer(page->answer, SIG_DbNumbersRes, &res);
	page->n = 0;
}

static char *set(char *text)
{
	return text[0] ? text : NULL;
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
	n->cfna = set(r->forwards.cfna);
	n->cfna_int = set(r->forwards.cfna_int);
	n->cfa = set(r->forwards.cfa);
	page->list[page->n++] = n;
	page->last++;
	return 0;
}

/* One walk over all numbers, answered in pages: the last one says so. */
static void serve_numbers(struct db *db, struct sdl_answer *a)
{
	struct page *page = calloc(1, sizeof *page);
	struct db_error err = { 0 };

	if (!page)
		abort();
	page->answer = a;
	if (db_each_number(db, page_add, page, &err) == 0)
		err.code = 0;
	page_send(page, &err, false);
	free(page);
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
	case SIG_DbNumbersReq:
		serve_numbers(resource, a);
		break;
	default:
		break;
	}
}

const struct sdl_type cm_db = {
	.name = "Db",
	.number = CM_DB,
	.serve = serve,
};
