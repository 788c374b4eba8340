#include "sim/shell/words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* One word, read at *from and written at *to, which is never ahead. */
static bool take_word(const char **from, char **to)
{
	const char *p = *from;
	char *out = *to;

	while (*p && !is_blank(*p)) {
		char quote = *p;

		if (quote != '"' && quote != '\'') {
			*out++ = *p++;
			continue;
		}
		for (p++; *p && *p != quote; p++)
			*out++ = *p;
		if (!*p)
			return false;
		p++;
	}
	*from = *p ? p + 1 : p;
	*out++ = '\0';
	*to = out;
	return true;
}

int shell_words_read(struct shell_words *words, const char *line, const char **why)
{
	const char *from;
	char *to;

	*words = (struct shell_words){ .text = strdup(line) };
	if (!words->text)
		abort();
	from = to = words->text;
	for (;;) {
		while (is_blank(*from))
			from++;
		if (!*from)
			return 0;
		if (words->n == SHELL_WORDS_MAX) {
			*why = "that is too long a line";
			return -1;
		}
		words->word[words->n] = to;
		if (!take_word(&from, &to)) {
			*why = "a quote is not closed";
			return -1;
		}
		words->n++;
	}
}

void shell_words_free(struct shell_words *words)
{
	free(words->text);
	*words = (struct shell_words){ 0 };
}

size_t shell_words_begin(const struct shell_words *words, const char *phrase)
{
	size_t n = 0;

	while (*phrase && n < words->n) {
		size_t length = strcspn(phrase, " ");

		if (strlen(words->word[n]) != length ||
		    strncasecmp(words->word[n], phrase, length) != 0)
			return 0;
		phrase += length + strspn(phrase + length, " ");
		n++;
	}
	return n;
}

size_t shell_phrase_length(const char *phrase)
{
	size_t n = 0;

	while (*phrase) {
		phrase += strcspn(phrase, " ");
		phrase += strspn(phrase, " ");
		n++;
	}
	return n;
}

char *shell_words_join(const struct shell_words *words, size_t from)
{
	size_t size = 1;
	char *out;

	for (size_t i = from; i < words->n; i++)
		size += strlen(words->word[i]) + 1;
	out = calloc(1, size);
	if (!out)
		abort();
	for (size_t i = from; i < words->n; i++)
		strcat(strcat(out, i > from ? " " : ""), words->word[i]);
	return out;
}
