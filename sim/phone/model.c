#include "sim/phone/model.h"

#include "sim/phone/phone.h"

static const struct phone_model models[] = {
	{ .number = 6, .name = 7910, .sccp = &sim_sccp_phone },
	{ .number = 7, .name = 7960, .sccp = &sim_sccp_phone },
	{ .number = 8, .name = 7940, .sccp = &sim_sccp_phone },
	{ .number = 9, .name = 7935, .sccp = &sim_sccp_phone },
	{ .number = 20, .name = 0, .sccp = &sim_sccp_phone }, /* SCCP Phone */
	{ .number = 115, .name = 7941, .sccp = &sim_sccp_phone },
	{ .number = 119, .name = 7971, .sccp = &sim_sccp_phone },
	{ .number = 307, .name = 7911, .sccp = &sim_sccp_phone },
	{ .number = 308, .name = 0, .sccp = &sim_sccp_phone }, /* 7961G-GE */
	{ .number = 309, .name = 0, .sccp = &sim_sccp_phone }, /* 7941G-GE */
	{ .number = 20000, .name = 7905, .sccp = &sim_sccp_phone },
	{ .number = 30002, .name = 7920, .sccp = &sim_sccp_phone },
	{ .number = 30006, .name = 7970, .sccp = &sim_sccp_phone },
	{ .number = 30007, .name = 7912, .sccp = &sim_sccp_phone },
	{ .number = 30016, .name = 0, .sccp = &sim_sccp_phone }, /* IP Communicator */
	{ .number = 30018, .name = 7961, .sccp = &sim_sccp_phone },
};

const struct phone_model *phone_model(uint32_t number_or_name)
{
	for (size_t i = 0; number_or_name > 0 && i < sizeof(models) / sizeof(models[0]); i++)
		if (models[i].number == number_or_name || models[i].name == number_or_name)
			return &models[i];
	return NULL;
}
