/* Makes the system calls that it is told, NUMBER or NUMBER:ARGUMENT:… each, and says what errno each left, 0 where it succeeded. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words)
{
	for (int i = 1; i < count; i++) {
		long arguments[7] = {0};
		char *word = strtok(words[i], ":");
		for (int j = 0; j < 7 && word != NULL; j++, word = strtok(NULL, ":"))
			arguments[j] = (long) strtoul(word, NULL, 0);
		errno = 0;
		long result = syscall(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6]);
		printf("%d\n", result == -1 ? errno : 0);
		fflush(stdout);
	}
	return 0;
}
