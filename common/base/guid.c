#include "common/base/guid.h"

#include "common/base/prng.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

void guid_draw(struct prng *prng, char text[GUID_SIZE])
{
	uint64_t high = prng_u64(prng);
	uint64_t low = prng_u64(prng);

	high = (high & ~UINT64_C(0xF000)) | 0x4000;
	low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
	snprintf(text, GUID_SIZE,
		 "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%012" PRIx64, high >> 32,
		 (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48, low & UINT64_C(0xFFFFFFFFFFFF));
}

bool guid_valid(const char *text)
{
	for (int i = 0; i < GUID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return text[GUID_SIZE - 1] == '\0';
}
