/* Answers every call at the route point CTIRP_5000.  cc answer.c -lcti -o answer */
#include <cti.h>
#include <stdio.h>

static void on_open(struct cti *cti, const struct cti_event *e)
{
	struct cti_media media = { .registration = CTI_DYNAMIC_MEDIA, .codecs = { 4 } };

	cti_device_open(cti, e->provider, "CTIRP_5000", &media);
}

static void on_response(struct cti *cti, const struct cti_event *e)
{
	if (e->result)
		fprintf(stderr, "%s: %s\n", e->request, e->text);
	else if (e->device_handle && !e->line_handle)
		cti_line_open(cti, e->device_handle, "5000", false);
}

static void on_new_call(struct cti *cti, const struct cti_event *e)
{
	printf("call from %s\n", e->calling);
	cti_call_answer(cti, e->call);
}

static void on_open_logical_channel(struct cti *cti, const struct cti_event *e)
{
	cti_device_set_rtp_for_call(cti, e->call, 0x7f000001, 24000);
}

int main(int argc, char **argv)
{
	struct cti_app app = { .on_provider_open_completed = on_open,
			       .on_response = on_response,
			       .on_new_call = on_new_call,
			       .on_open_logical_channel = on_open_logical_channel };

	return cti_main(&app, argc, argv);
}
