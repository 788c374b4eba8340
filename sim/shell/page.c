/* The platform's pager: a screen at a time. */
#include "sim/shell/shell.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ROWS_USUAL 24

static const char words[] = "Press <enter> for 1 line, <space> for one page, or <q> to quit";

/* How many more lines are wanted; 0: no more. */
static unsigned ask(unsigned page)
{
	char key = 'q';
	unsigned more = 0;

	fputs(words, stdout);
	fflush(stdout);
	while (!more && read(STDIN_FILENO, &key, 1) == 1 && key != 'q' && key != 'Q')
		more = key == ' ' ? page : key == '\n' || key == '\r' ? 1 : 0;
	printf("\r%*s\r", (int)strlen(words), "");
	return more;
}

void shell_page(const char *text)
{
	struct winsize size = { 0 };
	struct termios before, keys;
	unsigned page, left;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &before) < 0) {
		fputs(text, stdout);
		return;
	}
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	page = left = (size.ws_row > 1 ? size.ws_row : ROWS_USUAL) - 1;
	keys = before;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &keys);
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (left == 0 && (left = ask(page)) == 0)
			break;
		fwrite(text, 1, n + (text[n] != '\0'), stdout);
		text += n + (text[n] != '\0');
		left--;
	}
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}
