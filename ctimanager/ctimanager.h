/*
 * ctimanager.h - the CTIManager: applications log in here, open devices and lines wherever in the
 * cluster they are registered, and send call requests and get events through it.
 *
 * Use: a host fills a `struct sdl_config` (node, names, world) and calls ctim_program(), which adds
 * the process types and the type that takes connections. The host
 *  - links the program to all CallManagers (sdl_program_link);
 *  - gives the served types Directory and CTIDbAccess a `struct db *` as resource;
 *  - posts DbChangeNotify to CTIM_CTI_MANAGER when the database changes.
 * Ready is sent to the harness once the database has answered and applications are taken.
 *
 * Source: clauses MGR, USR, CMF, CTF, APF.
 */
#ifndef CTIMANAGER_H
#define CTIMANAGER_H

#include "sdl/program.h"

/* Fills types, types_n and accept_type. The program has no context. */
void ctim_program(struct sdl_config *config);

#endif
