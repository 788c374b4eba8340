#include "tests/lib/failure_states.h"

/* ---- one call ------------------------------------------------------------------------------ */
static void dial_tone(void)
{
	bed_do(A, "offhook", NULL);
	bed_told(A, "DIALTONE");
}

static void dialing(void)
{
	dial_tone();
	bed_do(A, "dial", "10");
	bed_told(A, "DIALING");
}

/* The called side is asked, and its answer is under way. */
static void proceeding(void)
{
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(A, "call", bed_number(B));
	bed_told(A, "DIALING");
	bed_advance(300);
}

static void offer(void)
{
	bed_do(A, "call", bed_number(B));
	bed_told(B, "OFFERING");
	bed_advance(500);
}

static void accept(void)
{
	offer();
	bed_app_do(B, "accept", NULL);
	bed_told(B, "ACCEPTED");
	bed_advance(500);
}

static void answer(void)
{
	offer();
	bed_do(B, "answer", NULL);
	bed_told(B, "CONNECTED");
}

static void wait_for_media(void)
{
	answer();
	bed_told(B, "DeviceCallOpenLogicalChannel");
	bed_advance(500);
}

static void talk(void)
{
	answer();
	bed_talk(A, B);
}

static void hold_a(void)
{
	talk();
	bed_do(A, "hold", NULL);
	bed_told(A, "ONHOLD");
	bed_advance(2500);
}

static void hold_b(void)
{
	talk();
	bed_do(B, "hold", NULL);
	bed_told(B, "ONHOLD");
	bed_advance(2500);
}

static void hold_both(void)
{
	hold_a();
	bed_do(B, "hold", NULL);
	bed_told(B, "ONHOLD");
	bed_advance(500);
}

static void retrieve(void)
{
	hold_a();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(A, "resume", NULL);
	bed_told(A, "CONNECTED");
	bed_advance(300);
}

static void tones(void)
{
	talk();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(A, "dtmf", "12#");
	bed_advance(100);
}

/* ---- a third party ------------------------------------------------------------------------- */

/* What B says to A takes its time: A has not been asked yet. */
static void redirect(void)
{
	talk();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "redirect", bed_number(C));
	bed_advance(300);
}

/* A was asked, and C has not heard of it. */
static void reroute(void)
{
	offer();
	bed_strike("slow", "ccm1", "ccm3", "900ms");
	bed_app_do(B, "redirect", bed_number(C));
	bed_advance(300);
}

static void blind_transfer(void)
{
	talk();
	bed_strike("slow", "ccm1", "ccm3", "900ms");
	bed_app_do(B, "transfer", bed_number(C));
	bed_advance(300);
}

static void consult_dialtone(void)
{
	talk();
	bed_do(B, "transfer", NULL);
	bed_told(B, "DIALTONE");
	bed_advance(2500);
}

static void consult_ringing(void)
{
	talk();
	bed_app_do(B, "consult", bed_number(C));
	bed_told(B, "RINGBACK");
	bed_advance(2500);
}

static void consult_connected(void)
{
	consult_ringing();
	bed_do(C, "answer", NULL);
	bed_talk(B, C);
}

static void completing(void)
{
	consult_connected();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "complete", NULL);
	bed_advance(300);
}

static void transferred(void)
{
	consult_connected();
	bed_app_do(B, "complete", NULL);
	bed_talk(A, C);
	bed_advance(2500);
}

/* B's line forwards when nobody has answered; C has not heard of it. */
static void forward(void)
{
	offer();
	bed_advance(59300);
	bed_strike("slow", "ccm1", "ccm3", "900ms");
	bed_told(B, "ACCEPTED");
	bed_advance(500);
}

/* B's node has died before. */
static void preserved(void)
{
	talk();
	bed_strike("kill", "ccm2", NULL, NULL);
	bed_told(B, "DeviceInService");
	bed_advance(1000);
}

/* ---- park and pickup ----------------------------------------------------------------------- */
static void park(void)
{
	talk();
	bed_app_do(B, "park", NULL);
	bed_told(B, "CallClosed");
	bed_advance(2500);
}

/* The other side has not been asked. */
static void parking(void)
{
	talk();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "park", NULL);
	bed_advance(300);
}

static void unparking(void)
{
	park();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(C, "call", "7701");
	bed_advance(300);
}

static void unparked(void)
{
	park();
	bed_do(C, "call", "7701");
	bed_talk(A, C);
	bed_advance(2500);
}

/* A has not been told to go to C. */
static void picking_up(void)
{
	offer();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(C, "pickup", NULL);
	bed_advance(300);
}

static void picked_up(void)
{
	offer();
	bed_do(C, "pickup", NULL);
	bed_told(C, "OFFERING");
	bed_advance(500);
}

/* ---- a shared line ------------------------------------------------------------------------- */
static void ring_both(void)
{
	bed_do(A, "call", bed_number(B));
	bed_told(B, "ACCEPTED");
	bed_told(C, "ACCEPTED");
	bed_advance(500);
}

static void answer_one(void)
{
	ring_both();
	bed_do(B, "answer", NULL);
	bed_talk(A, B);
	bed_advance(500);
}

/* ---- the table ----------------------------------------------------------------------------- */
#define AS_KILLED                                                                                  \
	{                                                                                          \
		NULL                                                                               \
	}

const struct failure_row failure_rows[] = {
	{ "dial tone",
	  { PHONE },
	  dial_tone,
	  { [NOTHING] = "=", [NODE_A] = "l", [PROGRAM] = "d", [APP_A] = "=", [CUT_PHONES] = "m" },
	  AS_KILLED },
	{ "dialing",
	  { PHONE },
	  dialing,
	  { [NOTHING] = "=", [NODE_A] = "l", [PROGRAM] = "d", [APP_A] = "=", [CUT_PHONES] = "m" },
	  AS_KILLED },
	{ "proceeding: B has not been reached",
	  { PHONE, PHONE },
	  proceeding,
	  { "R r", "l =", "x l", NULL, "d d", "R r", "R r", "x rx", "Rm ro" },
	  AS_KILLED },
	{ "offered to an application",
	  { PHONE, PORT, ABSENT, PHONE },
	  offer,
	  { "= = .", "l x =", "x l =", NULL, "d o d", "= = =", "R a r", "x x =", "m o =" },
	  AS_KILLED },
	{ "offered at a route point",
	  { PORT, ROUTE_POINT, ABSENT, PHONE },
	  offer,
	  { "= = .", "l x =", "x l =", NULL, "= = d", "a o =", "R a r", "x x =", NULL },
	  AS_KILLED },
	{ "accepted, ringing",
	  { PHONE, PORT, ABSENT, PHONE },
	  accept,
	  { "= = .", "l x =", "x l =", NULL, "d o d", "= = =", "R a r", "x x =", "m o =" },
	  AS_KILLED },
	{ "ringing on a phone",
	  { PHONE, PHONE },
	  offer,
	  { "= =", "l x", "x l", NULL, "d d", "= =", "= =", "x x", "m o" },
	  AS_KILLED },
	{ "waiting for the media address",
	  { PHONE, DYNAMIC_PORT, ABSENT, PHONE },
	  wait_for_media,
	  { "= = .", "l x =", "x l =", NULL, "d o d", "= = =", "R a r", "x x =", "m o =" },
	  AS_KILLED },
	{ "connected",
	  { PHONE, PHONE },
	  talk,
	  { "= =", "s p", "p s", NULL, "d d", "= =", "= =", "p p", "v p" },
	  AS_KILLED },
	{ "connected",
	  { PHONE, PORT },
	  talk,
	  { "= =", "s p", "p s", NULL, "d n", "= =", "o a", "p p", "v p" },
	  AS_KILLED },
	{ "connected",
	  { PORT, ROUTE_POINT },
	  talk,
	  { "= =", "s p", "p s", NULL, "= =", "a o", "o a", "p p", NULL },
	  AS_KILLED },
	{ "held by A",
	  { PHONE, PHONE },
	  hold_a,
	  { "= =", "l x", "x l", NULL, "d d", "= =", "= =", "x x", "m o" },
	  AS_KILLED },
	{ "held by B",
	  { PHONE, PORT },
	  hold_b,
	  { "= =", "l x", "x l", NULL, "d o", "= =", "o a", "x x", "m o" },
	  AS_KILLED },
	{ "held by both",
	  { PHONE, PHONE },
	  hold_both,
	  { "= =", "l x", "x l", NULL, "d d", "= =", "= =", "x x", "m o" },
	  AS_KILLED },
	{ "retrieve in progress: B has not heard of it",
	  { PHONE, PHONE },
	  retrieve,
	  { "u u", "l x", "x l", NULL, "d d", "u u", "u u", "x n", "m n" },
	  AS_KILLED },
	{ "DTMF just sent",
	  { PHONE, PORT },
	  tones,
	  { "= =", "s p", "p s", NULL, "d n", "= =", "o a", "p p", "v p" },
	  AS_KILLED },
	{ "redirect in progress: A has not been asked",
	  { PHONE, PORT, PHONE },
	  redirect,
	  { "R t r", "l x =", "p s =", "R t lr", "d o d", "R t r", "R a r", "R x r", "Rm t ro" },
	  { [C] = "= = l" } },
	{ "redirect in progress: C has not been reached",
	  { PHONE, PORT, PHONE },
	  reroute,
	  { "R t r", "l x =", "x l rn", "= = l", "d o d", "R t r", "R a r", "R x r", "Rm t ro" },
	  { [B] = "R l r" } },
	{ "blind transfer in progress: C has not been reached",
	  { PHONE, PHONE, PHONE },
	  blind_transfer,
	  { "R t r", "l x =", "x l rn", "= = l", "d d d", "R t r", "R t r", "R x r", "Rm t ro" },
	  { [B] = "R l r" } },
	{ "consult transfer: dial tone",
	  { PHONE, PHONE, PHONE },
	  consult_dialtone,
	  { "= = =", "l x =", "x l =", "= = l", "d d d", "= = =", "= = =", "x x =", "m o =" },
	  AS_KILLED },
	{ "consult transfer: ringing",
	  { PHONE, PHONE, PHONE },
	  consult_ringing,
	  { "= = =", "l x x", "x l x", "x x l", "d d d", "= = =", "= = =", "x x x", "m o o" },
	  AS_KILLED },
	{ "consult transfer: connected",
	  { PHONE, PHONE, PHONE },
	  consult_connected,
	  { "= = =", "l x x", "x l x", "x x l", "d d d", "= = =", "= = =", "x x x", "m o o" },
	  AS_KILLED },
	{ "consult transfer: completing",
	  { PHONE, PHONE, PHONE },
	  completing,
	  { "u n =", "l x x", "x l x", "x x l", "d d d", "u n =", "u n =", "x x x", "m n o" },
	  { [C] = "x n l" } },
	{ "transferred",
	  { PHONE, PHONE, PHONE },
	  transferred,
	  { "= = =", "s = p", "= l =", "p = s", "d d d", "= = =", "= = =", "= = =", "v = p" },
	  AS_KILLED },
	{ "forward no answer in progress: C has not been reached",
	  { PHONE, PHONE, PHONE },
	  forward,
	  { "R t r", "l x =", "x l rn", "e f l", "d d d", "R t r", "R t r", "R x r", "Rm t ro" },
	  { [B] = "R l r" } },
	{ "preserved: B's node has died",
	  { PHONE, PORT },
	  preserved,
	  { "p .", "s =", NULL, NULL, "d h", "p =", "n a", NULL, "v =" },
	  AS_KILLED },
	{ "park in progress: A has not been asked",
	  { PHONE, PHONE, PHONE },
	  parking,
	  { "k n =", "l x =", "p s =", "k n l", "d d d", "k n =", "k n =", "x x =", "m n =" },
	  AS_KILLED },
	{ "parked by B",
	  { PHONE, PHONE, PHONE },
	  park,
	  { "k = =", "l = =", "x l =", "k = l", "d d d", "k = =", "k = =", "x = =", "m = =" },
	  AS_KILLED },
	{ "unpark in progress: A has not been asked",
	  { PHONE, PHONE, PHONE },
	  unparking,
	  { "u = U", "l = x", "x l x", "k = l", "d d d", "u = U", "u = U", "x = x", "m = Uo" },
	  { [C] = "x = l" } },
	{ "retrieved by C",
	  { PHONE, PHONE, PHONE },
	  unparked,
	  { "= = =", "s = p", "= l =", "p = s", "d d d", "= = =", "= = =", "= = =", "v = p" },
	  AS_KILLED },
	{ "pickup in progress: A has not been asked",
	  { PHONE, PHONE, PHONE },
	  picking_up,
	  { "R t r", "l x =", "x l =", "= = l", "d d d", "R t r", "R t r", "R x r", "Rm t ro" },
	  AS_KILLED },
	{ "picked up, ringing at C",
	  { PHONE, PHONE, PHONE },
	  picked_up,
	  { "= = =", "l = x", "= l =", "x = l", "d d d", "= = =", "= = =", "= = =", "m = o" },
	  AS_KILLED },
	{ "shared line: ringing at B and C",
	  { PHONE, SHARED_PHONE, SHARED_PHONE },
	  ring_both,
	  { "= = =", "l x x", "= l =", "= = l", "d d d", "= = =", "= = =", "= x =", "m o o" },
	  AS_KILLED },
	{ "shared line: answered at B",
	  { PHONE, SHARED_PHONE, SHARED_PHONE },
	  answer_one,
	  { "= = =", "s p =", "p s w", "= = l", "d d d", "= = =", "= = =", "p p =", "v p =" },
	  AS_KILLED },
	{ "proceeding: B has not been reached",
	  { SIP_PHONE, PHONE },
	  proceeding,
	  { "R r", "l =", "x l", NULL, "d d", "R r", "R r", "x rx", "Rm ro" },
	  AS_KILLED },
	{ "ringing on a phone",
	  { PHONE, SIP_PHONE },
	  offer,
	  { "= =", "l x", "x l", NULL, "d d", "= =", "= =", "x x", "m o" },
	  AS_KILLED },
	{ "connected",
	  { SIP_PHONE, PHONE },
	  talk,
	  { "= =", "s p", "p s", NULL, "d d", "= =", "= =", "p p", "v p" },
	  AS_KILLED },
	{ "connected",
	  { PORT, SIP_PHONE },
	  talk,
	  { "= =", "s p", "p s", NULL, "n d", "a o", "= =", "p p", NULL },
	  AS_KILLED },
	{ "held by A",
	  { SIP_PHONE, SIP_PHONE },
	  hold_a,
	  { "= =", "l x", "x l", NULL, "d d", "= =", "= =", "x x", "m o" },
	  AS_KILLED },
	{ "consult transfer: connected",
	  { PHONE, SIP_PHONE, PHONE },
	  consult_connected,
	  { "= = =", "l x x", "x l x", "x x l", "d d d", "= = =", "= = =", "x x x", "m o o" },
	  AS_KILLED },
	{ "transferred",
	  { PHONE, SIP_PHONE, SIP_PHONE },
	  transferred,
	  { "= = =", "s = p", "= l =", "p = s", "d d d", "= = =", "= = =", "= = =", "v = p" },
	  AS_KILLED },
};
const size_t failure_rows_n = sizeof failure_rows / sizeof failure_rows[0];
