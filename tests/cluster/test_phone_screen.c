/* What phones and bridges do with more than they can hold, and with what they are told twice. */
#include "tests/lib/cm_cluster.h"
#include "tests/lib/suite.h"

#include <stdio.h>
#include <string.h>

#define FIRST 1000
#define CALLS UINT8_MAX
#define PORTS 128

static struct cm_cluster k;

static void up(void)
{
	cm_cluster_up(&k);
	cm_cluster_start(&k, 3);
	cm_plug_all(&k);
}

static void down(void)
{
	cluster_advance(k.c, SECONDS(1));
	cm_cluster_down(&k);
}

static void tell(const char *phone, uint16_t signal, const void *msg)
{
	cluster_enqueue(k.c, "phones", cluster_process(k.c, "ccm1", phone),
			cluster_process(k.c, "phones", phone), signal, msg);
}

static bool copy_text(const void *msg, void *arg)
{
	const CommandResult *m = msg;

	snprintf(arg, 200, "%s", m->text ? m->text : "");
	return !strcmp(m->verb, "show");
}

static const char *shown(const char *phone)
{
	static char text[200];

	cm_press(&k, phone, "show", NULL);
	ck_assert(cluster_until_signal(k.c, "phones", NULL, SIG_CommandResult, copy_text, text,
				       SECONDS(1)));
	return text;
}

/* ---- screen ---------------------------------------------------------------------------------- */

static void call_state(uint32_t call, StationCallStateValue state)
{
	StationCallState m = STATION_CALL_STATE__INIT;

	m.state = state;
	m.line = 1;
	m.call_reference = call;
	tell(PHONE_A, SIG_StationCallState, &m);
}

START_TEST(a_phone_full_of_calls_shows_no_more_and_is_idle_when_they_are_over)
{
	char text[32];

	for (unsigned i = 0; i <= CALLS; i++)
		call_state(FIRST + i, STATION_CALL_STATE_VALUE__RingIn);
	cluster_advance(k.c, MS(100));
	for (unsigned i = 0; i < CALLS; i++)
		call_state(FIRST + i, STATION_CALL_STATE_VALUE__OnHook);
	cluster_advance(k.c, MS(100));
	ck_assert_str_eq(shown(PHONE_A), "registered at 1");
	call_state(FIRST + CALLS, STATION_CALL_STATE_VALUE__RingIn);
	cluster_advance(k.c, MS(100));
	snprintf(text, sizeof(text), "call %d on line 1", FIRST + CALLS);
	ck_assert_msg(strstr(shown(PHONE_A), text) != NULL, "%s", shown(PHONE_A));
	call_state(FIRST + CALLS, STATION_CALL_STATE_VALUE__OnHook);
}
END_TEST

START_TEST(what_the_display_says_is_seen_until_its_time_is_over)
{
	StationDisplayPrompt m = STATION_DISPLAY_PROMPT__INIT;

	m.text = (char *)(uintptr_t) "Call Park At 8801";
	m.has_timeout_ms = true;
	m.timeout_ms = 10000;
	tell(PHONE_A, SIG_StationDisplayPromptStatus, &m);
	cluster_advance(k.c, SECONDS(9));
	ck_assert_str_eq(shown(PHONE_A), "registered at 1, \"Call Park At 8801\"");
	cluster_advance(k.c, SECONDS(1));
	ck_assert_str_eq(shown(PHONE_A), "registered at 1");
}
END_TEST

/* ---- voice ----------------------------------------------------------------------------------- */

static bool copy_address(const void *msg, void *arg)
{
	*(StationStartMediaTransmission *)arg = *(const StationStartMediaTransmission *)msg;
	return true;
}

START_TEST(a_phone_that_is_told_again_where_to_send_sends_on)
{
	StationStartMediaTransmission to = STATION_START_MEDIA_TRANSMISSION__INIT;

	cm_press(&k, PHONE_A, "call", "1002");
	ck_assert(cm_phone_sees(&k, PHONE_B, STATION_CALL_STATE_VALUE__RingIn, SECONDS(2)));
	cm_press(&k, PHONE_B, "answer", NULL);
	ck_assert(cluster_until_signal(k.c, "phones", PHONE_A, SIG_StationStartMediaTransmission,
				       copy_address, &to, SECONDS(2)));
	cluster_advance(k.c, SECONDS(1));
	cluster_mark(k.c);
	to.base = (ProtobufCMessage)PROTOBUF_C_MESSAGE_INIT(
		&station_start_media_transmission__descriptor);
	tell(PHONE_A, SIG_StationStartMediaTransmission, &to);
	cluster_advance(k.c, SECONDS(3));
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_B, SIG_MediaStreamStopped, NULL, NULL),
		0);
	ck_assert_uint_eq(
		cluster_count_signal(k.c, "phones", PHONE_B, SIG_MediaStreamStarted, NULL, NULL),
		0);
	cm_press(&k, PHONE_A, "hangup", NULL);
}
END_TEST

/* ---- bridge ---------------------------------------------------------------------------------- */

/* Answers go to the harness, where they are counted. */
static const struct sdl_pid conference = { .node = SDL_HARNESS_NODE, .app = SDL_APP_HARNESS };

static void open_ports(unsigned from, unsigned to)
{
	StationOpenReceiveChannel m = STATION_OPEN_RECEIVE_CHANNEL__INIT;
	struct sdl_pid bridge = cluster_process(k.c, "phones", "CFB_1");

	cluster_mark(k.c);
	for (unsigned i = from; i < to; i++) {
		m.call_reference = FIRST + i;
		cluster_enqueue(k.c, "phones", conference, bridge, SIG_StationOpenReceiveChannel,
				&m);
	}
	cluster_advance(k.c, MS(10));
}

static bool is_status(const void *msg, void *arg)
{
	return ((const StationOpenReceiveChannelAck *)msg)->status == *(const uint32_t *)arg;
}

static unsigned answered(uint32_t status)
{
	return cluster_count_signal(k.c, "phones", NULL, SIG_StationOpenReceiveChannelAck,
				    is_status, &status);
}

START_TEST(cal_01_a_bridge_without_a_free_port_says_so_and_has_one_when_a_party_leaves)
{
	StationMediaEnd end = STATION_MEDIA_END__INIT;

	cm_plug_bridge(&k, 1);
	cluster_advance(k.c, SECONDS(1));
	open_ports(0, PORTS);
	ck_assert_uint_eq(answered(0), PORTS);
	open_ports(PORTS, PORTS + 1);
	ck_assert_uint_eq(answered(1), 1);
	end.call_reference = FIRST + 5;
	cluster_enqueue(k.c, "phones", conference, cluster_process(k.c, "phones", "CFB_1"),
			SIG_StationCloseReceiveChannel, &end);
	open_ports(PORTS, PORTS + 1);
	ck_assert_uint_eq(answered(0), 1);
}
END_TEST

#define CASE(t) SUITE_CASE_WITH(t, up, down)

int main(int argc, char **argv)
{
	const struct suite_case cases[] = {
		CASE(a_phone_full_of_calls_shows_no_more_and_is_idle_when_they_are_over),
		CASE(what_the_display_says_is_seen_until_its_time_is_over),
		CASE(a_phone_that_is_told_again_where_to_send_sends_on),
		CASE(cal_01_a_bridge_without_a_free_port_says_so_and_has_one_when_a_party_leaves),
	};

	return suite_main(argc, argv, "cluster/test_phone_screen", cases,
			  sizeof(cases) / sizeof(cases[0]));
}
