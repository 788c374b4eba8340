/* sip_station_d.h - what the files of SIPStationD share: the device process (sip_station_d.c), its
 * phone's calls as SIP dialogs (sip_station_d_dialog.c), and what makes dialog and leg agree
 * (sip_station_d_check.c).
 *
 * A call is a leg here and a dialog at the phone. The leg is right: whatever changes it (the other
 * side, an application, the phone's own requests) is put to the phone as SIP has it. As one turn of
 * a leg says several things one after the other, they are looked at together: SipDialogCheck comes
 * behind them. In each dialog there is at most one INVITE under way in each direction.
 *
 *	the leg			the phone's dialog
 *	offered			INVITE without offer; 180; 200 with offer ... ACK with answer
 *	dropped before that	CANCEL; a 200 that crosses it gets ACK and BYE
 *	answered here		REFER (answer)
 *	media to open		re-INVITE without offer; 200 with offer; ACK with answer
 *	media closed		re-INVITE, inactive
 *	held, retrieved here	REFER (hold, resume)
 *	failed while dialling	4xx, 5xx to the phone's INVITE, which plays the tone (DEV-09)
 *
 * Source: DEV-03, DEV-06..11; RFC 3261, 3264, 3515 as far as a line's calls need them.
 */
#ifndef CALLMANAGER_SIP_STATION_D_H
#define CALLMANAGER_SIP_STATION_D_H

#include "callmanager/phone.h"

/* Calls that the phone made have numbers above it. */
#define SIP_PHONE_CALLS (UINT64_C(1) << 32)

/* An INVITE of ours that is under way. */
enum sip_ours {
	SIP_OURS_NONE,
	SIP_OURS_INVITE, /* the first one: the phone rings */
	SIP_OURS_OFFER,	 /* the phone is to offer */
	SIP_OURS_STOP,	 /* inactive */
	SIP_OURS_ACK,	 /* it has offered and waits for our answer */
};

/* One of the phone's. */
enum sip_theirs {
	SIP_THEIRS_NONE,
	SIP_THEIRS_INVITE,
	SIP_THEIRS_HOLD,
	SIP_THEIRS_RESUME,
	SIP_THEIRS_RESUMED, /* the leg has done it; the answer waits for the media */
};

struct sip_dialog {
	struct sip_dialog *next; /* oldest first */
	uint64_t id;		 /* Call-ID */
	uint32_t ci;
	uint32_t cseq;	     /* of our last request */
	uint32_t their_cseq; /* of the phone's last INVITE */
	uint8_t ours;	     /* enum sip_ours */
	uint8_t theirs;	     /* enum sip_theirs */
	bool active;	     /* as agreed: both directions */
	bool held;	     /* the phone knows that it holds the call */
	bool rung;	     /* 180 was sent */
	bool told_answer;    /* REFER (answer) was sent */
	bool cancelled;
	uint32_t ip, port, codec; /* where the phone listens */
};

/* makeCall of an application, handed to the phone, which dials. */
struct sip_initcall {
	struct sip_initcall *next;
	uint32_t refer;
	uint32_t async_response;
	struct sdl_pid asker;
};

/* The phone's INVITE, while the line makes a leg for it. */
struct sip_origin {
	uint64_t id;
	uint32_t cseq;
	uint32_t refer;
	uint32_t ip, port, codec;
	char number[CM_DN_SIZE];
};

struct sip_station_d {
	struct cm_phone phone;
	struct sip_dialog *dialogs;
	struct sip_initcall *initcalls;
	struct sip_origin origin;
	uint32_t refers;
	bool udp;
	bool checking; /* SipDialogCheck is on its way */
};

/* ---- sip_station_d_dialog.c ------------------------------------------------------------------ */
struct sip_dialog *sip_station_dialog(struct sip_station_d *d, uint64_t id);
struct sip_dialog *sip_station_dialog_of(struct sip_station_d *d, uint32_t ci);
struct sip_dialog *sip_station_dialog_add(struct sdl_process *self, uint64_t id, uint32_t ci);
void sip_station_dialog_forget(struct sip_station_d *d, struct sip_dialog *dialog);
/* The leg has ended: tells the phone, whatever its dialog is at. */
void sip_station_dialog_end(struct sdl_process *self, struct sip_dialog *dialog, uint32_t cause,
			    bool outgoing);
/* INVITE for a call that the phone does not know. */
void sip_station_invite(struct sdl_process *self, const struct cm_station_call *call,
			bool answer_at_once);
/* A final answer to the phone's INVITE; sdp NULL: inactive. */
void sip_station_ok(struct sdl_process *self, struct sip_dialog *dialog, const SipSdp *sdp);
void sip_station_fail(struct sdl_process *self, uint64_t id, uint32_t cseq, uint32_t status,
		      uint32_t cause);
void sip_station_refer(struct sdl_process *self, struct sip_dialog *dialog, SipReferKind kind);
/* An application's makeCall is over: answers it. refer 0 or unknown: none. */
void sip_station_initcall_done(struct sdl_process *self, uint32_t refer, uint32_t result,
			       uint32_t ci);
sdl_handler sip_station_on_invite, sip_station_on_ok, sip_station_on_failure, sip_station_on_bye,
	sip_station_on_cancel, sip_station_on_refer, sip_station_on_refer_res, sip_station_on_info,
	sip_station_on_notify, sip_station_on_initiate, sip_station_on_off_hook_rejected;

/* ---- sip_station_d_check.c ------------------------------------------------------------------- */
/* Something may be other than the phone knows. */
void sip_station_check(struct sdl_process *self);
sdl_handler sip_station_on_check, sip_station_on_media_open, sip_station_on_media_close,
	sip_station_on_media_send, sip_station_on_media_send_stop, sip_station_on_hold_res,
	sip_station_on_retrieve_res;

#endif
