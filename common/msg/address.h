/*
 * address.h - the type numbers of processes that other programs address.
 *
 * Singletons are instance 1; (node, application, type, 1) is all a peer needs to know. Types
 * that nobody outside addresses by number are numbered from 10 in their program's own header.
 */
#ifndef COMMON_MSG_ADDRESS_H
#define COMMON_MSG_ADDRESS_H

enum {
	TYPE_LINK_ADMIN = 1, /* in every program */

	/* callmanager */
	CM_DB = 2,
	CM_DEVICE_MANAGER = 3,
	CM_STATION_INIT = 4,
	CM_CTI_REGISTRAR = 5,
	CM_DA = 6,
	CM_CC = 7,
	CM_SIP_STATION_INIT = 8,
	CM_MEDIA_RESOURCE_MANAGER = 9,

	/* ctimanager */
	CTIM_DB_ACCESS = 2,
	CTIM_DIRECTORY = 3,
	CTIM_CTI_MANAGER = 4,
	CTIM_PARK_MONITOR = 5,

	/* phones */
	PHONES_PHONE_INIT = 4,

	/* applications */
	APP_CTI_APPLICATION = 4,

	/* endpoints of media: phones and applications */
	ENDPOINT_MEDIA = 5,

	TYPE_FIRST_FREE = 10,
};

#endif
