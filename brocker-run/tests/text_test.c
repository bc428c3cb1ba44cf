#include "check.h"
#include "text.h"

#include <errno.h>
#include <string.h>

static void timesAreRfc3339InUtc(void) {
    static const struct { time_t seconds; long nanoseconds; const char *expected; } times[] = {
        {0, 0, "1970-01-01T00:00:00.000000000Z"},
        {951782399, 999999999, "2000-02-28T23:59:59.999999999Z"},
        {951782400, 1, "2000-02-29T00:00:00.000000001Z"},
        {1795548326, 123456789, "2026-11-24T19:25:26.123456789Z"},
        {4107542399, 0, "2100-02-28T23:59:59.000000000Z"},
        {4107542400, 0, "2100-03-01T00:00:00.000000000Z"},
        {1735689599, 0, "2024-12-31T23:59:59.000000000Z"},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char bytes[31] = "";
        struct text text = {bytes, sizeof bytes - 1, 0};
        struct timespec time = {times[i].seconds, times[i].nanoseconds};
        text_time(&text, &time);
        CHECK_TEXT(bytes, times[i].expected);
    }
}

static void everyDayOfFourCenturiesIsTheDayOfTheCLibrary(void) {
    for (time_t day = 0; day < 146097; day++) {
        char bytes[31] = "", expected[31];
        struct text text = {bytes, sizeof bytes - 1, 0};
        struct timespec time = {day * 86400 + 45296, 0};
        struct tm broken_down;
        text_time(&text, &time);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000000Z", gmtime_r(&time.tv_sec, &broken_down));
        if (strcmp(bytes, expected) != 0) {
            CHECK_TEXT(bytes, expected);
            return;
        }
    }
}

static void whatDoesNotFitIsLeftOut(void) {
    char bytes[8] = "......!";
    struct text text = {bytes, 6, 0};
    text_string(&text, "1234");
    text_string(&text, "5678");
    text_number(&text, UINT64_MAX);
    CHECK_NUMBER(text.length, 6);
    CHECK_TEXT(bytes, "123456!");
}

static void numbersAreWholeDecimals(void) {
    uint64_t number = 0;
    CHECK(number_parse("18446744073709551615", UINT64_MAX, &number) && number == UINT64_MAX);
    CHECK(number_parse("007", 7, &number) && number == 7);
    CHECK(!number_parse("18446744073709551616", UINT64_MAX, &number) && errno == ERANGE);
    CHECK(!number_parse("99999999999999999999999", UINT64_MAX, &number) && errno == ERANGE);
    CHECK(!number_parse("8", 7, &number) && errno == ERANGE);
    static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x1", "1.0"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!number_parse(bad[i], UINT64_MAX, &number) && errno == EINVAL);
}

static void masksAreWholeHexadecimals(void) {
    uint64_t mask = 0;
    CHECK(mask_parse("ffffFFFFffffFFFF", &mask) && mask == UINT64_MAX);
    CHECK(mask_parse("a80425fb", &mask) && mask == 0xa80425fb);
    CHECK(!mask_parse("", &mask) && errno == EINVAL);
    CHECK(!mask_parse("0x1", &mask) && errno == EINVAL);
    CHECK(!mask_parse("10000000000000000", &mask) && errno == ERANGE);
}

const struct test text_tests[] = {
    {"timesAreRfc3339InUtc", timesAreRfc3339InUtc, false},
    {"everyDayOfFourCenturiesIsTheDayOfTheCLibrary", everyDayOfFourCenturiesIsTheDayOfTheCLibrary, false},
    {"whatDoesNotFitIsLeftOut", whatDoesNotFitIsLeftOut, false},
    {"numbersAreWholeDecimals", numbersAreWholeDecimals, false},
    {"masksAreWholeHexadecimals", masksAreWholeHexadecimals, false},
    {NULL, NULL, false},
};
