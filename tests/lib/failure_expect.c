#include "tests/lib/failure_expect.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static void add(char *to, size_t size, const char *format,
						      ...)
{
	size_t used = strlen(to);
	va_list ap;

	if (used && used + 2 < size)
		used += (size_t)snprintf(to + used, size - used, ", ");
	va_start(ap, format);
	vsnprintf(to + used, size - used, format, ap);
	va_end(ap);
}

static unsigned count(const char *calls)
{
	unsigned n = *calls != '\0';

	for (; *calls; calls++)
		n += *calls == ',';
	return n;
}

/* Ports and route points are reopened; phones that stream are not (CMF-14). */
static const char *service_of(const struct fate *f, enum party_kind kind, char text[80])
{
	char *at;

	snprintf(text, 80, "%s", f->service);
	at = strchr(text, '@');
	if (at)
		strcpy(at, bed_is_phone(kind) ? "" : ", in ccm4");
	return text;
}

static const char *const home[] = { "ccm1", "ccm2", "ccm3", "ccm4" };

/* The observation ends with the CTIManager, and begins anew at the other one (CTF-01). */
static void reconnected(const struct cell *cell, enum party p, struct sight *s)
{
	for (unsigned n = count(cell->before[p].calls); n; n--)
		add(s->app, sizeof s->app, "unobserved");
	add(s->app, sizeof s->app, "out CTIMANAGER_FAILURE, provider out, provider in");
}

static void existing(const struct cell *cell, enum party p, struct sight *s)
{
	char calls[120];
	char *save = NULL;

	strcpy(calls, cell->before[p].calls);
	for (char *call = strtok_r(calls, ", ", &save); call; call = strtok_r(NULL, ", ", &save))
		add(s->app, sizeof s->app, "existing %s", call);
}

/* Both are gone: the CTIManager's end is all that is told, and the snapshot says what is left (CTF-08).
 */
static void power_failed(const struct cell *cell, enum party p, char fate, struct sight *s)
{
	*s->app = '\0';
	reconnected(cell, p, s);
	if (fate == 's' && bed_is_phone(cell->row->kinds[p]))
		return; /* registered nowhere */
	add(s->app, sizeof s->app, "in %s", strchr("sl", fate) ? "ccm4" : home[p]);
	if (strchr("=p", fate))
		existing(cell, p, s);
}

static void ring_back(const struct cell *cell, enum party p, struct sight *s)
{
	bool proceeds = strcmp(cell->before[p].calls, "PROCEEDING") != 0;
	/* A SIP phone has its 100 as soon as its number is known. */
	bool shown = proceeds && cell->row->kinds[p] != SIP_PHONE;

	add(s->app, sizeof s->app, proceeds ? "PROCEEDING, RINGBACK" : "RINGBACK");
	add(s->screen, sizeof s->screen, shown ? "Proceed, RingOut" : "RingOut");
}

/* What is not the end of calls. */
static const struct {
	char letter;
	const char *app, *screen;
} special[] = {
	{ 'r', "new OFFERING, ACCEPTED", "RingIn" },
	{ 'U', "CONNECTED", "Connected" },
	{ 'j', "CONNECTED, ended NORMALCALLCLEARING", "Connected, OnHook" },
	{ 'e', "REORDER", "InvalidNumber" },
	{ 'w', "", "OnHook" },
	{ 'y', "", "CallRemoteMultiline" },
};

static void fare(const struct cell *cell, enum party p, char letter, struct sight *s,
		 unsigned *calls)
{
	const struct fate *f = failure_fate(letter);
	char text[80];

	ck_assert_msg(f, "%s: there is no fate '%c'", cell->row->state, letter);
	if (letter == 'R')
		ring_back(cell, p, s);
	for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
		if (special[i].letter == letter) {
			if (*special[i].app)
				add(s->app, sizeof s->app, "%s", special[i].app);
			add(s->screen, sizeof s->screen, "%s", special[i].screen);
		}
	*calls += letter == 'r';
	for (unsigned n = *calls; n && *f->screen; n--)
		add(s->screen, sizeof s->screen, "%s", f->screen);
	for (; f->cause && *calls; --*calls)
		add(s->app, sizeof s->app, "ended %s", f->cause);
	if (f->service)
		add(s->app, sizeof s->app, "%s", service_of(f, cell->row->kinds[p], text));
	if (f->stream != AS_BEFORE)
		s->speaks = f->stream == SPEAKS;
	if (f->place)
		strcpy(s->place, f->place);
}

void failure_expect(const struct cell *cell, enum party p, const char *fates, struct sight *s)
{
	const struct way *way = cell->way;
	unsigned calls = count(cell->before[p].calls);

	*s = (struct sight){ .speaks = cell->before[p].speaks };
	strcpy(s->place, cell->before[p].place);
	if (!strcmp(way->a, "ccm5")) {
		reconnected(cell, p, s);
		add(s->app, sizeof s->app, "in %s", home[p]);
		existing(cell, p, s);
	}
	for (size_t i = 0; fates[i]; i++)
		fare(cell, p, fates[i], s, &calls);
	if (way->both)
		power_failed(cell, p, *fates, s);
	if ((way->fault == APP_A && p == A) || (way->fault == APP_B && p == B))
		*s->app = '\0';
	if (way->fault == CUT_PHONES && p == A)
		*s->screen = '\0';
	if (!bed_is_phone(cell->row->kinds[p]))
		*s->place = *s->screen = '\0';
}
