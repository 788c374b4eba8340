#include "tests/lib/db_fault.h"

#include <check.h>
#include <sqlite3.h>
#include <string.h>

#include "common/db/db.h"
#include "common/msg/messages.h"

#define TYPES_MAX  40
#define SERVED_MAX 8

enum db_fault db_fault;
uint16_t db_fault_request;
unsigned db_fault_after;

static int interrupt(void *arg)
{
	unsigned *steps = arg;

	return (*steps)++ >= db_fault_after;
}

static void answer_locked(const DbDeviceReq *req, struct sdl_answer *a)
{
	DbDeviceRes res = DB_DEVICE_RES__INIT;

	res.name = req->name;
	res.has_cookie = req->has_cookie;
	res.cookie = req->cookie;
	res.result = DB_RESULT__DB_BUSY;
	a->emit(a->arg, SIG_DbDeviceRes, &res);
}

static void serve_with_fault(const struct sdl_type *type, void *resource,
			     const struct sdl_signal *request, struct sdl_answer *a)
{
	unsigned steps = 0;
	bool fault = !db_fault_request || db_fault_request == request->number;

	switch (fault ? db_fault : DB_FAULT_NONE) {
	case DB_FAULT_SILENT:
		break;
	case DB_FAULT_ERROR:
		sqlite3_progress_handler(db_sqlite(resource), 1, interrupt, &steps);
		type->serve(resource, request, a);
		sqlite3_progress_handler(db_sqlite(resource), 0, NULL, NULL);
		break;
	case DB_FAULT_MISSING:
		type->serve(NULL, request, a);
		break;
	case DB_FAULT_LOCKED:
		if (request->number == SIG_DbDeviceReq) {
			answer_locked(request->msg, a);
			break;
		}
		type->serve(resource, request, a);
		break;
	default:
		type->serve(resource, request, a);
		break;
	}
}

/* A function has to know whom it stands before: one for each served type. */
static struct {
	const struct sdl_type *original;
	struct sdl_type type;
} before[SERVED_MAX];

#define SERVE(i)                                                                                   \
	static void serve_##i(void *resource, const struct sdl_signal *request,                    \
			      struct sdl_answer *a)                                                \
	{                                                                                          \
		serve_with_fault(before[i].original, resource, request, a);                        \
	}
SERVE(0)
SERVE(1)
SERVE(2)
SERVE(3)
SERVE(4)
SERVE(5)
SERVE(6)
SERVE(7)

static const struct sdl_type *stand_before(const struct sdl_type *original)
{
	static void (*const serves[SERVED_MAX])(void *, const struct sdl_signal *,
						struct sdl_answer *) = { serve_0, serve_1, serve_2,
									 serve_3, serve_4, serve_5,
									 serve_6, serve_7 };
	int i = 0;

	while (i < SERVED_MAX && before[i].original && before[i].original != original)
		i++;
	ck_assert_int_lt(i, SERVED_MAX);
	before[i].original = original;
	before[i].type = *original;
	before[i].type.serve = serves[i];
	return &before[i].type;
}

void db_fault_program(struct sdl_config *config)
{
	/* Programs of a kind have the same types; the runtime borrows the list. */
	static const struct sdl_type *lists[4][TYPES_MAX];
	static const struct sdl_type *const *originals[4];
	int i = 0;

	while (i < 4 && originals[i] && originals[i] != config->types)
		i++;
	ck_assert_int_lt(i, 4);
	ck_assert_uint_le(config->types_n, TYPES_MAX);
	originals[i] = config->types;
	for (size_t t = 0; t < config->types_n; t++)
		lists[i][t] =
			config->types[t]->serve ? stand_before(config->types[t]) : config->types[t];
	config->types = lists[i];
}
