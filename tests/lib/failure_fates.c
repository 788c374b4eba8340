#include "tests/lib/failure_states.h"

#define CM_LOST	     "CALLMANAGER_FAILURE"
#define OUT_CM	     "out CALLMANAGER_FAILURE"
#define OUT_DEVICE   "out DEVICE_FAILURE"
#define OUT_OF_ORDER "DESTINATIONOUTOFORDER"

/* In service, `@` stands for where ports and route points go at once, and phones when their stream
 * has ended. */
const struct fate failure_fates[] = {
	{ '=', "goes on", NULL, NULL, "", AS_BEFORE, NULL,
	  "Nobody notices anything; the party may do what it could before.",
	  "CAL-02, CMF-13, CTF-07" },
	{ 'p', "preserved", NULL, NULL, "", SPEAKS, NULL,
	  "The stream goes on, and the CTI call stays CONNECTED. Only drop works: anything else is "
	  "refused with OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE.",
	  "CAL-02, CAL-04, CAL-05" },
	{ 's', "stream", CM_LOST, OUT_CM "@", "", SPEAKS, "",
	  "The stream goes on, the CTI call ends. A phone registers nowhere until its user hangs "
	  "up; "
	  "a port or route point is reopened at once.",
	  "CAL-02, CAL-05, CMF-04, CMF-14" },
	{ 'v', "stream, cut off", OUT_OF_ORDER, OUT_DEVICE, "", SPEAKS, "",
	  "The phone streams on without its CallManager, which has lost it and ends the CTI call. "
	  "It "
	  "registers nowhere until its user hangs up.",
	  "CAL-02, CAL-05, CMF-14" },
	{ 'l', "lost", CM_LOST, OUT_CM ", in ccm4", "", SILENT, "ccm4",
	  "The party's CallManager is gone and its call with it; the device goes to the next "
	  "member of "
	  "its group.",
	  "CAL-03, CMF-01, CMF-02, CMF-04" },
	{ 'm', "lost, cut off", OUT_OF_ORDER, OUT_DEVICE ", in ccm4", "", SILENT, "ccm4",
	  "The phone clears its call, and goes to the next member of its group.",
	  "CAL-03, CMF-02" },
	{ 'd', "gone", OUT_OF_ORDER, OUT_DEVICE, "", SILENT, "",
	  "The phone is gone and its calls with it; the device stays out of service.",
	  "CAL-03, CMF-03" },
	{ 'x', "cleared", CM_LOST, NULL, "OnHook", SILENT, NULL,
	  "The party's CallManager clears the call.", "CAL-03" },
	{ 'o', "cleared: other side gone", OUT_OF_ORDER, NULL, "OnHook", SILENT, NULL,
	  "The same, because the other side's device or application is gone.", "CAL-03, APF-03" },
	{ 'n', "cleared: hung up", "NORMALCALLCLEARING", NULL, "OnHook", SILENT, NULL,
	  "The call ends as if the other side had hung up: its stream has stopped, or what was "
	  "begun is "
	  "of no use any more.",
	  "CAL-04" },
	{ 't', "replaced", "REDIRECTED", NULL, "OnHook", SILENT, NULL,
	  "What was begun is done: the party has left the call.", "CAL-01" },
	{ 'u', "connected", NULL, NULL, "", SPEAKS, NULL,
	  "What was begun is done: the parties hear each other.", "CAL-01" },
	{ 'U', "connected", NULL, NULL, "", SPEAKS, NULL,
	  "The same, for who has called to get there.", "CAL-01" },
	{ 'j', "confers", NULL, NULL, "", SPEAKS, NULL,
	  "The same, for who has brought the others together: of the two calls one is left.",
	  "CAL-01" },
	{ 'k', "parked", NULL, NULL, "", SILENT, NULL,
	  "The party waits to be retrieved, and hears nothing; its CTI call stays CONNECTED.",
	  "CAL-01" },
	{ 'e', "reorder", NULL, NULL, "", SILENT, NULL,
	  "The call has failed, and its caller hears reorder tone until he hangs up.", "CAL-03" },
	{ 'f', "cleared: failed", "TEMPORARYFAILURE", NULL, "OnHook", SILENT, NULL,
	  "Where the call was to go cannot be reached any more.", "CAL-03" },
	{ 'h', "hears the end", NULL, NULL, "", SILENT, NULL,
	  "Only the stream was left, and that ends with the other side's.", "CAL-04" },
	{ 'w', "sees the end", NULL, NULL, "", SILENT, NULL,
	  "The other phone of a shared line shows that the call there is over.", "CAL-03" },
	{ 'y', "sees it again", NULL, NULL, "", SILENT, NULL,
	  "Where it is registered now, the other phone of a shared line shows the call, too.",
	  "CAL-01" },
	{ 'a', "released", NULL, NULL, "", SILENT, NULL,
	  "The application is gone; the call at its port or route point is released or forwarded.",
	  "APF-03" },
	{ 'r', "rings", NULL, NULL, "", SILENT, NULL, "The party is called.", "CAL-01, APF-03" },
	{ 'R', "waits for an answer", NULL, NULL, "", SILENT, NULL,
	  "The party hears somebody else ring, or the call's own destination.", "CAL-01, APF-03" },
	{ '.', "", NULL, NULL, "", AS_BEFORE, NULL, "", "" },
};
const size_t failure_fates_n = sizeof failure_fates / sizeof failure_fates[0];

const struct fate *failure_fate(char letter)
{
	for (size_t i = 0; i < failure_fates_n; i++)
		if (failure_fates[i].letter == letter)
			return &failure_fates[i];
	return NULL;
}
