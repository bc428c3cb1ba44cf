#include "check.h"
#include "record.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256], content[1024];

static int open_folder(void) {
    snprintf(folder, sizeof folder, "%s/record", work_directory);
    if (mkdir(folder, 0700) != 0) broken(folder);
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void close_folder(int directory) {
    unlinkat(directory, "exit", 0);
    close(directory);
    CHECK_NUMBER(rmdir(folder), 0); /* so nothing else lies in it */
}

static void read_record(void) {
    char path[512];
    snprintf(path, sizeof path, "%s/exit", folder);
    file_read(path, content, sizeof content);
}

static void aSignalIsACodeAbove128(void) {
    int directory = open_folder(), reserved = record_reserve(directory);
    struct record record = {.status = 15, .started = {1, 2}, .ended = {1795548326, 123456789}, .lost_lines = 7, .oom_kills = 3};
    CHECK(record_write(directory, reserved, &record));
    read_record();
    CHECK_TEXT(content, "code 143\nsignal 15\nstarted 1000000002\nended 1795548326123456789\nlost-lines 7\noom-kills 3\n");
    close_folder(directory);
}

static void aCodeIsItsOwn(void) {
    int directory = open_folder(), reserved = record_reserve(directory);
    struct record record = {.status = 255 << 8};
    CHECK(record_write(directory, reserved, &record));
    read_record();
    CHECK_CONTAINS(content, "code 255\nsignal 0\n");
    close_folder(directory);
}

static void theRecordOfAnEarlierRunIsRemoved(void) {
    int directory = open_folder();
    close(openat(directory, "exit", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    close(record_reserve(directory));
    CHECK_NUMBER(faccessat(directory, "exit", F_OK, 0), -1);
    record_discard(directory);
    close_folder(directory);
}

static void nowhereToWriteIsAFailure(void) {
    int directory = open_folder(), reserved = record_reserve(directory);
    struct record record = {.status = 0};
    record_discard(directory);
    CHECK(!record_write(directory, reserved, &record));
    close_folder(directory);
}

const struct test record_tests[] = {
    {"aSignalIsACodeAbove128", aSignalIsACodeAbove128, false},
    {"aCodeIsItsOwn", aCodeIsItsOwn, false},
    {"theRecordOfAnEarlierRunIsRemoved", theRecordOfAnEarlierRunIsRemoved, false},
    {"nowhereToWriteIsAFailure", nowhereToWriteIsAFailure, false},
    {NULL, NULL, false},
};
