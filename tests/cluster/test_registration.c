/* Who may not register, and why: phones at StationInit, ports and route points at CTIRegistrar. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include <string.h>

static struct cm_cluster k;
static struct db_error err;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
}

/* CallManagers hold one device each; the second line of a phone may not be controlled. */
static void up_small(void)
{
	const struct db_line_spec restricted = { .index = 2, .dn = "6003", .cti_restricted = true };
	char why[256];

	cm_cluster_up(&k);
	ck_assert(!param_set_parse(cluster_params(k.c), PARAM_MAX_REGISTERED_DEVICES, "1", why,
				   sizeof(why)));
	ck_assert_int_eq(db_add_line(k.db, PHONE_A, &restricted, &err), 0);
	cm_cluster_start(&k, 3);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}

/* ---- phones ---------------------------------------------------------------------------- */

static void plug_kind(const char *phone, uint32_t node, bool sip)
{
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)(uintptr_t)phone;
	p.model = DB_MODEL_7960;
	p.group = &node;
	p.n_group = 1;
	p.has_sip = true;
	p.sip = sip;
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

static void plug_at(const char *phone, uint32_t node)
{
	plug_kind(phone, node, false);
}

static bool is_reason(const void *msg, void *arg)
{
	const StationRegisterReject *reject = msg;

	return reject->reason == *(const uint32_t *)arg &&
	       !strcmp(reject->text, cause_name(CAUSE_REGFAIL, (int)reject->reason));
}

static bool is_rejected(const char *phone, uint32_t reason)
{
	return cluster_until_signal(k.c, "phones", phone, SIG_StationRegisterReject, is_reason,
				    &reason, SECONDS(5));
}

static bool is_registered(const char *phone)
{
	return cluster_until_signal(k.c, "phones", phone, SIG_StationRegisterAck, NULL, NULL,
				    SECONDS(30));
}

START_TEST(a_phone_that_is_not_in_the_database_is_rejected)
{
	plug_at("SEP0000000000FF", 1);
	ck_assert(is_rejected("SEP0000000000FF", CAUSE_REGFAIL_NO_ENTRY_IN_DATABASE));
}
END_TEST

START_TEST(what_is_no_phone_cannot_register_as_one)
{
	plug_at("CTIP_1", 1);
	ck_assert(is_rejected("CTIP_1", CAUSE_REGFAIL_DEVICE_TYPE_MISMATCH));
}
END_TEST

static bool is_status(const void *msg, void *arg)
{
	const SipRegisterFailure *want = arg, *failure = msg;

	return failure->status == want->status && !strcmp(failure->text, want->text);
}

static bool is_answered(const char *phone, uint32_t status, int reason)
{
	SipRegisterFailure want = SIP_REGISTER_FAILURE__INIT;

	want.status = status;
	want.text = (char *)(uintptr_t)cause_name(CAUSE_REGFAIL, reason);
	return cluster_until_signal(k.c, "phones", phone, SIG_SipRegisterFailure, is_status, &want,
				    SECONDS(5));
}

START_TEST(a_sip_phone_is_told_the_status_that_fits_the_reason)
{
	plug_kind("SEP0000000000FF", 1, true);
	ck_assert(is_answered("SEP0000000000FF", 404, CAUSE_REGFAIL_NO_ENTRY_IN_DATABASE));
	plug_kind(PHONE_A, 1, true);
	ck_assert(is_answered(PHONE_A, 403, CAUSE_REGFAIL_DEVICE_TYPE_MISMATCH));
}
END_TEST

START_TEST(a_callmanager_that_is_not_in_a_phones_group_rejects_it)
{
	plug_at(PHONE_D, 1);
	ck_assert(is_rejected(PHONE_D, CAUSE_REGFAIL_DATABASE_CONFIGURATION_ERROR));
}
END_TEST

START_TEST(a_full_callmanager_rejects_phones_which_go_to_the_next)
{
	cm_plug(&k, PHONE_A);
	ck_assert(is_registered(PHONE_A));
	cm_plug(&k, PHONE_B);
	ck_assert(is_rejected(PHONE_B, CAUSE_REGFAIL_MAX_DEV_REG_EXCEEDED));
	ck_assert(is_registered(PHONE_B));
}
END_TEST

START_TEST(cmf_15_a_full_callmanager_gives_no_token_to_a_phone_that_would_return)
{
	cm_plug(&k, PHONE_A);
	ck_assert(is_registered(PHONE_A));
	cluster_kill(k.c, "ccm1");
	ck_assert(is_registered(PHONE_A));
	cluster_freeze(k.c, "phones");
	cluster_start(k.c, "ccm1");
	cluster_advance(k.c, MS(200));
	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cluster_thaw(k.c, "phones");
	ck_assert(cluster_until_signal(k.c, "phones", PHONE_A, SIG_StationRegisterTokenReject, NULL,
				       NULL, SECONDS(300)));
}
END_TEST

#define SIP_PHONE "SEP0000000000E1"

static void up_small_sip(void)
{
	const struct db_device_spec device = { .name = SIP_PHONE,
					       .model = DB_MODEL_7970,
					       .protocol = DB_PROTOCOL_SIP,
					       .device_pool = "P12" };
	char why[256];

	cm_cluster_up(&k);
	ck_assert(!param_set_parse(cluster_params(k.c), PARAM_MAX_REGISTERED_DEVICES, "1", why,
				   sizeof(why)));
	ck_assert_int_eq(db_add_device(k.db, &device, &err), 0);
	cm_cluster_start(&k, 3);
}

static void plug_sip(uint32_t *group, size_t n)
{
	PhonePlug p = PHONE_PLUG__INIT;

	p.phone = (char *)(uintptr_t)SIP_PHONE;
	p.model = DB_MODEL_7970;
	p.group = group;
	p.n_group = n;
	p.has_sip = p.sip = true;
	cluster_post(k.c, "phones", PHONES_PHONE_INIT, SIG_PhonePlug, &p);
}

START_TEST(a_full_callmanager_tells_a_sip_phone_to_come_later)
{
	uint32_t group[] = { 1 };

	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	plug_sip(group, 1);
	ck_assert(is_answered(SIP_PHONE, 503, CAUSE_REGFAIL_MAX_DEV_REG_EXCEEDED));
}
END_TEST

START_TEST(cmf_15_a_full_callmanager_gives_no_token_to_a_sip_phone_that_would_return)
{
	uint32_t group[] = { 1, 2 };

	plug_sip(group, 2);
	ck_assert(cm_phone_gets(&k, SIP_PHONE, SIG_SipRegisterOk, SECONDS(5)));
	cluster_kill(k.c, "ccm1");
	cluster_advance(k.c, SECONDS(10));
	cluster_freeze(k.c, "phones");
	cluster_start(k.c, "ccm1");
	cluster_advance(k.c, MS(200));
	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
	cluster_thaw(k.c, "phones");
	ck_assert(cluster_until_signal(k.c, "phones", SIP_PHONE, SIG_SipTokenFailure, NULL, NULL,
				       SECONDS(300)));
}
END_TEST

/* ---- ports and route points ------------------------------------------------------------ */

struct asked {
	DeviceConfig config;
	CtiDeviceOpenDeviceReq req;
	uint32_t group[1];
};

/* A port that may be opened; the case spoils it. */
static void ask(struct asked *a)
{
	*a = (struct asked){ .config = DEVICE_CONFIG__INIT,
			     .req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT,
			     .group = { 1 } };
	a->config.name = (char *)(uintptr_t) "CTIP_1";
	a->config.kind = DEVICE_KIND__DEVICE_CTI_PORT;
	a->config.group = a->group;
	a->config.n_group = 1;
	a->req.device = &a->config;
	a->req.async_response = 77;
	a->req.has_registration = true;
	a->req.registration = MEDIA_REGISTRATION__STATIC;
	a->req.has_ip = a->req.has_port = true;
	a->req.ip = 0x7f010096;
	a->req.port = 4000;
	a->req.owner = (char *)(uintptr_t) "ivr/1";
}

static bool is_result(const void *msg, void *arg)
{
	return ((const CtiDeviceOpenDeviceRes *)msg)->result == *(const uint32_t *)arg;
}

static void refused(const struct asked *a, uint32_t result)
{
	k.driver[1].node = 1;
	cluster_mark(k.c);
	cluster_post(k.c, "ctim1", CTIM_CTI_MANAGER, SIG_CtiDeviceOpenDeviceReq, &a->req);
	ck_assert_msg(cluster_until_signal(k.c, "ctim1", NULL, SIG_CtiDeviceOpenDeviceRes,
					   is_result, &result, SECONDS(2)),
		      "it is not refused as %s", cti_error_name(result));
}

START_TEST(what_cannot_be_opened_at_a_callmanager_is_refused_by_name)
{
	struct asked a;

	ask(&a);
	a.req.registration = (MediaRegistration)9;
	refused(&a, CTIERR_INVALID_PARAMETER);
	ask(&a);
	a.req.port = 0;
	refused(&a, CTIERR_INVALID_PARAMETER);
	ask(&a);
	a.config.kind = DEVICE_KIND__DEVICE_UNKNOWN;
	refused(&a, CTIERR_ILLEGAL_DEVICE_TYPE);
	ask(&a);
	a.config.has_cti_allowed = true;
	refused(&a, CTIERR_DEVICE_RESTRICTED);
	ask(&a);
	a.group[0] = 2;
	refused(&a, CTIERR_CANNOT_OPEN_DEVICE);
}
END_TEST

START_TEST(a_full_callmanager_refuses_ports_and_takes_them_when_there_is_room)
{
	cm_plug(&k, PHONE_A);
	ck_assert(is_registered(PHONE_A));
	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_RESOURCE_NOT_AVAILABLE);
	cluster_kill(k.c, "phones");
	cluster_advance(k.c, SECONDS(1));
	cm_open(&k, 1, 1, "CTIP_1", MEDIA_REGISTRATION__STATIC, CTIERR_SUCCESS);
}
END_TEST

START_TEST(usr_06_a_restricted_line_is_refused_by_callmanager_too)
{
	cm_plug(&k, PHONE_A);
	ck_assert(is_registered(PHONE_A));
	cm_open(&k, 1, 1, PHONE_A, MEDIA_REGISTRATION__NO_MEDIA, CTIERR_SUCCESS);
	cluster_advance(k.c, MS(100));
	cm_open_line(&k, 1, "6003", CTIERR_LINE_RESTRICTED);
	cm_open_line(&k, 1, "9999", CTIERR_UNDEFINED_LINE);
	cm_open_line(&k, 1, "1001", CTIERR_SUCCESS);
}
END_TEST

#define CASE(t)	      SUITE_CASE_WITH(t, up, down)
#define SMALL_CASE(t) SUITE_CASE_WITH(t, up_small, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_phone_that_is_not_in_the_database_is_rejected),
		CASE(what_is_no_phone_cannot_register_as_one),
		CASE(a_sip_phone_is_told_the_status_that_fits_the_reason),
		CASE(a_callmanager_that_is_not_in_a_phones_group_rejects_it),
		SMALL_CASE(a_full_callmanager_rejects_phones_which_go_to_the_next),
		SMALL_CASE(cmf_15_a_full_callmanager_gives_no_token_to_a_phone_that_would_return),
		SUITE_CASE_WITH(a_full_callmanager_tells_a_sip_phone_to_come_later, up_small_sip,
				down),
		SUITE_CASE_WITH(
			cmf_15_a_full_callmanager_gives_no_token_to_a_sip_phone_that_would_return,
			up_small_sip, down),
		CASE(what_cannot_be_opened_at_a_callmanager_is_refused_by_name),
		SMALL_CASE(a_full_callmanager_refuses_ports_and_takes_them_when_there_is_room),
		SMALL_CASE(usr_06_a_restricted_line_is_refused_by_callmanager_too),
	};

	return suite_main(argc, argv, "cluster/test_registration", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
