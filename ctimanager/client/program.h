/*
 * program.h - an application as a program of a host: what cti_main() and the simulator build on.
 *
 * Processes: CtiApplication runs the callbacks; all events reach it as signals, so that the record
 * holds what the application was told, and all requests leave through it. CtiProvider, one per
 * provider, keeps the connection to a CTIManager and what is open.
 *
 * Use: cti_new(app); fill what is wanted below; cti_program(&config, cti); run the program on
 * either host; destroy the program, then cti_destroy().
 */
#ifndef CTIMANAGER_CLIENT_PROGRAM_H
#define CTIMANAGER_CLIENT_PROGRAM_H

#include "ctimanager/client/cti.h"
#include "sdl/program.h"

/* What sdl_context() points to in the processes of such a program. A program with more to share
 * sets config.context to a struct of its own that begins with this. */
struct cti_context {
	struct cti *cti;
};

/* A signal that is none of the library's: AppCommand, MediaStreamStarted, MediaStreamStopped. */
typedef void cti_other_signal(struct cti *cti, const struct sdl_signal *sig);

#define CTI_MORE_TYPES 8

/* app is borrowed. */
struct cti *cti_new(const struct cti_app *app);
void cti_destroy(struct cti **cti);
/* Further process types of the program, Media for instance; borrowed. Before cti_program(). */
void cti_add_type(struct cti *cti, const struct sdl_type *type);
void cti_set_other(struct cti *cti, cti_other_signal *other);
/* Outside callbacks requests are posted with this. Without it they are refused. */
void cti_set_post(struct cti *cti, void (*post)(void *arg, const struct sdl_envelope *e),
		  void *arg);
/* Opened when the application begins, after on_start. Borrowed, with its texts. */
void cti_set_provider(struct cti *cti, const struct cti_provider *provider);
/* Fills types, types_n, accept_type and context; name and incarnation are read, so set them before.
 */
void cti_program(struct sdl_config *config, struct cti *cti);
/* The process in whose turn a callback runs, for functions that want one; NULL outside. */
struct sdl_process *cti_process(const struct cti *cti);

/* The command line of an application on the real host: that of all programs, --user and its kin.
 * The provider's user is NULL when none was named. Ends the program on a mistake. */
struct cti_arguments {
	struct cti_provider provider;
	char password[CTI_PASSWORD_MAX + 2]; /* read from a file */
	uint8_t cluster;		     /* of the CTIManagers' addresses; 0 = not told */
};
struct sdl_real_options;
void cti_parse(struct cti_arguments *arguments, struct sdl_real_options *options, int argc,
	       char **argv);

#endif
