#include "common/sql/sql_token.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Bytes above 0x7f belong to words, as SQLite has it. */
static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
	       c == '$' || (unsigned char)c >= 0x80;
}

static const char *skip_to(const char *p, const char *end)
{
	const char *found = strstr(p, end);

	return found ? found + strlen(end) : NULL;
}

/* Past white space and comments; NULL if a comment does not end. */
static const char *skip_blank(const char *p)
{
	for (;;) {
		if (is_space(*p)) {
			p++;
		} else if (p[0] == '-' && p[1] == '-') {
			p += strcspn(p, "\n");
		} else if (p[0] == '/' && p[1] == '*') {
			p = skip_to(p + 2, "*/");
		} else if (*p == '{') {
			p = skip_to(p + 1, "}");
		} else {
			return p;
		}
		if (!p)
			return NULL;
	}
}

/* The end of a quoted text that begins at p, a doubled quote being part of it; NULL if none. */
static const char *quoted_end(const char *p)
{
	char quote = *p++;

	for (; *p; p++) {
		if (*p != quote)
			continue;
		if (p[1] != quote)
			return p + 1;
		p++;
	}
	return NULL;
}

static const char *number_end(const char *p)
{
	while (is_word(*p) || *p == '.' ||
	       ((*p == '+' || *p == '-') && (p[-1] == 'e' || p[-1] == 'E')))
		p++;
	return p;
}

static const char *token_end(const char *p, enum sql_kind *kind)
{
	if (*p == '\'' || *p == '"') {
		*kind = *p == '"' ? SQL_QUOTED : SQL_STRING;
		return quoted_end(p);
	}
	if (is_digit(*p)) {
		*kind = SQL_NUMBER;
		return number_end(p);
	}
	if (is_word(*p)) {
		*kind = SQL_WORD;
		while (is_word(*p))
			p++;
		return p;
	}
	*kind = SQL_SIGN;
	return p + 1;
}

static void append(struct sql_tokens *tokens, struct sql_token token)
{
	if ((tokens->n & (tokens->n - 1)) == 0) { /* full at each power of two */
		size_t room = tokens->n ? 2 * tokens->n : 1;

		tokens->t = realloc(tokens->t, room * sizeof(*tokens->t));
		if (!tokens->t)
			abort();
	}
	tokens->t[tokens->n++] = token;
}

void sql_tokens_read(struct sql_tokens *tokens, const char *statement)
{
	const char *p = statement;
	int depth = 0;

	*tokens = (struct sql_tokens){ 0 };
	for (;;) {
		struct sql_token token = { 0 };
		const char *end;

		p = skip_blank(p);
		if (!p) {
			tokens->unclosed = "A comment";
			return;
		}
		if (!*p)
			return;
		end = token_end(p, &token.kind);
		if (!end) {
			tokens->unclosed = "A quoted text";
			return;
		}
		if (*p == ')')
			depth--;
		token.text = p;
		token.length = (size_t)(end - p);
		token.depth = depth;
		if (*p == '(')
			depth++;
		append(tokens, token);
		p = end;
	}
}

void sql_tokens_free(struct sql_tokens *tokens)
{
	for (size_t i = 0; i < tokens->n; i++) {
		free(tokens->t[i].replace);
		free(tokens->t[i].before);
		free(tokens->t[i].after);
	}
	free(tokens->t);
	*tokens = (struct sql_tokens){ 0 };
}

bool sql_is_kind(const struct sql_tokens *tokens, size_t i, enum sql_kind kind)
{
	return i < tokens->n && tokens->t[i].kind == kind;
}

bool sql_is(const struct sql_tokens *tokens, size_t i, const char *word)
{
	return sql_is_kind(tokens, i, SQL_WORD) && tokens->t[i].length == strlen(word) &&
	       strncasecmp(tokens->t[i].text, word, tokens->t[i].length) == 0;
}

bool sql_is_sign(const struct sql_tokens *tokens, size_t i, char sign)
{
	return sql_is_kind(tokens, i, SQL_SIGN) && tokens->t[i].text[0] == sign;
}

static void set(char **place, const char *first, const char *second)
{
	size_t a = first ? strlen(first) : 0, b = strlen(second);
	char *joined = malloc(a + b + 1);

	if (!joined)
		abort();
	if (first)
		memcpy(joined, first, a);
	memcpy(joined + a, second, b + 1);
	free(*place);
	*place = joined;
}

void sql_replace(struct sql_tokens *tokens, size_t i, const char *text)
{
	set(&tokens->t[i].replace, NULL, text);
}

void sql_drop(struct sql_tokens *tokens, size_t i)
{
	sql_replace(tokens, i, "");
}

void sql_put_before(struct sql_tokens *tokens, size_t i, const char *text)
{
	set(&tokens->t[i].before, tokens->t[i].before, text);
}

void sql_put_after(struct sql_tokens *tokens, size_t i, const char *text)
{
	set(&tokens->t[i].after, tokens->t[i].after, text);
}

static size_t put(char *out, size_t at, const char *text, size_t length)
{
	if (out)
		memcpy(out + at, text, length);
	return at + length;
}

/* Writes to `out`, or only counts if that is NULL. */
static size_t write_tokens(const struct sql_tokens *tokens, char *out)
{
	const char *end = NULL; /* of the last token kept, while nothing was put after it */
	size_t n = 0;

	for (size_t i = 0; i < tokens->n; i++) {
		const struct sql_token *t = &tokens->t[i];

		if (t->replace && !*t->replace && !t->before && !t->after)
			continue;
		if (n && (end != t->text || t->before || t->replace))
			n = put(out, n, " ", 1);
		if (t->before)
			n = put(out, n, t->before, strlen(t->before));
		if (t->replace)
			n = put(out, n, t->replace, strlen(t->replace));
		else
			n = put(out, n, t->text, t->length);
		if (t->after)
			n = put(out, n, t->after, strlen(t->after));
		end = t->after || t->replace ? NULL : t->text + t->length;
	}
	return n;
}

char *sql_tokens_write(const struct sql_tokens *tokens)
{
	size_t n = write_tokens(tokens, NULL);
	char *out = malloc(n + 1);

	if (!out)
		abort();
	write_tokens(tokens, out);
	out[n] = 0;
	return out;
}
