#include "check.h"
#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 30 + 1 + 6 + 3 }; /* "2026-11-23T19:25:26.123456789Z stdout F " */

static struct log log_;
static struct stream stream;
static char folder[256], content[1 << 20];
static int write_end;

/* An empty record directory, a log in it and a stream from a pipe. */
static void open_log(uint64_t most_size, unsigned most_files) {
    static int number;
    int ends[2];
    snprintf(folder, sizeof folder, "%s/log-%d", work_directory, number++);
    if (mkdir(folder, 0700) != 0) broken(folder);
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || !log_open(&log_, directory, most_size, most_files)) broken(folder);
    if (pipe2(ends, O_CLOEXEC) != 0) broken("pipe2");
    write_end = ends[1];
    stream.name = "stdout";
    stream.pipe = ends[0];
    stream.length = 0;
}

/* The same on a disk of 64 KiB. */
static void open_log_on_small_disk(void) {
    open_log(0, 1);
    close(log_.file);
    close(log_.directory);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=64k") != 0) broken("mount");
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!log_open(&log_, directory, 0, 1)) broken("log_open");
}

static void remove_files(void) {
    static const char *const names[] = {"log", "log.1", "log.2", "log.3", "log.next", "filler"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlinkat(log_.directory, names[i], 0);
}

static void close_log(void) {
    close(write_end);
    close(stream.pipe);
    close(log_.file);
    remove_files();
    close(log_.directory);
    umount2(folder, MNT_DETACH);
    rmdir(folder);
}

static void pump_bytes(const char *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        size_t piece = length - done < 4096 ? length - done : 4096;
        if (write(write_end, bytes + done, piece) != (ssize_t) piece) broken("write");
        done += piece;
        for (size_t waiting = piece; waiting > 0;) {
            ssize_t taken = stream_pump(&stream, &log_, sizeof stream.bytes);
            if (taken <= 0) broken("stream_pump");
            waiting -= (size_t) taken;
        }
    }
}

static size_t read_log(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_read(path, content, sizeof content);
}

static void aLineHasTimeStreamAndKind(void) {
    open_log(0, 1);
    pump_bytes("hello\n", 6);
    CHECK_NUMBER(read_log("log"), HEADER + 6);
    CHECK_TEXT(content + 30, " stdout F hello\n");
    CHECK(content[4] == '-' && content[10] == 'T' && content[19] == '.' && content[29] == 'Z');
    close_log();
}

static void aBegunLineWaitsForItsEnd(void) {
    open_log(0, 1);
    pump_bytes("a\nb", 3);
    CHECK_NUMBER(read_log("log"), HEADER + 2);
    pump_bytes("c\n\n", 3);
    CHECK_NUMBER(read_log("log"), 3 * HEADER + 2 + 3 + 1);
    CHECK_CONTAINS(content, " stdout F bc\n");
    close_log();
}

static void theLastLineNeedsNoEnd(void) {
    open_log(0, 1);
    if (write(write_end, "one\ntwo", 7) != 7) broken("write");
    stream_finish(&stream, &log_);
    read_log("log");
    CHECK_CONTAINS(content, " stdout F one\n");
    CHECK_CONTAINS(content, " stdout F two\n");
    close_log();
}

static void finishDoesNotWaitForAnOpenPipe(void) {
    open_log(0, 1);
    alarm(5);
    stream_finish(&stream, &log_);
    alarm(0);
    CHECK_NUMBER(read_log("log"), 0);
    close_log();
}

static void aLineOfTheLongestLengthIsWhole(void) {
    static char line[LONGEST_LINE + 1];
    memset(line, 'x', LONGEST_LINE);
    line[LONGEST_LINE] = '\n';
    open_log(0, 1);
    pump_bytes(line, sizeof line);
    CHECK_NUMBER(read_log("log"), HEADER + LONGEST_LINE + 1);
    CHECK_CONTAINS(content, " stdout F x");
    CHECK_LACKS(content, " stdout P ");
    close_log();
}

static void aLongerLineIsCutIntoParts(void) {
    static char line[2 * LONGEST_LINE + 2];
    memset(line, 'x', 2 * LONGEST_LINE);
    memcpy(line + 2 * LONGEST_LINE, "y\n", 2);
    open_log(0, 1);
    pump_bytes(line, sizeof line);
    CHECK_NUMBER(read_log("log"), 3 * HEADER + 2 * LONGEST_LINE + 1 + 3);
    const char *second = content + HEADER + LONGEST_LINE + 1, *third = second + HEADER + LONGEST_LINE + 1;
    CHECK(memcmp(content + 30, " stdout P x", 11) == 0);
    CHECK(memcmp(second + 30, " stdout P x", 11) == 0);
    CHECK_TEXT(third + 30, " stdout F y\n");
    close_log();
}

static void binaryBytesComeAsTheyAre(void) {
    char bytes[257];
    for (int i = 0; i < 256; i++) bytes[i] = (char) (i == '\n' ? 0 : i);
    bytes[256] = '\n';
    open_log(0, 1);
    pump_bytes(bytes, sizeof bytes);
    CHECK_NUMBER(read_log("log"), HEADER + 257);
    CHECK(memcmp(content + HEADER, bytes, 257) == 0);
    close_log();
}

static void filesTurnBySizeAndCount(void) {
    open_log(3 * (HEADER + 2), 3);
    pump_bytes("1\n2\n3\n4\n5\n6\n7\n8\n9\na\n", 20);
    CHECK_NUMBER(read_log("log"), HEADER + 2);
    CHECK_CONTAINS(content, " F a\n");
    CHECK_NUMBER(read_log("log.1"), 3 * (HEADER + 2));
    CHECK_CONTAINS(content, " F 7\n");
    CHECK_NUMBER(read_log("log.2"), 3 * (HEADER + 2));
    CHECK_CONTAINS(content, " F 4\n");
    CHECK_NUMBER(faccessat(log_.directory, "log.3", F_OK, 0), -1);
    CHECK_NUMBER(faccessat(log_.directory, "log.next", F_OK, 0), -1);
    close_log();
}

/* Readers know a file by the time of its first line, also where one read from the pipe fills several. */
static void noTwoFilesBeginAtTheSameTime(void) {
    char first[4][31] = {""};
    open_log(2 * (HEADER + 2), 4);
    pump_bytes("1\n2\n3\n4\n5\n6\n7\n", 14);
    for (unsigned i = 0; i < 4; i++) {
        char name[] = "log.0";
        name[4] = (char) ('0' + i);
        if (i == 0) name[3] = '\0';
        CHECK(read_log(name) > 0);
        memcpy(first[i], content, 30);
        for (unsigned j = 0; j < i; j++) CHECK(strcmp(first[i], first[j]) < 0);
    }
    close_log();
}

static void oneFileBeginsAnew(void) {
    open_log(2 * (HEADER + 2), 1);
    pump_bytes("1\n2\n3\n", 6);
    CHECK_NUMBER(read_log("log"), HEADER + 2);
    CHECK_CONTAINS(content, " F 3\n");
    CHECK_NUMBER(faccessat(log_.directory, "log.1", F_OK, 0), -1);
    close_log();
}

static void anOldLogIsGoneOnWith(void) {
    open_log(2 * (HEADER + 2), 2);
    pump_bytes("1\n2\n", 4);
    close(log_.file);
    CHECK(log_open(&log_, log_.directory, 2 * (HEADER + 2), 2));
    pump_bytes("3\n", 2);
    read_log("log.1");
    CHECK_CONTAINS(content, " F 1\n");
    read_log("log");
    CHECK_CONTAINS(content, " F 3\n");
    close_log();
}

static void aTornLineIsEndedBeforeTheNext(void) {
    open_log(0, 1);
    pump_bytes("1\n", 2);
    if (write(log_.file, "torn", 4) != 4) broken("write");
    close(log_.file);
    CHECK(log_open(&log_, log_.directory, 0, 1));
    pump_bytes("2\n", 2);
    CHECK_NUMBER(read_log("log"), 2 * (HEADER + 2) + 5);
    CHECK(memcmp(content + HEADER + 2, "torn\n", 5) == 0);
    CHECK_CONTAINS(content, " stdout F 2\n");
    close(log_.file);
    CHECK(log_open(&log_, log_.directory, 0, 1));
    CHECK_NUMBER(read_log("log"), 2 * (HEADER + 2) + 5);
    close_log();
}

static void aFileThatCannotTurnGoesOn(void) {
    open_log(HEADER + 2, 2);
    if (mkdirat(log_.directory, "log.1", 0700) != 0) broken("mkdirat");
    pump_bytes("1\n2\n", 4);
    CHECK_NUMBER(read_log("log"), 2 * (HEADER + 2));
    CHECK_NUMBER(log_.lost, 0);
    unlinkat(log_.directory, "log.1", AT_REMOVEDIR);
    close_log();
}

/* What does not fit is counted, never torn, and told of as soon as there is room. */
static void aFullDiskCostsLinesAndIsToldOf(void) {
    open_log_on_small_disk();
    char line[1000];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    int lines = 70, whole = 65536 / (HEADER + 1000);
    for (int i = 0; i < lines; i++) pump_bytes(line, sizeof line);
    CHECK_NUMBER(log_.lost, lines - whole);
    CHECK_NUMBER(read_log("log"), whole * (HEADER + 1000));
    if (ftruncate(log_.file, 0) != 0) broken("ftruncate");
    pump_bytes("room\nagain\n", 11);
    char expected[64];
    snprintf(expected, sizeof expected, " stderr F brocker-run: %d lines lost\n", lines - whole);
    read_log("log");
    const char *notice = strstr(content, expected);
    CHECK(notice == content + 30);
    if (notice != NULL) CHECK(memcmp(notice + strlen(expected) + 30, " stdout F room\n", 15) == 0);
    CHECK_CONTAINS(content, " stdout F again\n");
    close_log();
}

/* Where several come at once and not all of them fit, those that do are kept. */
static void aFullDiskTakesOfSeveralWhatFits(void) {
    open_log_on_small_disk();
    enum { LINE = 500, LINES = 140 };
    static char text[LINE * LINES];
    memset(text, 'x', sizeof text);
    for (int i = 1; i <= LINES; i++) text[i * LINE - 1] = '\n';
    pump_bytes(text, sizeof text);
    int whole = 65536 / (HEADER + LINE);
    CHECK_NUMBER(log_.lost, LINES - whole);
    CHECK(read_log("log") >= (size_t) whole * (HEADER + LINE));
    close_log();
}

/* Room for the notice and not for the line: the notice stays, whole, and the line is lost in its turn. */
static void theNoticeOfALossIsALineByItself(void) {
    open_log_on_small_disk();
    static char line[16001];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 5; i++) pump_bytes(line, sizeof line);
    CHECK_NUMBER(log_.lost, 1);
    pump_bytes(line, sizeof line);
    CHECK_NUMBER(log_.lost, 2);
    size_t whole = 4 * (HEADER + sizeof line);
    static const char notice[] = " stderr F brocker-run: 1 lines lost\n";
    CHECK_NUMBER(read_log("log"), whole + 30 + sizeof notice - 1);
    CHECK_TEXT(content + whole + 30, notice);
    close_log();
}

const struct test log_tests[] = {
    {"aLineHasTimeStreamAndKind", aLineHasTimeStreamAndKind, false},
    {"aBegunLineWaitsForItsEnd", aBegunLineWaitsForItsEnd, false},
    {"theLastLineNeedsNoEnd", theLastLineNeedsNoEnd, false},
    {"finishDoesNotWaitForAnOpenPipe", finishDoesNotWaitForAnOpenPipe, false},
    {"aLineOfTheLongestLengthIsWhole", aLineOfTheLongestLengthIsWhole, false},
    {"aLongerLineIsCutIntoParts", aLongerLineIsCutIntoParts, false},
    {"binaryBytesComeAsTheyAre", binaryBytesComeAsTheyAre, false},
    {"filesTurnBySizeAndCount", filesTurnBySizeAndCount, false},
    {"noTwoFilesBeginAtTheSameTime", noTwoFilesBeginAtTheSameTime, false},
    {"oneFileBeginsAnew", oneFileBeginsAnew, false},
    {"anOldLogIsGoneOnWith", anOldLogIsGoneOnWith, false},
    {"aTornLineIsEndedBeforeTheNext", aTornLineIsEndedBeforeTheNext, false},
    {"aFileThatCannotTurnGoesOn", aFileThatCannotTurnGoesOn, false},
    {"aFullDiskCostsLinesAndIsToldOf", aFullDiskCostsLinesAndIsToldOf, true},
    {"aFullDiskTakesOfSeveralWhatFits", aFullDiskTakesOfSeveralWhatFits, true},
    {"theNoticeOfALossIsALineByItself", theNoticeOfALossIsALineByItself, true},
    {NULL, NULL, false},
};
