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

size_t db_css_order(char *css[2], DeviceKind kind, char *of_line, char *of_device)
{
	bool cti = kind == DEVICE_KIND__DEVICE_CTI_PORT || kind == DEVICE_KIND__DEVICE_ROUTE_POINT;
	char *first = cti ? of_device : of_line, *second = cti ? of_line : of_device;
	size_t n = 0;

	if (first[0])
		css[n++] = first;
	if (second[0])
		css[n++] = second;
	return n;
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
	to->cfur = given(f->cfur);
	to->cfur_int = given(f->cfur_int);
	to->cfur_css = given(f->cfur_css);
	to->cfur_int_css = given(f->cfur_int_css);
	to->cfa_css = given(f->cfa_css);
	to->cfb_css = given(f->cfb_css);
	to->cfb_int_css = given(f->cfb_int_css);
	to->cfna_css = given(f->cfna_css);
	to->cfna_int_css = given(f->cfna_int_css);
	to->cfof_css = given(f->cfof_css);
	to->has_cfna_duration_s = f->cfna_duration_s > 0;
	to->cfna_duration_s = (uint32_t)f->cfna_duration_s;
	to->has_auto_answer = to->has_cti_allowed = true;
	to->auto_answer = from->auto_answer != 0;
	to->has_auto_answer_headset = true;
	to->auto_answer_headset = from->auto_answer == 1;
	to->cti_allowed = from->allow_cti;
	to->pickup_group = given(from->pickup_group);
}

static void make_dial_rules(struct db_device_config *config, struct db_device *dev)
{
	size_t n = dev->n_dial_rules;

	config->dial_rules = calloc(n + 1, sizeof(*config->dial_rules));
	config->dial_rule_list = calloc(n + 1, sizeof(DialRule *));
	if (!config->dial_rules || !config->dial_rule_list)
		abort();
	for (size_t i = 0; i < n; i++) {
		DialRule *rule = &config->dial_rules[i];

		dial_rule__init(rule);
		rule->pattern = dev->dial_rules[i].pattern;
		rule->has_timeout_s = dev->dial_rules[i].timeout_s >= 0;
		rule->timeout_s = (uint32_t)dev->dial_rules[i].timeout_s;
		config->dial_rule_list[i] = rule;
	}
	config->message.dial_rule = config->dial_rule_list;
	config->message.n_dial_rule = n;
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
	m->has_udp = dev->protocol == DB_PROTOCOL_SIP;
	m->udp = dev->transport == DB_TRANSPORT_UDP;
	m->has_encrypted = dev->transport == DB_TRANSPORT_TLS;
	m->encrypted = m->has_encrypted;
	make_dial_rules(config, dev);
	m->group = config->group;
	m->n_group = (size_t)dev->group.n_members;
	for (size_t i = 0; i < m->n_group; i++)
		config->group[i] = (uint32_t)dev->group.members[i];
	config->lines = calloc(dev->n_lines + 1, sizeof(*config->lines));
	config->line_list = calloc(dev->n_lines + 1, sizeof(LineConfig *));
	config->css = calloc(dev->n_lines + 1, sizeof(*config->css));
	if (!config->lines || !config->line_list || !config->css)
		abort();
	for (size_t i = 0; i < dev->n_lines; i++) {
		LineConfig *line = &config->lines[i];

		make_line(line, &dev->lines[i]);
		line->css = config->css[i];
		line->n_css = db_css_order(line->css, m->kind, dev->lines[i].forwards.line_css,
					   dev->search_space);
		config->line_list[i] = &config->lines[i];
	}
	m->line = config->line_list;
	m->n_line = dev->n_lines;
}

void db_device_config_free(struct db_device_config *config)
{
	free(config->lines);
	free(config->line_list);
	free(config->css);
	free(config->dial_rules);
	free(config->dial_rule_list);
	config->lines = NULL;
	config->line_list = NULL;
}
