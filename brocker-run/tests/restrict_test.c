/* Lines of mountinfo. */
#include "check.h"
#include "restrict.h"

#include <string.h>

static const char line[] = "36 35 98:0 /mnt1 /mnt/a\\040b rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n";

static void aLineHasAPathAndOptions(void) {
    struct mounted mounted;
    CHECK(mountinfo_parse(line, &mounted));
    CHECK(strncmp(mounted.path, "/mnt/a\\040b ", 12) == 0);
    CHECK(strncmp(mounted.options, "rw,noatime ", 11) == 0);
    CHECK(!mountinfo_parse("36 35 98:0 /mnt1\n37 35 98:0 / / rw - x y z\n", &mounted));
    CHECK(!mountinfo_parse("", &mounted));
}

static void aPathIsBelowADirectory(void) {
    char path[64];
    CHECK(mountinfo_below("/data/a\\040b\\134\\012 rw", "/data", path, sizeof path));
    CHECK_TEXT(path, "/data/a b\\\n");
    CHECK(mountinfo_below("/a\\303 rw", "/", path, sizeof path));
    CHECK_TEXT(path, "/a\303");
    CHECK(mountinfo_below("/a\\040b/c rw", "/a b", path, sizeof path));
    CHECK(!mountinfo_below("/data rw", "/data", path, sizeof path));
    CHECK(!mountinfo_below("/data2 rw", "/data", path, sizeof path));
    CHECK(!mountinfo_below("/dat rw", "/data", path, sizeof path));
    CHECK(!mountinfo_below("/ rw", "/", path, sizeof path));
}

static void aLongPathIsCut(void) {
    char path[8];
    CHECK(mountinfo_below("/data/0123456789 rw", "/data", path, sizeof path));
    CHECK_TEXT(path, "/data/0");
}

static void optionsAreWholeWords(void) {
    CHECK_NUMBER(mountinfo_lacks("rw,nosuid,nodev,relatime master:1", RESTRICTIONS), MS_RDONLY | MS_NOEXEC);
    CHECK_NUMBER(mountinfo_lacks("ro,relatime ", MS_RDONLY), 0);
    CHECK_NUMBER(mountinfo_lacks("rw,nodeviant,xro,row nodev", MS_RDONLY | MS_NODEV), MS_RDONLY | MS_NODEV);
    CHECK_NUMBER(mountinfo_lacks("rw ", 0), 0);
}

const struct test restrict_tests[] = {
    {"aLineHasAPathAndOptions", aLineHasAPathAndOptions, false},
    {"aPathIsBelowADirectory", aPathIsBelowADirectory, false},
    {"aLongPathIsCut", aLongPathIsCut, false},
    {"optionsAreWholeWords", optionsAreWholeWords, false},
    {NULL, NULL, false},
};
