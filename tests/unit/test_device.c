/* What a CTIDeviceLineMgr knows of its device: members that may be asked, lines on their way. */
#include "tests/lib/suite.h"

#include <string.h>

#include "ctimanager/device.h"

static struct device d;

static void up(void)
{
	static uint32_t group[] = { 1, 2, 3 };
	DeviceConfig config = DEVICE_CONFIG__INIT;

	memset(&d, 0, sizeof(d));
	config.name = (char *)(uintptr_t) "CTIP_1";
	config.kind = DEVICE_KIND__DEVICE_CTI_PORT;
	config.group = group;
	config.n_group = 3;
	ctim_device_adopt(&d, &config);
}

static void down(void)
{
	ctim_device_free(&d);
}

START_TEST(without_a_member_in_service_nobody_is_asked)
{
	ck_assert_ptr_null(ctim_device_best_member(&d));
	ck_assert_ptr_null(ctim_device_last_member(&d));
}
END_TEST

START_TEST(cmf_07_the_best_member_that_has_not_refused_is_asked_unless_another_was_named)
{
	for (int i = 0; i < 3; i++)
		d.members[i].in_service = true;
	ck_assert_uint_eq(ctim_device_best_member(&d)->node, 1);
	ck_assert_uint_eq(ctim_device_last_member(&d)->node, 3);
	d.target = 2;
	ck_assert_uint_eq(ctim_device_best_member(&d)->node, 2);
	d.members[1].refused = true;
	ck_assert_uint_eq(ctim_device_best_member(&d)->node, 1);
	d.members[0].elsewhere = d.members[2].refused = true;
	ck_assert_ptr_null(ctim_device_best_member(&d));
	ck_assert_ptr_null(ctim_device_last_member(&d));
}
END_TEST

START_TEST(a_device_is_on_its_way_until_the_calls_of_its_last_line_are_told)
{
	CtiHandlerDeviceOpen request = CTI_HANDLER_DEVICE_OPEN__INIT;
	DeviceOpen open = DEVICE_OPEN__INIT;
	LineOpen line = LINE_OPEN__INIT;
	struct pending *asked;
	struct line *l;

	open.device = line.dn = (char *)(uintptr_t) "4001";
	request.open = &open;
	request.login_id = request.owner = (char *)(uintptr_t) "ivr";
	ctim_device_add_line_user(
		&d, ctim_device_add_opener(&d, (struct sdl_pid){ .node = 1 }, &request), &line, 1);
	l = d.lines;
	ck_assert(!ctim_device_opening(&d));
	asked = ctim_device_add_pending(&d, PENDING_LINE, 1);
	ck_assert(ctim_device_opening(&d));
	ctim_device_remove_pending(&d, asked);
	l->state = LINE_SNAPSHOT;
	ck_assert(ctim_device_opening(&d));
	l->state = LINE_OPEN;
	ck_assert(!ctim_device_opening(&d));
}
END_TEST

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		SUITE_CASE_WITH(without_a_member_in_service_nobody_is_asked, up, down),
		SUITE_CASE_WITH(
			cmf_07_the_best_member_that_has_not_refused_is_asked_unless_another_was_named,
			up, down),
		SUITE_CASE_WITH(a_device_is_on_its_way_until_the_calls_of_its_last_line_are_told,
				up, down),
	};

	return suite_main(argc, argv, "unit/test_device", cases, sizeof(cases) / sizeof(cases[0]));
}
