/* Directory - checks a user's password. Served outside the program: the hash is slow on purpose. */
#include "ctimanager/process.h"

#include <stdio.h>

#include "common/base/cti_error.h"
#include "common/db/db.h"
#include "common/msg/messages.h"

/* USR-05: who is unknown and who has another password get the same answer. */
static uint32_t check_login(struct db *db, const char *userid, const char *password)
{
	struct db_error err;
	struct db_user user;
	int rc = db ? db_user_by_id(db, userid, &user, &err) : DB_EMISSING;

	if (rc == DB_ENOTFOUND)
		return CTIERR_DIRECTORY_LOGIN_FAILED;
	if (rc < 0)
		return CTIERR_DIRECTORY_TEMPORARY_UNAVAILABLE;
	return db_password_matches(&user, password) ? CTIERR_SUCCESS
						    : CTIERR_DIRECTORY_LOGIN_FAILED;
}

/* CTIHandler asks nothing else. */
static void serve(void *resource, const struct sdl_signal *request, struct sdl_answer *a)
{
	const CtiLoginCheckReq *req = request->msg;
	CtiLoginCheckRes res = CTI_LOGIN_CHECK_RES__INIT;

	res.async_response = req->async_response;
	res.result = check_login(resource, req->user, req->password);
	sdl_answer(a, SIG_CtiLoginCheckRes, &res);
}

const struct sdl_type ctim_directory = {
	.name = "Directory",
	.number = CTIM_DIRECTORY,
	.serve = serve,
};
