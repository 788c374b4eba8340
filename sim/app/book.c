#include "sim/app/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

static void *new_entry(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

struct app_device *sim_app_book_device(const struct app_book *book, const char *name)
{
	struct app_device *device;

	HASH_FIND_STR(book->devices, name, device);
	return device;
}

struct app_device *sim_app_book_add_device(struct app_book *book, const char *name)
{
	struct app_device *device = sim_app_book_device(book, name);

	if (device)
		return device;
	device = new_entry(sizeof(*device));
	snprintf(device->name, sizeof(device->name), "%s", name);
	HASH_ADD_STR(book->devices, name, device);
	return device;
}

static void forget_asked(struct app_book *book, struct app_asked *asked)
{
	HASH_DELETE(hh, book->asked, asked);
	free(asked);
}

/* Answers for what has gone mean nothing. Few are outstanding when something goes. */
static void forget_subject(struct app_book *book, const struct app_device *device,
			   const struct app_line *line)
{
	struct app_asked *asked, *next;

	HASH_ITER (hh, book->asked, asked, next)
		if (line ? asked->line == line : asked->device == device)
			forget_asked(book, asked);
}

void sim_app_book_ask(struct app_book *book, int seq, struct app_device *device,
		      struct app_line *line)
{
	struct app_asked *asked;

	if (seq <= 0)
		return;
	asked = new_entry(sizeof(*asked));
	asked->seq = seq;
	asked->device = device;
	asked->line = line;
	HASH_ADD_INT(book->asked, seq, asked);
}

bool sim_app_book_answered(struct app_book *book, int seq, struct app_asked *asked)
{
	struct app_asked *found;

	HASH_FIND_INT(book->asked, &seq, found);
	if (!found)
		return false;
	*asked = *found;
	forget_asked(book, found);
	return true;
}

void sim_app_book_remove_line(struct app_book *book, struct app_line *line)
{
	forget_subject(book, NULL, line);
	DL_DELETE(line->device->lines, line);
	free(line);
}

void sim_app_book_remove_device(struct app_book *book, struct app_device *device)
{
	while (device->lines)
		sim_app_book_remove_line(book, device->lines);
	forget_subject(book, device, NULL);
	HASH_DELETE(hh, book->devices, device);
	free(device);
}

struct app_line *sim_app_book_line(const struct app_device *device, const char *dn)
{
	struct app_line *line;

	if (!dn || !*dn)
		return device->lines;
	DL_FOREACH(device->lines, line)
	if (!strcmp(line->dn, dn))
		return line;
	return NULL;
}

struct app_line *sim_app_book_add_line(struct app_device *device, const char *dn)
{
	struct app_line *line = *dn ? sim_app_book_line(device, dn) : NULL;

	if (line)
		return line;
	line = new_entry(sizeof(*line));
	line->device = device;
	snprintf(line->dn, sizeof(line->dn), "%s", dn);
	DL_APPEND(device->lines, line);
	return line;
}

struct app_call *sim_app_book_call(const struct app_book *book, uint64_t handle)
{
	struct app_call *call;

	HASH_FIND(hh, book->calls, &handle, sizeof(handle), call);
	return call;
}

struct app_call *sim_app_book_add_call(struct app_book *book, uint64_t handle, const char *device,
				       const char *dn)
{
	struct app_call *call = sim_app_book_call(book, handle);

	if (call)
		return call;
	call = new_entry(sizeof(*call));
	call->handle = handle;
	call->state = CTI_UNKNOWN_CALL_STATE;
	snprintf(call->device, sizeof(call->device), "%s", device);
	snprintf(call->dn, sizeof(call->dn), "%s", dn);
	HASH_ADD(hh, book->calls, handle, sizeof(call->handle), call);
	return call;
}

void sim_app_book_remove_call(struct app_book *book, struct app_call *call)
{
	HASH_DELETE(hh, book->calls, call);
	free(call);
}

struct app_call *sim_app_book_call_at_port(const struct app_book *book, uint32_t port)
{
	struct app_call *found = NULL;

	/* The newest: an older one at a static port has ended. */
	for (struct app_call *call = book->calls; call; call = call->hh.next)
		if (call->port == port && (call->receiving || call->transmitting))
			found = call;
	return found;
}

bool sim_app_book_suits(const struct app_call *call, const struct app_wanted *wanted)
{
	return !call->ended && !strcmp(call->device, wanted->device) &&
	       (!*wanted->dn || !strcmp(call->dn, wanted->dn)) &&
	       (!*wanted->party || !strcmp(call->calling, wanted->party) ||
		!strcmp(call->called, wanted->party));
}

struct app_call *sim_app_book_newest(const struct app_book *book, const struct app_wanted *wanted,
				     unsigned states)
{
	struct app_call *suits = NULL;
	struct app_call *any = NULL;

	for (struct app_call *call = book->calls; call; call = call->hh.next) {
		if (!sim_app_book_suits(call, wanted))
			continue;
		any = call;
		if (states & 1u << call->state)
			suits = call;
	}
	return suits ? suits : any;
}

void sim_app_book_clear(struct app_book *book)
{
	while (book->calls)
		sim_app_book_remove_call(book, book->calls);
	while (book->devices)
		sim_app_book_remove_device(book, book->devices);
}
