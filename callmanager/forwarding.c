#include "callmanager/forwarding.h"

static const char *set(const char *text)
{
	return text && text[0] ? text : NULL;
}

static const char *either(const char *internal, const char *general)
{
	return set(internal) ? internal : set(general);
}

const char *cm_forward_all(const LineConfig *line)
{
	return set(line->cfa);
}

const char *cm_forward_busy(const LineConfig *line)
{
	return either(line->cfb_int, line->cfb);
}

const char *cm_forward_no_answer(const LineConfig *line)
{
	return either(line->cfna_int, line->cfna);
}

const char *cm_forward_on_failure(const LineConfig *line)
{
	return set(line->cfof) ? line->cfof : cm_forward_no_answer(line);
}

int64_t cm_ring_duration_ns(const struct param_set *params, const LineConfig *line)
{
	if (!cm_forward_no_answer(line))
		return param_ns(params, PARAM_T301_TIMER);
	if (line->has_cfna_duration_s && line->cfna_duration_s)
		return (int64_t)line->cfna_duration_s * 1000000000 / params->speed;
	return param_ns(params, PARAM_FORWARD_NO_ANSWER_TIMER);
}
