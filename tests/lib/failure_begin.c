#include "tests/lib/failure_begin.h"

#include <stddef.h>

#include "tests/lib/failure_bed.h"

/* ---- one call ------------------------------------------------------------------------------ */
void begin_dial_tone(void)
{
	bed_do(A, "offhook", NULL);
	bed_told(A, "DIALTONE");
}

void begin_dialing(void)
{
	begin_dial_tone();
	bed_do(A, "dial", "10");
	bed_told(A, "DIALING");
}

/* The called side is asked, and its answer is under way. */
void begin_proceeding(void)
{
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(A, "call", bed_number(B));
	bed_told(A, "DIALING");
	bed_advance(300);
}

void begin_offer(void)
{
	bed_do(A, "call", bed_number(B));
	bed_told(B, "OFFERING");
	bed_advance(500);
}

void begin_accept(void)
{
	begin_offer();
	bed_app_do(B, "accept", NULL);
	bed_told(B, "ACCEPTED");
	bed_advance(500);
}

void begin_answer(void)
{
	begin_offer();
	bed_do(B, "answer", NULL);
	bed_told(B, "CONNECTED");
}

void begin_wait_for_media(void)
{
	begin_answer();
	bed_told(B, "DeviceCallOpenLogicalChannel");
	bed_advance(500);
}

void begin_talk(void)
{
	begin_answer();
	bed_talk(A, B);
}

void begin_hold_a(void)
{
	begin_talk();
	bed_do(A, "hold", NULL);
	bed_told(A, "ONHOLD");
	bed_advance(2500);
}

void begin_hold_b(void)
{
	begin_talk();
	bed_do(B, "hold", NULL);
	bed_told(B, "ONHOLD");
	bed_advance(2500);
}

void begin_hold_both(void)
{
	begin_hold_a();
	bed_do(B, "hold", NULL);
	bed_told(B, "ONHOLD");
	bed_advance(500);
}

void begin_retrieve(void)
{
	begin_hold_a();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(A, "resume", NULL);
	bed_told(A, "CONNECTED");
	bed_advance(300);
}

void begin_tones(void)
{
	begin_talk();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(A, "dtmf", "12#");
	bed_advance(100);
}

/* ---- a third party ------------------------------------------------------------------------- */

/* What B says to A takes its time: A has not been asked yet. */
void begin_redirect(void)
{
	begin_talk();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "redirect", bed_number(C));
	bed_advance(300);
}

/* A was asked, and C has not heard of it. */
void begin_reroute(void)
{
	begin_offer();
	bed_strike("slow", "ccm1", "ccm3", "900ms");
	bed_app_do(B, "redirect", bed_number(C));
	bed_advance(300);
}

void begin_blind_transfer(void)
{
	begin_talk();
	bed_strike("slow", "ccm1", "ccm3", "900ms");
	bed_app_do(B, "transfer", bed_number(C));
	bed_advance(300);
}

void begin_consult_dialtone(void)
{
	begin_talk();
	bed_do(B, "transfer", NULL);
	bed_told(B, "DIALTONE");
	bed_advance(2500);
}

void begin_consult_ringing(void)
{
	begin_talk();
	bed_app_do(B, "consult", bed_number(C));
	bed_told(B, "RINGBACK");
	bed_advance(2500);
}

void begin_consult_connected(void)
{
	begin_consult_ringing();
	bed_do(C, "answer", NULL);
	bed_talk(B, C);
}

void begin_completing(void)
{
	begin_consult_connected();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "complete", NULL);
	bed_advance(300);
}

void begin_transferred(void)
{
	begin_consult_connected();
	bed_app_do(B, "complete", NULL);
	bed_talk(A, C);
	bed_advance(2500);
}

/* B's line forwards when nobody has answered; C has not heard of it. */
void begin_forward(void)
{
	begin_offer();
	bed_advance(59300);
	bed_strike("slow", "ccm1", "ccm3", "900ms");
	bed_told(B, "ACCEPTED");
	bed_advance(500);
}

/* B's node has died before. */
void begin_preserved(void)
{
	begin_talk();
	bed_strike("kill", "ccm2", NULL, NULL);
	bed_told(B, "DeviceInService");
	bed_advance(1000);
}

/* ---- conference ---------------------------------------------------------------------------- */
void begin_confer_ringing(void)
{
	begin_talk();
	bed_app_do(B, "conference", bed_number(C));
	bed_told(B, "RINGBACK");
	bed_advance(2500);
}

void begin_confer_connected(void)
{
	begin_confer_ringing();
	bed_do(C, "answer", NULL);
	bed_talk(B, C);
}

/* A has not been asked. */
void begin_confer_completing(void)
{
	begin_confer_connected();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "complete", NULL);
	bed_advance(300);
}

void begin_confer(void)
{
	begin_confer_connected();
	bed_app_do(B, "complete", NULL);
	bed_talk(A, C);
	bed_talk(A, B);
	bed_advance(2500);
}

/* The two who are left are connected directly. */
void begin_confer_over(void)
{
	begin_confer();
	bed_do(B, "hangup", NULL);
	bed_advance(2500);
	bed_talk(A, C);
}

/* ---- park and pickup ----------------------------------------------------------------------- */
void begin_park(void)
{
	begin_talk();
	bed_app_do(B, "park", NULL);
	bed_told(B, "CallClosed");
	bed_advance(2500);
}

/* The other side has not been asked. */
void begin_parking(void)
{
	begin_talk();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_app_do(B, "park", NULL);
	bed_advance(300);
}

void begin_unparking(void)
{
	begin_park();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(C, "call", "7701");
	bed_advance(300);
}

void begin_unparked(void)
{
	begin_park();
	bed_do(C, "call", "7701");
	bed_talk(A, C);
	bed_advance(2500);
}

/* A has not been told to go to C. */
void begin_picking_up(void)
{
	begin_offer();
	bed_strike("slow", "ccm1", "ccm2", "900ms");
	bed_do(C, "pickup", NULL);
	bed_advance(300);
}

void begin_picked_up(void)
{
	begin_offer();
	bed_do(C, "pickup", NULL);
	bed_told(C, "OFFERING");
	bed_advance(500);
}

/* ---- a shared line ------------------------------------------------------------------------- */
void begin_ring_both(void)
{
	bed_do(A, "call", bed_number(B));
	bed_told(B, "ACCEPTED");
	bed_told(C, "ACCEPTED");
	bed_advance(500);
}

void begin_answer_one(void)
{
	begin_ring_both();
	bed_do(B, "answer", NULL);
	bed_talk(A, B);
	bed_advance(500);
}
