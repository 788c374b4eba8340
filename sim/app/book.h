/*
 * book.h - what the simulated application knows: the devices it was told to open, and the calls on
 * them.
 *
 * A plain book; the application's callbacks keep it. Entries are owned by the book, in the order in
 * which they came.
 */
#ifndef SIM_APP_BOOK_H
#define SIM_APP_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "ctimanager/client/cti.h"

/* What to do with a new call. */
enum app_auto { APP_AUTO_UNSET, APP_AUTO_OFF, APP_AUTO_ACCEPT, APP_AUTO_ANSWER, APP_AUTO_REDIRECT };

struct app_rule {
	enum app_auto what;
	char destination[CTI_DN_MAX + 1];
};

struct app_line {
	char dn[CTI_DN_MAX + 1];
	struct app_device *device;
	bool closing;
	uint64_t handle; /* 0 = not open */
	struct app_line *prev, *next;
};

struct app_device {
	char name[CTI_DEVICE_MAX + 1];
	bool asked; /* for its open; false: it waits for the provider */
	bool closing;
	uint64_t handle;
	enum cti_registration registration;
	uint32_t port;	    /* static media */
	bool address_fixed; /* dynamic media: given at open, not per call (MED-04) */
	bool port_fixed;
	char dn[CTI_DN_MAX + 1]; /* the one line to open; "" = all */
	bool auto_accept;
	struct app_rule rule;
	struct app_line *lines;
	UT_hash_handle hh;
};

/* An open or close of a device or line that is not answered yet. */
struct app_asked {
	int seq;
	struct app_device *device;
	struct app_line *line; /* NULL = the device itself */
	UT_hash_handle hh;
};

struct app_call {
	uint64_t handle;
	char device[CTI_DEVICE_MAX + 1];
	char dn[CTI_DN_MAX + 1];
	enum cti_call_state state;
	char calling[CTI_DN_MAX + 1];
	char called[CTI_DN_MAX + 1];
	bool conference; /* its consult call was made for one */
	bool ended;	 /* the CTI call is over or unobserved: only the stream goes on (CAL-05) */
	bool orphan;	 /* its CallManager has died */
	bool asked;	 /* for media, and not answered */
	uint32_t port;	 /* of its stream; 0 = none yet */
	bool receiving;
	bool transmitting;
	bool silent;	    /* the other side's stream was heard, and has ended */
	int64_t drop_at_ms; /* the other side's stream has ended; 0 = it has not */
	UT_hash_handle hh;
};

struct app_book {
	struct app_device *devices;
	struct app_asked *asked; /* by seq */
	struct app_call *calls;	 /* by handle */
};

struct app_device *sim_app_book_device(const struct app_book *book, const char *name);
/* Known already: that one. name fits. */
struct app_device *sim_app_book_add_device(struct app_book *book, const char *name);
void sim_app_book_remove_device(struct app_book *book, struct app_device *device);
/* Notes what was asked under a sequence number; one that is none (an error) is not noted. */
void sim_app_book_ask(struct app_book *book, int seq, struct app_device *device,
		      struct app_line *line);
/* Takes it out: false when nothing was asked under that number, or its subject has gone. */
bool sim_app_book_answered(struct app_book *book, int seq, struct app_asked *asked);
/* dn NULL or "": the first one. */
struct app_line *sim_app_book_line(const struct app_device *device, const char *dn);
struct app_line *sim_app_book_add_line(struct app_device *device, const char *dn);
void sim_app_book_remove_line(struct app_book *book, struct app_line *line);

struct app_call *sim_app_book_call(const struct app_book *book, uint64_t handle);
struct app_call *sim_app_book_add_call(struct app_book *book, uint64_t handle, const char *device,
				       const char *dn);
void sim_app_book_remove_call(struct app_book *book, struct app_call *call);
struct app_call *sim_app_book_call_at_port(const struct app_book *book, uint32_t port);
/* Which calls: of the device, and, unless "", of that line of it and with that other party. */
struct app_wanted {
	const char *device;
	const char *dn;
	const char *party;
};
/* The newest of them in one of these states (bits 1 << state), else the newest one that is not
 * over, else NULL. */
struct app_call *sim_app_book_newest(const struct app_book *book, const struct app_wanted *wanted,
				     unsigned states);
bool sim_app_book_suits(const struct app_call *call, const struct app_wanted *wanted);

void sim_app_book_clear(struct app_book *book);

#endif
