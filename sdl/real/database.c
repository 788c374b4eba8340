/*
 * database.c - the thread in which served types run, with their resource.
 *
 * A locked database or a slow password hash stops no heartbeat: requests go there by a queue,
 * answers come back by another and an eventfd. The thread never touches the program.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "common/msg/address.h"
#include "sdl/real/host.h"

#define POLL_NS SECOND_NS

struct job {
	struct job *next;
	const struct sdl_type *type;  /* of a request */
	struct sdl_envelope envelope; /* bytes lie behind */
	uint8_t bytes[];
};

static struct job *job_new(const struct sdl_envelope *e)
{
	struct job *j = malloc(sizeof(*j) + e->len);

	if (!j)
		abort();
	j->next = NULL;
	j->type = NULL;
	j->envelope = *e;
	j->envelope.bytes = j->bytes;
	if (e->len)
		memcpy(j->bytes, e->bytes, e->len);
	return j;
}

static void push(struct job **first, struct job **last, struct job *j)
{
	if (*last)
		(*last)->next = j;
	else
		*first = j;
	*last = j;
}

static struct job *pop(struct job **first, struct job **last)
{
	struct job *j = *first;

	if (!j)
		return NULL;
	*first = j->next;
	if (!j->next)
		*last = NULL;
	return j;
}

/* ---- in the thread -------------------------------------------------------------------------- */
struct emitter {
	struct sdl_answer answer;
	struct sdl_real *real;
	struct sdl_envelope head; /* what each answer starts from */
};

static void announce(struct sdl_real *r)
{
	uint64_t one = 1;

	if (write(r->database.source.fd, &one, sizeof(one)) < 0)
		abort(); /* an eventfd takes it, unless the program is broken */
}

static void emit(void *arg, uint16_t number, const void *msg)
{
	struct emitter *to = arg;
	struct database *d = &to->real->database;
	struct sdl_envelope e = to->head;
	uint8_t *bytes = malloc(SDL_SIGNAL_MAX);

	if (!bytes)
		abort();
	int64_t len = sdl_pack(number, msg, bytes, SDL_SIGNAL_MAX);
	if (len < 0) {
		fprintf(stderr, "%s: an answer %s of the database is longer than a signal\n",
			to->real->config.name, signal_def(number)->name);
		abort();
	}
	e.number = number;
	e.len = (uint32_t)len;
	e.bytes = bytes;
	struct job *j = job_new(&e);
	free(bytes);
	pthread_mutex_lock(&d->lock);
	push(&d->answered, &d->answered_last, j);
	pthread_mutex_unlock(&d->lock);
	announce(to->real);
}

static void serve(struct sdl_real *r, void *resource, const struct job *j)
{
	const struct sdl_envelope *q = &j->envelope;
	struct emitter to = { .answer = { .emit = emit, .arg = &to },
			      .real = r,
			      .head = { .to = q->from, .from = q->to, .tag = q->tag } };
	const struct signal_def *def = signal_def(q->number);
	ProtobufCMessage *msg = protobuf_c_message_unpack(def->message, NULL, q->len, q->bytes);

	if (!msg) {
		fprintf(stderr, "%s: a request %s to %s does not unpack\n", r->config.name,
			def->name, j->type->name);
		return;
	}
	struct sdl_signal sig = {
		.to = q->to, .from = q->from, .number = q->number, .tag = q->tag, .msg = msg
	};
	j->type->serve(resource, &sig, &to.answer);
	protobuf_c_message_free_unpacked(msg, NULL);
}

static void look_for_changes(struct sdl_real *r, void *resource)
{
	const struct sdl_resource *res = &r->options->resource;
	struct emitter to = { .answer = { .emit = emit, .arg = &to },
			      .real = r,
			      .head = { .to = real_self(r, res->notify_type),
					.from = real_self(r, TYPE_LINK_ADMIN) } };

	if (res->poll)
		res->poll(res->arg, resource, &to.answer);
}

static struct timespec in_ns(int64_t ns)
{
	int64_t at = sdl_real_now() + ns;

	return (struct timespec){ .tv_sec = at / SECOND_NS, .tv_nsec = at % SECOND_NS };
}

static void work(struct sdl_real *r, void *resource)
{
	struct database *d = &r->database;
	struct timespec poll_at = in_ns(0);

	pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		struct job *j = pop(&d->asked, &d->asked_last);

		if (j) {
			pthread_mutex_unlock(&d->lock);
			serve(r, resource, j);
			free(j);
			pthread_mutex_lock(&d->lock);
		} else if (d->poked ||
			   pthread_cond_timedwait(&d->changed, &d->lock, &poll_at) == ETIMEDOUT) {
			d->poked = false;
			pthread_mutex_unlock(&d->lock);
			look_for_changes(r, resource);
			poll_at = in_ns(POLL_NS);
			pthread_mutex_lock(&d->lock);
		}
	}
	pthread_mutex_unlock(&d->lock);
}

static void *run(void *arg)
{
	struct sdl_real *r = arg;
	const struct sdl_resource *res = &r->options->resource;
	char why[sizeof(r->database.failure)] = "no reason given";
	void *resource = res->open ? res->open(res->arg, why, sizeof(why)) : NULL;

	if (res->open && !resource) {
		pthread_mutex_lock(&r->database.lock);
		memcpy(r->database.failure, why, sizeof(why));
		pthread_mutex_unlock(&r->database.lock);
		announce(r);
		return NULL;
	}
	work(r, resource);
	if (resource && res->close)
		res->close(resource);
	return NULL;
}

/* ---- in the program's thread ---------------------------------------------------------------- */
static bool serves(const struct sdl_real *r)
{
	for (uint8_t i = 0; i < r->config.types_n; i++)
		if (r->config.types[i]->serve)
			return true;
	return false;
}

/* The thread takes no signals of the process. */
static int start_thread(struct sdl_real *r)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&r->database.thread, NULL, run, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

int database_open(struct sdl_real *r, char *why, size_t why_size)
{
	struct database *d = &r->database;
	pthread_condattr_t attr;

	if (!serves(r))
		return 0;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (fd < 0 || real_watch(r, &d->source, fd)) {
		snprintf(why, why_size, "no eventfd: %s", strerror(errno));
		return -1;
	}
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->changed, &attr);
	pthread_condattr_destroy(&attr);
	int error = start_thread(r);
	if (error) {
		snprintf(why, why_size, "no thread for the database: %s", strerror(error));
		return -1;
	}
	d->running = true;
	return 0;
}

void database_serve(void *w, const struct sdl_type *type, const struct sdl_envelope *e)
{
	struct sdl_real *r = w;
	struct database *d = &r->database;
	struct job *j;

	if (d->stop) /* a process's last word, while its program is taken down */
		return;
	j = job_new(e);
	j->type = type;
	pthread_mutex_lock(&d->lock);
	push(&d->asked, &d->asked_last, j);
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

void database_poke(struct sdl_real *r)
{
	struct database *d = &r->database;

	if (!d->running)
		return;
	pthread_mutex_lock(&d->lock);
	d->poked = true;
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

void database_answers(struct sdl_real *r)
{
	struct database *d = &r->database;
	char failure[sizeof(d->failure)];
	uint64_t count;
	struct job *j, *next;

	if (!d->running || !d->source.ready)
		return;
	d->source.ready = false;
	if (read(d->source.fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		abort();
	pthread_mutex_lock(&d->lock);
	j = d->answered;
	d->answered = NULL;
	d->answered_last = NULL;
	memcpy(failure, d->failure, sizeof(failure));
	pthread_mutex_unlock(&d->lock);
	for (; j; j = next) {
		next = j->next;
		sdl_program_post(r->program, &j->envelope);
		free(j);
	}
	if (failure[0])
		real_fail(r, SDL_EXIT_USAGE, "%s", failure);
}

void database_close(struct sdl_real *r)
{
	struct database *d = &r->database;
	struct job *j;

	if (d->running) {
		pthread_mutex_lock(&d->lock);
		d->stop = true;
		pthread_cond_signal(&d->changed);
		pthread_mutex_unlock(&d->lock);
		pthread_join(d->thread, NULL);
		d->running = false;
		pthread_cond_destroy(&d->changed);
		pthread_mutex_destroy(&d->lock);
	}
	while ((j = pop(&d->asked, &d->asked_last)))
		free(j);
	while ((j = pop(&d->answered, &d->answered_last)))
		free(j);
	if (d->source.fd >= 0) {
		int fd = d->source.fd;

		real_unwatch(r, &d->source);
		close(fd);
	}
}
