#include "callmanager/forwarding.h"

static const char *set(const char *text)
{
	return text && text[0] ? text : NULL;
}

static struct cm_forward forward_of(const LineConfig *line, const char *to, const char *css)
{
	struct cm_forward f = { .to = set(to), .scope = cm_scope(line->css, line->n_css) };

	if (set(css))
		f.scope = (struct cm_scope){ .css = { css }, .n = 1 };
	return f;
}

struct cm_forward cm_forward_all(const LineConfig *line)
{
	return forward_of(line, line->cfa, line->cfa_css);
}

struct cm_forward cm_forward_busy(const LineConfig *line)
{
	return set(line->cfb_int) ? forward_of(line, line->cfb_int, line->cfb_int_css)
				  : forward_of(line, line->cfb, line->cfb_css);
}

struct cm_forward cm_forward_no_answer(const LineConfig *line)
{
	return set(line->cfna_int) ? forward_of(line, line->cfna_int, line->cfna_int_css)
				   : forward_of(line, line->cfna, line->cfna_css);
}

struct cm_forward cm_forward_on_failure(const LineConfig *line)
{
	return set(line->cfof) ? forward_of(line, line->cfof, line->cfof_css)
			       : cm_forward_no_answer(line);
}

struct cm_forward cm_forward_unregistered(const LineConfig *line, DeviceKind kind)
{
	struct cm_forward forward = { .to = NULL };

	if (!cm_is_phone(kind))
		forward = cm_forward_no_answer(line);
	if (forward.to)
		return forward;
	return set(line->cfur_int) ? forward_of(line, line->cfur_int, line->cfur_int_css)
				   : forward_of(line, line->cfur, line->cfur_css);
}

int64_t cm_ring_duration_ns(const struct param_set *params, const LineConfig *line)
{
	if (!cm_forward_no_answer(line).to)
		return param_ns(params, PARAM_T301_TIMER);
	if (line->has_cfna_duration_s && line->cfna_duration_s)
		return (int64_t)line->cfna_duration_s * 1000000000 / params->speed;
	return param_ns(params, PARAM_FORWARD_NO_ANSWER_TIMER);
}
