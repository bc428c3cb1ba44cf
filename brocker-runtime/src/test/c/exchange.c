/* What a hostile process does with a descriptor of a directory that is being removed: exchanges two of its entries, or fills it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 2) return 2;
    int directory = open(arguments[1], O_RDONLY | O_DIRECTORY);
    if (directory < 0) return 1;
    puts("ready");
    fflush(stdout);
    for (unsigned long i = 0;; i++) {
        if (count == 4) {
            renameat2(directory, arguments[2], directory, arguments[3], RENAME_EXCHANGE);
        } else {
            char name[32];
            snprintf(name, sizeof name, "%lu", i);
            mkdirat(directory, name, 0700);
            close(openat(directory, strcat(name, "f"), O_WRONLY | O_CREAT, 0600));
        }
        /* Ends with the test, whatever becomes of it. */
        if (i % 1024 == 0 && getppid() == 1) return 0;
    }
}
