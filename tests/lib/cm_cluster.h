/* cm_cluster.h - three CallManagers with a database, SCCP phones, and two programs in the place of
 * CTIManagers: the fixture of the tests of call processing.
 *
 * Nodes ccm1..ccm3; group of all devices: ccm1, ccm2. Phones A 1001, B 1002, C 1003 (group ccm1,
 * ccm2), D 1004 (group ccm3), whose names are PHONE_A ...; ports CTIP_1 6001, CTIP_2 6002; route
 * point CTIRP_5000 with 5000 (CFNA 1003, CFOF 1002). Port CTIP_2 forwards nowhere.
 *
 * Pickup group sales 8900: 1002, 1003, 1004. Park numbers: 8801 at ccm1, 882X at ccm2, 883X at ccm3.
 *
 * What is expected is looked for in the history since the last stimulus (press, request, plug): it
 * does not matter in which order expectations are written.
 */
#ifndef TESTS_LIB_CM_CLUSTER_H
#define TESTS_LIB_CM_CLUSTER_H

#include "tests/lib/cluster.h"
#include "tests/lib/cti_driver.h"

#include "common/base/cause.h"
#include "common/base/cti_error.h"
#include "common/db/db.h"
#include "common/msg/address.h"
#include "common/msg/messages.h"

#define PHONE_A "SEP00000000000A"
#define PHONE_B "SEP00000000000B"
#define PHONE_C "SEP00000000000C"
#define PHONE_D "SEP00000000000D"

struct cm_cluster {
	struct cluster *c;
	struct db *db;
	struct db_template *image;
	struct db *opened[3]; /* the programs' own databases, in the order of their first start */
	unsigned opened_n;
	struct cti_driver_context driver[3]; /* 1: ctim1, 2: ctim2 */
};

/* Made, not started. */
void cm_cluster_up(struct cm_cluster *k);
/* Fails the test if a call or a leg is left over somewhere. */
void cm_cluster_down(struct cm_cluster *k);
/* Changes a line's forwards (see db_change_line) before the start. */
void cm_forward(struct cm_cluster *k, const char *device, const struct db_line_spec *forwards);
void cm_cluster_start(struct cm_cluster *k, unsigned nodes);

void cm_plug(struct cm_cluster *k, const char *phone);
/* One that collects the digits and sends them as a whole. */
void cm_plug_enbloc(struct cm_cluster *k, const char *phone);
/* The conference bridge of a node. */
void cm_plug_bridge(struct cm_cluster *k, uint8_t node);
void cm_press(struct cm_cluster *k, const char *phone, const char *verb, const char *number);
/* All four. */
void cm_plug_all(struct cm_cluster *k);

bool cm_phone_sees(struct cm_cluster *k, const char *phone, StationCallStateValue state,
		   int64_t within_ns);
bool cm_phone_gets(struct cm_cluster *k, const char *phone, uint16_t signal, int64_t within_ns);

/* As a CTIManager: "ctim1" or "ctim2" (1, 2). Results are waited for and compared. */
void cm_open(struct cm_cluster *k, unsigned ctim, uint8_t node, const char *device,
	     MediaRegistration media, uint32_t result);
void cm_open_line(struct cm_cluster *k, unsigned ctim, const char *dn, uint32_t result);
void cm_close(struct cm_cluster *k, unsigned ctim, uint8_t node, const char *device);
void cm_initiate(struct cm_cluster *k, unsigned ctim, const char *dn, const char *called,
		 uint32_t result);
/* On a call; number: SIG_CtiLineCall...Req. */
void cm_request(struct cm_cluster *k, unsigned ctim, uint16_t number, uint32_t ci, uint32_t result);
void cm_redirect(struct cm_cluster *k, unsigned ctim, uint32_t ci, const char *destination,
		 uint32_t result);
/* CtiLineCallTransferBlind/Setup, ConferenceSetup. */
void cm_to(struct cm_cluster *k, unsigned ctim, uint16_t number, uint32_t ci,
	   const char *destination, uint32_t result);
uint32_t cm_post_to(struct cm_cluster *k, unsigned ctim, uint16_t number, uint32_t ci,
		    const char *destination);
/* On a call and others of its line, up to three, ended by 0. */
void cm_others(struct cm_cluster *k, unsigned ctim, uint16_t number, uint32_t ci,
	       const uint32_t *others, uint32_t result);
void cm_set_rtp(struct cm_cluster *k, unsigned ctim, uint32_t ci, uint32_t result);
/* Any other request, a message that begins with async_response, which is put in. */
void cm_ask(struct cm_cluster *k, unsigned ctim, uint16_t number, void *msg, uint32_t result);
uint32_t cm_post_ask(struct cm_cluster *k, unsigned ctim, uint16_t number, void *msg);
/* The same without waiting for the answer; they return what it will bear as async_response. */
uint32_t cm_post_open(struct cm_cluster *k, unsigned ctim, uint8_t node, const char *device,
		      MediaRegistration media);
uint32_t cm_post_open_line(struct cm_cluster *k, unsigned ctim, const char *dn);
uint32_t cm_post_close(struct cm_cluster *k, unsigned ctim, uint8_t node, const char *device);
uint32_t cm_post_initiate(struct cm_cluster *k, unsigned ctim, const char *dn, const char *called);
uint32_t cm_post_request(struct cm_cluster *k, unsigned ctim, uint16_t number, uint32_t ci);
uint32_t cm_post_redirect(struct cm_cluster *k, unsigned ctim, uint32_t ci,
			  const char *destination);
uint32_t cm_post_others(struct cm_cluster *k, unsigned ctim, uint16_t number, uint32_t ci,
			const uint32_t *others);
uint32_t cm_post_rtp(struct cm_cluster *k, unsigned ctim, uint32_t ci);
void cm_post_rehome(struct cm_cluster *k, unsigned ctim, uint8_t node, const char *device,
		    uint8_t target);
/* A new call told to it; returns its ci. */
uint32_t cm_new_call(struct cm_cluster *k, unsigned ctim, CtiCallState state);
/* The call's state is told; its cause is copied out if cause is not NULL. */
bool cm_call_state(struct cm_cluster *k, unsigned ctim, uint32_t ci, CtiCallState state,
		   uint32_t *cause, int64_t within_ns);
bool cm_hears(struct cm_cluster *k, unsigned ctim, uint16_t number, int64_t within_ns);
/* How many answers of that kind since the last stimulus were refusals, at either. */
unsigned cm_refusals(struct cm_cluster *k, uint16_t number);
/* Legs (LineCdpc) that exist at a node. */
unsigned cm_legs(struct cm_cluster *k, uint8_t node);
/* Processes of any type there. */
unsigned cm_processes(struct cm_cluster *k, uint8_t node, const char *type);
unsigned cm_processes_in(struct cm_cluster *k, uint8_t node, const char *type, const char *state);
unsigned cm_legs_in(struct cm_cluster *k, uint8_t node, const char *state);

#endif
