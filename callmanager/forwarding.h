/* forwarding.h - the rules of call forwarding: where a call goes that a line does not take.
 *
 * All calls of the cluster come from within it, so the internal destination counts where there is
 * one, else the general one. A forward is looked for in its own calling search space, or else in
 * those of the line that forwards. The caller's leg follows a forward itself and counts the hops,
 * so a loop ends.
 *
 * Source: RTP-09, APF-03, APF-04, DEV-13; domain.md 6.2.
 */
#ifndef CALLMANAGER_FORWARDING_H
#define CALLMANAGER_FORWARDING_H

#include "callmanager/process.h"
#include "callmanager/scope.h"

/* The field's Forward Maximum Hop Count. */
#define CM_FORWARD_HOPS_MAX 12

/* Lives as long as the configuration. */
struct cm_forward {
	const char *to; /* NULL: nowhere */
	struct cm_scope scope;
};

struct cm_forward cm_forward_all(const LineConfig *line);
struct cm_forward cm_forward_busy(const LineConfig *line);
struct cm_forward cm_forward_no_answer(const LineConfig *line);
/* For calls that wait at a port or route point whose application is gone: CFOF, else CFNA. */
struct cm_forward cm_forward_on_failure(const LineConfig *line);

/* For calls to a line that is going: as if it were registered nowhere. Phones: CFUR; ports and route
 * points: CFNA, or CFUR where that is not set (APF-04). */
struct cm_forward cm_forward_unregistered(const LineConfig *line, DeviceKind kind);

/* How long a call rings on the line before it is forwarded, or given up. */
int64_t cm_ring_duration_ns(const struct param_set *params, const LineConfig *line);

#endif
