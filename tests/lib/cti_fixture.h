/*
 * cti_fixture.h - a CTIManager on each of three nodes, CallManagers that only pretend, and an
 * application that sends raw CTI requests and writes down what it is told. For tests of the
 * CTIManager without call processing and without the application library.
 *
 * The database has nodes 1..3, group G12 (1, 2), G123 (1, 2, 3); in G12 ports CTIP_1 (4001) and
 * CTIP_2 (4002, 4003), route point CTIRP_1 (5001), SCCP phone SEP000000000001 (1001), SIP phones
 * SEP000000007960 (no control) and SEP000000007961; in G123 port CTIP_3 (4011). User ivr controls
 * all but CTIP_2, which nobody controls and whose line 4003 is restricted; super may control all;
 * nobody is outside Standard CTI Enabled. CTIP_R is restricted. All passwords are "secret".
 *
 * Tells, one a line: "Response SEQ RESULT", "DeviceInService CTIP_1 2", "LineOutOfService 4001
 * 1001", "CallStateChanged 4001 1|7 CONNECTED 508" ...
 */
#ifndef TESTS_LIB_CTI_FIXTURE_H
#define TESTS_LIB_CTI_FIXTURE_H

#include "common/msg/messages.h"
#include "tests/lib/cluster.h"

#define FAKE_DEVICES 8000

/* A CallManager that answers the CTIManager. Knobs may be changed at any time. */
struct fake_device {
	char name[16];
	bool registered;
	struct sdl_pid askers[4];
	int askers_n;
};
struct fake_ccm {
	uint8_t node;
	uint32_t refuse;       /* result of every device open */
	uint32_t refuse_media; /* result of device opens with media */
	uint32_t refuse_line;
	uint8_t other_node;			/* device opens: registered there */
	bool mute;				/* answers no device open */
	bool silent_calls;			/* answers no call request */
	bool existing;				/* lines have a connected call, ci 77 */
	bool calling;				/* call 77 comes while a line is opened */
	bool phone_here;			/* phones are registered here */
	unsigned opens, opens_max, outstanding; /* device opens; most unanswered at a time */
	bool slow;				/* answers device opens 1 ms later */
	char last[128];				/* last close or rehome, in words */
	struct fake_device device[FAKE_DEVICES];
	int devices;
	struct sdl_pid slow_to[FAKE_DEVICES];
	uint32_t slow_async[FAKE_DEVICES];
	unsigned slow_n;
};

struct raw_app {
	uint8_t ctimanager; /* node that it connects to */
	struct sdl_pid far;
	ProviderKind kind;		     /* declared at provider open */
	bool silent;			     /* sends no heartbeats */
	uint64_t device_handle, line_handle; /* of the last response that had one */
	unsigned calls;			     /* new ones that it was told of, ever */
	unsigned connected;
	char log[1 << 20];
	size_t log_n;
};

struct cti_fixture {
	struct cluster *c;
	struct fake_ccm ccm[4]; /* by node */
	struct raw_app app[3];
};

extern struct cti_fixture *fx;

/* ports: so many further ports CTIP_M<i> (dn 7000000 + i) of user ivr. Nothing runs yet. */
void cti_fixture_new(unsigned ports);
void cti_fixture_start(void);	/* all three nodes, then app0 at node 1 */
void cti_fixture_up(void);	/* all three nodes and app0 at node 1; its provider is open */
void cti_fixture_up_real(void); /* the same with real CallManagers */
void cti_fixture_new_real(uint64_t seed);
void cti_fixture_down(void);
void cti_start_node(int node); /* ccm and ctimanager */

/* The application's requests. */
void app_send(int app, uint16_t signal, const void *msg);
void app_provider_open(int app, const char *user, const char *password);
/* The device is opened (media: a MediaRegistration, -1 = none); its handle is returned once it
 * is answered. */
uint64_t app_device_open(int app, uint32_t seq, const char *device, int media);
uint64_t app_line_open(int app, uint32_t seq, uint64_t device, const char *dn);
/* CTIP_1 with its line, by application 0; what it was told is forgotten. */
void cti_open_port(void);
/* The handle of a call, by node and ci. */
#define CALL(node, ci) ((uint64_t)(node) << 32 | (ci))
/* What it is told when CTIP_1 loses ccm1, and when ccm2 has it. */
#define FAILED_1 "LineOutOfService 4001 1001\nDeviceOutOfService CTIP_1 1001\n"
#define BACK_2	 "DeviceInService CTIP_1 2\nLineInService 4001 2\nExistingCallCompleted 4001\n"
void app_call(int app, uint16_t signal, uint32_t seq, uint64_t call);

/* Steps until the application was told that since the last app_forget; false after 60 s. */
bool app_told(int app, const char *text);
bool app_told_within(int app, const char *text, int64_t ns);
/* The whole log since app_forget is that. */
void app_told_exactly(int app, const char *text);
void app_forget(int app);
bool app_knows(int app, const char *text); /* without stepping */
/* The handle of the newest call that it was told of at that number. */
uint64_t app_last_call(int app, const char *dn);
unsigned app_count(int app, const char *text);

/* A signal of the CallManager about a device, to all who have it open. */
void ccm_tell(int node, uint16_t signal, const void *msg);
void ccm_call(int node, uint16_t signal, const char *device, const char *dn, uint32_t ci,
	      int state);

#endif
