/* sql_token: a statement as tokens, with the edits that translation makes to them. */
#ifndef COMMON_SQL_SQL_TOKEN_H
#define COMMON_SQL_SQL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum sql_kind {
	SQL_WORD,   /* name or keyword */
	SQL_NUMBER, /* begins with a digit */
	SQL_STRING, /* '...' */
	SQL_QUOTED, /* "..." */
	SQL_SIGN,   /* one character of anything else */
};

struct sql_token {
	enum sql_kind kind;
	const char *text; /* in the statement, not ended by 0 */
	size_t length;
	int depth;     /* open parentheses around it; a parenthesis counts as outside its own */
	char *replace; /* instead of the text, or NULL; owned */
	char *before;  /* put before it, or NULL; owned */
	char *after;
};

struct sql_tokens {
	struct sql_token *t;
	size_t n;
	const char *unclosed; /* what was opened and not closed at the end, or NULL */
};

/* Borrows the statement until sql_tokens_free. White space and comments are left out. */
void sql_tokens_read(struct sql_tokens *tokens, const char *statement);
void sql_tokens_free(struct sql_tokens *tokens);

/* Whether token i exists and is that word, in either case, outside quotes. */
bool sql_is(const struct sql_tokens *tokens, size_t i, const char *word);
/* Whether token i exists and is that sign. */
bool sql_is_sign(const struct sql_tokens *tokens, size_t i, char sign);
bool sql_is_kind(const struct sql_tokens *tokens, size_t i, enum sql_kind kind);

/* The edits; those of one place add up. */
void sql_replace(struct sql_tokens *tokens, size_t i, const char *text);
void sql_drop(struct sql_tokens *tokens, size_t i);
void sql_put_before(struct sql_tokens *tokens, size_t i, const char *text);
void sql_put_after(struct sql_tokens *tokens, size_t i, const char *text);

/* The edited statement, one blank between tokens where the original had white space or an edit
 * needs it. The caller frees it. */
char *sql_tokens_write(const struct sql_tokens *tokens);

#endif
