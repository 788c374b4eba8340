/* Who may terminate the media of a port or route point. */
#include "callmanager/openers.h"
#include "tests/lib/suite.h"

static struct cm_openers o;
static const struct sdl_pid one = { .node = 1, .app = 200, .type = 10, .inst = 1 };
static const struct sdl_pid two = { .node = 2, .app = 200, .type = 10, .inst = 1 };

static void up(void)
{
	o = (struct cm_openers){ 0 };
}

static void down(void)
{
	cm_openers_free(&o);
}

static uint32_t codecs[] = { 4, 11 };
static size_t codecs_n = 2;

static uint32_t add(struct sdl_pid by, const char *owner, int media, bool reopen)
{
	CtiDeviceOpenDeviceReq req = CTI_DEVICE_OPEN_DEVICE_REQ__INIT;

	req.owner = (char *)owner;
	req.has_registration = media >= 0;
	req.registration = media >= 0 ? (MediaRegistration)media : MEDIA_REGISTRATION__NO_MEDIA;
	req.codec = codecs;
	req.n_codec = codecs_n;
	req.has_reopen = true;
	req.reopen = reopen;
	return cm_openers_add(&o, by, &req);
}

enum { WATCH = -1, NONE, STATIC_MEDIA, DYNAMIC_MEDIA };

START_TEST(med_07_watching_is_possible_beside_any_registration)
{
	ck_assert_uint_eq(add(one, "a", STATIC_MEDIA, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(add(two, "b", WATCH, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(o.pids.n, 2);
}
END_TEST

START_TEST(med_02_med_07_registrations_of_different_kinds_exclude_each_other)
{
	ck_assert_uint_eq(add(one, "a", NONE, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(add(two, "b", NONE, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(add(two, "c", STATIC_MEDIA, false), CTIERR_MEDIA_ALREADY_TERMINATED_NONE);
	cm_openers_remove(&o, one);
	cm_openers_remove(&o, two);
	ck_assert_uint_eq(add(one, "a", STATIC_MEDIA, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(add(two, "b", STATIC_MEDIA, false),
			  CTIERR_MEDIA_ALREADY_TERMINATED_STATIC);
	ck_assert_uint_eq(add(two, "b", DYNAMIC_MEDIA, false),
			  CTIERR_MEDIA_ALREADY_TERMINATED_STATIC);
	ck_assert_uint_eq(o.pids.n, 1);
}
END_TEST

START_TEST(med_05_dynamic_registrations_need_the_same_capabilities)
{
	ck_assert_uint_eq(add(one, "a", DYNAMIC_MEDIA, false), CTIERR_SUCCESS);
	codecs[0] = 11;
	codecs[1] = 4; /* in another order: the same */
	ck_assert_uint_eq(add(two, "b", DYNAMIC_MEDIA, false), CTIERR_SUCCESS);
	codecs[0] = 9;
	ck_assert_uint_eq(add(two, "c", DYNAMIC_MEDIA, false), CTIERR_MEDIA_CAPABILITY_MISMATCH);
	codecs[0] = 4;
	codecs[1] = 11;
	codecs_n = 1;
	ck_assert_uint_eq(add(two, "c", DYNAMIC_MEDIA, false), CTIERR_MEDIA_CAPABILITY_MISMATCH);
	codecs_n = 2;
}
END_TEST

START_TEST(mgr_04_one_application_terminates_media_through_one_ctimanager_only)
{
	ck_assert_uint_eq(add(one, "a", DYNAMIC_MEDIA, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(add(two, "a", DYNAMIC_MEDIA, false),
			  CTIERR_MEDIA_ALREADY_TERMINATED_DYNAMIC);
	cm_openers_remove_owner(&o, one, "a");
	ck_assert_uint_eq(add(two, "a", DYNAMIC_MEDIA, false), CTIERR_SUCCESS);
}
END_TEST

START_TEST(ctf_03_an_application_that_reopens_takes_the_place_of_its_former_self)
{
	ck_assert_uint_eq(add(one, "a", STATIC_MEDIA, false), CTIERR_SUCCESS);
	ck_assert_uint_eq(add(two, "a", STATIC_MEDIA, true), CTIERR_SUCCESS);
	ck_assert_ptr_nonnull(cm_openers_media(&o, two));
	ck_assert_ptr_null(cm_openers_media(&o, one));
	cm_openers_remove_node(&o, 2);
	ck_assert_uint_eq(o.pids.n, 1);
	ck_assert(cm_pids_has(&o.pids, one));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(med_07_watching_is_possible_beside_any_registration, up, down),
		SUITE_CASE_WITH(med_02_med_07_registrations_of_different_kinds_exclude_each_other,
				up, down),
		SUITE_CASE_WITH(med_05_dynamic_registrations_need_the_same_capabilities, up, down),
		SUITE_CASE_WITH(mgr_04_one_application_terminates_media_through_one_ctimanager_only,
				up, down),
		SUITE_CASE_WITH(
			ctf_03_an_application_that_reopens_takes_the_place_of_its_former_self, up,
			down),
	};

	return suite_main(argc, argv, "unit/test_openers", cases, sizeof(cases) / sizeof(cases[0]));
}
