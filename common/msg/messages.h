/* messages.h - all generated messages. Struct Foo has FOO__INIT; see common/proto. */
#ifndef COMMON_MSG_MESSAGES_H
#define COMMON_MSG_MESSAGES_H

#include "sdl.pb-c.h"
#include "config.pb-c.h"
#include "sccp.pb-c.h"
#include "sip.pb-c.h"
#include "call.pb-c.h"
#include "cti.pb-c.h"
#include "cti_sdl.pb-c.h"
#include "ctimanager.pb-c.h"
#include "client.pb-c.h"
#include "phone.pb-c.h"
#include "sim.pb-c.h"

#endif
