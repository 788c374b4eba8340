/*
 * db_fault.h - a database that does not do what it should, under a program's served types.
 *
 * db_fault_program() is called after the program's own function and puts itself before each served
 * type; from then on db_fault says what becomes of the requests of all programs made so.
 */
#ifndef TESTS_LIB_DB_FAULT_H
#define TESTS_LIB_DB_FAULT_H

#include "sdl/program.h"

enum db_fault {
	DB_FAULT_NONE,
	DB_FAULT_SILENT,  /* no request is answered */
	DB_FAULT_ERROR,	  /* statements fail while they run */
	DB_FAULT_MISSING, /* there is no database */
	DB_FAULT_LOCKED,  /* CallManagers asking for a device hear that it is locked */
};
extern enum db_fault db_fault;
/* Only requests with this number have the fault; 0 = all. */
extern uint16_t db_fault_request;

/* So many steps of a request's statements are done before DB_FAULT_ERROR; 0 = none. */
extern unsigned db_fault_after;

/* Not of more than 8 served types in all. */
void db_fault_program(struct sdl_config *config);

#endif
