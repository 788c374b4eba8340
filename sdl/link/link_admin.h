/* link_admin.h - the process type that every program lists first in its types. */
#ifndef SDL_LINK_LINK_ADMIN_H
#define SDL_LINK_LINK_ADMIN_H

#include "sdl/sdl.h"

extern const struct sdl_type sdl_link_admin;

#endif
