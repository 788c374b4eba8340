/* failure_begin.h - how a call comes into each state of the failure table: by what users and applications
 * do on a bed. What is "in progress" is held there by a slow line. */
#ifndef TESTS_LIB_FAILURE_BEGIN_H
#define TESTS_LIB_FAILURE_BEGIN_H

void begin_dial_tone(void), begin_dialing(void), begin_proceeding(void), begin_offer(void),
	begin_accept(void), begin_answer(void), begin_wait_for_media(void), begin_talk(void),
	begin_hold_a(void), begin_hold_b(void), begin_hold_both(void), begin_retrieve(void),
	begin_tones(void), begin_redirect(void), begin_reroute(void), begin_blind_transfer(void),
	begin_consult_dialtone(void), begin_consult_ringing(void), begin_consult_connected(void),
	begin_completing(void), begin_transferred(void), begin_forward(void), begin_preserved(void),
	begin_confer_ringing(void), begin_confer_connected(void), begin_confer_completing(void),
	begin_confer(void), begin_confer_over(void), begin_park(void), begin_parking(void),
	begin_unparking(void), begin_unparked(void), begin_picking_up(void), begin_picked_up(void),
	begin_ring_both(void), begin_answer_one(void);

#endif
