#include "callmanager/srtp.h"

static void draw(struct sdl_process *self, uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)sdl_random(self, "srtp", 256);
}

void cm_srtp_make(struct sdl_process *self, struct cm_srtp *s, bool encrypted)
{
	s->keyed = encrypted;
	if (!encrypted)
		return;
	draw(self, s->key, sizeof(s->key));
	draw(self, s->salt, sizeof(s->salt));
}
