/* words.h - a typed line as words: blanks part them, quotes of either kind keep blanks in one. */
#ifndef SIM_SHELL_WORDS_H
#define SIM_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define SHELL_WORDS_MAX 64

struct shell_words {
	char *text;			 /* owns the words */
	char *word[SHELL_WORDS_MAX + 1]; /* NULL after the last */
	size_t n;
};

/* 0, or -1 with a sentence: a quote is not closed, or there are too many. Free it in any case. */
int shell_words_read(struct shell_words *words, const char *line, const char **why);
void shell_words_free(struct shell_words *words);

/* How many of the words of `phrase` ("utils service list") the line begins with, if it has all of
 * them or ends before they do; 0 if it begins otherwise. Letters in either case. */
size_t shell_words_begin(const struct shell_words *words, const char *phrase);
/* The words from one on, joined with single blanks; to be freed. */
char *shell_words_join(const struct shell_words *words, size_t from);
/* The number of words of a phrase. */
size_t shell_phrase_length(const char *phrase);

#endif
