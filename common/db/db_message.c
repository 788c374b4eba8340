#include "common/db/db_message.h"

#include <stdlib.h>

DbResult db_result(int rc)
{
	switch (rc) {
	case DB_ENOTFOUND:
		return DB_RESULT__DB_NOT_FOUND;
	case DB_ELOCKED:
		return DB_RESULT__DB_BUSY;
	default:
		return rc < 0 ? DB_RESULT__DB_ERROR : DB_RESULT__DB_OK;
	}
}

void db_init_answer(struct db *db, DbInitRes *res, struct db_error *err)
{
	struct db_node nodes[DB_NODES_MAX];
	int rc = db ? db_nodes(db, nodes, err)
		    : db_error_set(err, DB_EMISSING, "There is no database.");

	db_init_res__init(res);
	res->result = db_result(rc);
	res->text = rc < 0 ? err->text : NULL;
}

DeviceKind db_device_kind(int device_class, int model, enum db_protocol protocol)
{
	if (model == DB_MODEL_CTI_PORT)
		return DEVICE_KIND__DEVICE_CTI_PORT;
	if (model == DB_MODEL_CTI_ROUTE_POINT || device_class == DB_CLASS_ROUTE_POINT)
		return DEVICE_KIND__DEVICE_ROUTE_POINT;
	if (device_class != DB_CLASS_PHONE)
		return DEVICE_KIND__DEVICE_UNKNOWN;
	return protocol == DB_PROTOCOL_SIP ? DEVICE_KIND__DEVICE_SIP_PHONE
					   : DEVICE_KIND__DEVICE_SCCP_PHONE;
}

static char *given(char *text)
{
	return text[0] ? text : NULL;
}

static void make_line(LineConfig *to, struct db_line *from)
{
	struct db_forwards *f = &from->forwards;

	line_config__init(to);
	to->index = (uint32_t)from->index;
	to->dn = from->dn;
	to->partition = given(from->partition);
	to->display = given(from->display);
	to->has_max_calls = to->has_busy_trigger = true;
	to->max_calls = (uint32_t)from->max_calls;
	to->busy_trigger = (uint32_t)from->busy_trigger;
	to->cfa = given(f->cfa);
	to->cfb = given(f->cfb);
	to->cfb_int = given(f->cfb_int);
	to->cfna = given(f->cfna);
	to->cfna_int = given(f->cfna_int);
	to->cfof = given(f->cfof);
	to->has_cfna_duration_s = f->cfna_duration_s > 0;
	to->cfna_duration_s = (uint32_t)f->cfna_duration_s;
	to->has_auto_answer = to->has_cti_allowed = true;
	to->auto_answer = from->auto_answer != 0;
	to->cti_allowed = from->allow_cti;
}

void db_device_config_make(struct db_device_config *config, struct db_device *dev)
{
	DeviceConfig *m = &config->message;

	device_config__init(m);
	m->name = dev->name;
	m->kind = db_device_kind(dev->device_class, dev->model, dev->protocol);
	m->has_model = m->has_cti_allowed = true;
	m->model = (uint32_t)dev->model;
	m->cti_allowed = dev->allow_cti;
	m->group = config->group;
	m->n_group = (size_t)dev->group.n_members;
	for (size_t i = 0; i < m->n_group; i++)
		config->group[i] = (uint32_t)dev->group.members[i];
	config->lines = calloc(dev->n_lines + 1, sizeof(*config->lines));
	config->line_list = calloc(dev->n_lines + 1, sizeof(LineConfig *));
	if (!config->lines || !config->line_list)
		abort();
	for (size_t i = 0; i < dev->n_lines; i++) {
		make_line(&config->lines[i], &dev->lines[i]);
		config->line_list[i] = &config->lines[i];
	}
	m->line = config->line_list;
	m->n_line = dev->n_lines;
}

void db_device_config_free(struct db_device_config *config)
{
	free(config->lines);
	free(config->line_list);
	config->lines = NULL;
	config->line_list = NULL;
}
