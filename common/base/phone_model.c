#include "common/base/phone_model.h"

static const struct phone_model models[] = {
#define PHONE_MODEL(number, box, name, protocols, lines, buttons, enbloc, cti)                     \
	{ name, number, box, protocols, lines, buttons, enbloc, cti },
#include "common/base/phone_model.def"
#undef PHONE_MODEL
};

const struct phone_model *phone_model_at(size_t i)
{
	return i < sizeof models / sizeof models[0] ? &models[i] : NULL;
}

const struct phone_model *phone_model(uint32_t number_or_box)
{
	const struct phone_model *m;

	for (size_t i = 0; number_or_box > 0 && (m = phone_model_at(i)); i++)
		if (m->number == number_or_box || m->box == number_or_box)
			return m;
	return NULL;
}
