/* CTIDbAccess - the CTIManager's questions to the database, served outside the program: what a user
 * may, which devices he controls, what a device is. */
#include "ctimanager/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/cti_error.h"
#include "common/db/db_message.h"

/* Device names of one answer; a list goes page by page. */
#define PAGE	 256
#define PAGE_MAX 1024

static void serve_init(struct db *db, struct sdl_answer *a)
{
	struct db_error err = { 0 };
	DbInitRes res;

	db_init_answer(db, &res, &err);
	sdl_answer(a, SIG_DbInitRes, &res);
}

static void serve_settings(struct db *db, const CtiUserSettingsReq *req, struct sdl_answer *a)
{
	CtiUserSettingsRes res = CTI_USER_SETTINGS_RES__INIT;
	struct db_error err;
	struct db_user user = { 0 };
	int rc = db ? db_user_by_id(db, req->user, &user, &err) : DB_EMISSING;

	res.async_response = req->async_response;
	if (rc == DB_ENOTFOUND)
		res.result = CTIERR_DIRECTORY_LOGIN_FAILED;
	else if (rc < 0)
		res.result = CTIERR_DIRECTORY_TEMPORARY_UNAVAILABLE;
	res.has_cti_enabled = res.has_super_provider = res.has_park_monitoring = true;
	res.has_modify_calling_number = res.has_srtp_key_material = res.has_secure_connection =
		true;
	res.cti_enabled = (user.groups & DB_GROUP_CTI_ENABLED) != 0;
	res.super_provider = (user.groups & DB_GROUP_CONTROL_ALL) != 0;
	res.park_monitoring = (user.groups & DB_GROUP_PARK_MONITORING) != 0;
	res.modify_calling_number = (user.groups & DB_GROUP_CALLING_NUMBER) != 0;
	res.srtp_key_material = (user.groups & DB_GROUP_SRTP_KEYS) != 0;
	res.secure_connection = (user.groups & DB_GROUP_SECURE_CONNECTION) != 0;
	sdl_answer(a, SIG_CtiUserSettingsRes, &res);
}

static void serve_device(struct db *db, const CtiDbDeviceReq *req, struct sdl_answer *a)
{
	CtiDbDeviceRes res = CTI_DB_DEVICE_RES__INIT;
	struct db_error err = { .text = "there is no database" };
	struct db_device dev;
	struct db_device_config config;
	int rc = db ? db_device_by_name(db, req->device, &dev, &err) : DB_EMISSING;
	int controls = 0;

	res.cookie = req->cookie;
	res.name = req->device;
	if (rc == 0) {
		controls = db_controls(db, req->user, req->device, &err);
		if (controls < 0) {
			rc = controls;
			db_device_free(&dev);
		}
	}
	res.result = db_result(rc);
	if (rc < 0) {
		res.text = err.text;
		sdl_answer(a, SIG_CtiDbDeviceRes, &res);
		return;
	}
	db_device_config_make(&config, &dev);
	res.has_controlled = true;
	res.controlled = controls > 0;
	res.device = &config.message;
	sdl_answer(a, SIG_CtiDbDeviceRes, &res);
	db_device_config_free(&config);
	db_device_free(&dev);
}

struct page {
	const char *after;
	char *name[PAGE_MAX + 1];
	size_t n, max;
};

static int add_to_page(void *arg, const char *device)
{
	struct page *p = arg;

	if (p->after && strcmp(device, p->after) <= 0)
		return 0;
	p->name[p->n] = strdup(device);
	if (!p->name[p->n])
		abort();
	return ++p->n > p->max;
}

static void serve_device_list(struct db *db, const CtiDbDeviceListReq *req, struct sdl_answer *a)
{
	CtiDbDeviceListRes res = CTI_DB_DEVICE_LIST_RES__INIT;
	struct page page = { .after = req->after };
	struct db_error err;
	int rc;

	page.max = req->page && req->page < PAGE_MAX ? req->page : req->page ? PAGE_MAX : PAGE;
	rc = db ? db_each_controlled(db, req->user, add_to_page, &page, &err) : DB_EMISSING;
	res.cookie = req->cookie;
	res.result = db_result(rc);
	res.more = page.n > page.max;
	res.name = page.name;
	res.n_name = page.n > page.max ? page.max : page.n;
	sdl_answer(a, SIG_CtiDbDeviceListRes, &res);
	for (size_t i = 0; i < page.n; i++)
		free(page.name[i]);
}

/* Nothing else is asked within the program, and nobody outside reaches a served type. */
static void serve(void *resource, const struct sdl_signal *request, struct sdl_answer *a)
{
	switch (request->number) {
	case SIG_DbInitReq:
		serve_init(resource, a);
		break;
	case SIG_CtiUserSettingsReq:
		serve_settings(resource, request->msg, a);
		break;
	case SIG_CtiDbDeviceReq:
		serve_device(resource, request->msg, a);
		break;
	case SIG_CtiDbDeviceListReq:
		serve_device_list(resource, request->msg, a);
		break;
	}
}

const struct sdl_type ctim_cti_db_access = {
	.name = "CTIDbAccess",
	.number = CTIM_DB_ACCESS,
	.serve = serve,
};
