/* The kinds of steps. One more is a row here and a function; see docs/explore.md. */
#include "sim/explore/plan_private.h"

/* clang-format off */
static const struct plan_kind kinds[] = {
	{ "phone-call",    PLAN_WORK,     12, NULL,          plan_phone_call },
	{ "phone-answer",  PLAN_WORK,     14, NULL,          plan_phone_answer },
	{ "phone-hangup",  PLAN_WORK,      8, NULL,          plan_phone_hangup },
	{ "phone-hold",    PLAN_WORK,      4, NULL,          plan_phone_hold },
	{ "phone-resume",  PLAN_WORK,      4, NULL,          plan_phone_resume },
	{ "phone-dial",    PLAN_WORK,      3, NULL,          plan_phone_dial },
	{ "phone-transfer",   PLAN_WORK,   4, NULL,          plan_phone_transfer },
	{ "phone-conference", PLAN_WORK,   3, NULL,          plan_phone_conference },
	{ "phone-feature",    PLAN_WORK,   2, NULL,          plan_phone_feature },
	{ "phone-consults",   PLAN_WORK,   3, NULL,          plan_phone_consults },
	{ "phone-forward",    PLAN_WORK,   1, NULL,          plan_phone_forward },
	{ "app-open",      PLAN_WORK,      8, plan_has_apps, plan_app_open },
	{ "app-close",     PLAN_WORK,      3, plan_has_apps, plan_app_close },
	{ "app-call",      PLAN_WORK,      6, plan_has_apps, plan_app_call },
	{ "app-answer",    PLAN_WORK,      6, plan_has_apps, plan_app_answer },
	{ "app-accept",    PLAN_WORK,      3, plan_has_apps, plan_app_accept },
	{ "app-redirect",  PLAN_WORK,      4, plan_has_apps, plan_app_redirect },
	{ "app-hold",      PLAN_WORK,      3, plan_has_apps, plan_app_hold },
	{ "app-retrieve",  PLAN_WORK,      3, plan_has_apps, plan_app_retrieve },
	{ "app-drop",      PLAN_WORK,      4, plan_has_apps, plan_app_drop },
	{ "app-line",      PLAN_WORK,      2, plan_has_apps, plan_app_line },
	{ "app-auto",      PLAN_WORK,      3, plan_has_apps, plan_app_auto },
	{ "app-forward",   PLAN_WORK,      1, plan_has_apps, plan_app_forward },
	{ "app-provider",  PLAN_WORK,      2, plan_has_apps, plan_app_provider },
	{ "app-transfer",  PLAN_WORK,      2, plan_has_apps, plan_app_transfer },
	{ "app-consult",   PLAN_WORK,      3, plan_has_apps, plan_app_consult },
	{ "app-complete",  PLAN_WORK,      2, plan_has_apps, plan_app_complete },
	{ "app-join",      PLAN_WORK,      2, plan_has_apps, plan_app_join },
	{ "app-forwarded", PLAN_WORK,      1, plan_has_apps, plan_app_forwarded },
	{ "app-autoaccept", PLAN_WORK,     1, plan_has_apps, plan_app_autoaccept },
	{ "app-dial",      PLAN_WORK,      2, plan_has_apps, plan_app_dial },
	{ "app-data",      PLAN_WORK,      1, plan_has_apps, plan_app_data },
	{ "phone-qrt",     PLAN_WORK,      1, NULL,          plan_phone_qrt },
	{ "app-acquire",   PLAN_WORK,      1, plan_has_apps, plan_app_acquire },
	{ "app-filter",    PLAN_WORK,      3, plan_has_apps, plan_app_filter },
	{ "app-fails",     PLAN_WORK,      2, plan_has_apps, plan_fault_app },
	{ "phone-park",    PLAN_WORK,      3, NULL,          plan_phone_park },
	{ "phone-pickup",  PLAN_WORK,      2, NULL,          plan_phone_pickup },
	{ "phone-keys",    PLAN_WORK,      1, NULL,          plan_phone_keys },
	{ "phone-parks",   PLAN_WORK,      4, NULL,          plan_phone_parks },
	{ "phone-picks-up", PLAN_WORK,     3, NULL,          plan_phone_picks_up },
	{ "app-park",      PLAN_WORK,      2, plan_has_apps, plan_app_park },
	{ "app-unpark",    PLAN_WORK,      2, plan_has_apps, plan_app_unpark },
	{ "app-pickup",    PLAN_WORK,      2, plan_has_apps, plan_app_pickup },
	{ "app-dtmf",      PLAN_WORK,      1, plan_has_apps, plan_app_dtmf },
	{ "set-line",      PLAN_CHANGE,    4, NULL,          plan_set_line },
	{ "associate",     PLAN_CHANGE,    4, NULL,          plan_associate },
	{ "reset",         PLAN_CHANGE,    3, NULL,          plan_reset },
	{ "user-group",    PLAN_CHANGE,    2, NULL,          plan_user_group },
	{ "set-cti",       PLAN_CHANGE,    2, NULL,          plan_set_cti },
	{ "set-group",     PLAN_CHANGE,    2, NULL,          plan_set_group },
	{ "set-pool",      PLAN_CHANGE,    1, NULL,          plan_set_pool },
	{ "device-pool",   PLAN_CHANGE,    2, NULL,          plan_set_device_pool },
	{ "kill",          PLAN_FAULT,     5, NULL,          plan_fault_kill },
	{ "term",          PLAN_FAULT,     3, NULL,          plan_fault_term },
	{ "freeze",        PLAN_FAULT,     3, NULL,          plan_fault_freeze },
	{ "cut",           PLAN_FAULT,     3, NULL,          plan_fault_cut },
	{ "slow",          PLAN_FAULT,     2, NULL,          plan_fault_slow },
	{ "cut-app",       PLAN_FAULT,     3, plan_has_apps, plan_fault_cut_app },
	{ "crash-at",      PLAN_FAULT,     4, NULL,          plan_fault_crash },
	{ "recover",       PLAN_RECOVERY, 12, NULL,          plan_fault_recover },
};
/* clang-format on */

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) <= PLAN_KINDS_MAX, "more kinds than there is room");

size_t plan_kinds(const struct plan_kind **table)
{
	*table = kinds;
	return sizeof(kinds) / sizeof(kinds[0]);
}
