#include "text.h"

#include <errno.h>
#include <string.h>

void text_bytes(struct text *text, const char *bytes, size_t length) {
    size_t room = text->size - text->length;
    size_t taken = length < room ? length : room;
    memcpy(text->bytes + text->length, bytes, taken);
    text->length += taken;
}

void text_string(struct text *text, const char *string) {
    text_bytes(text, string, strlen(string));
}

static void text_padded(struct text *text, uint64_t number, size_t width) {
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0 || sizeof digits - first < width);
    text_bytes(text, digits + first, sizeof digits - first);
}

void text_number(struct text *text, uint64_t number) {
    text_padded(text, number, 1);
}

/* Days to a civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
static void text_date(struct text *text, uint64_t days_since_epoch) {
    uint64_t days = days_since_epoch + 719468;
    uint64_t era = days / 146097;
    uint64_t day_of_era = days % 146097;
    uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t shifted_month = (5 * day_of_year + 2) / 153; /* 0 is March */
    uint64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    text_padded(text, year_of_era + era * 400 + (month <= 2 ? 1 : 0), 4);
    text_string(text, "-");
    text_padded(text, month, 2);
    text_string(text, "-");
    text_padded(text, day_of_year - (153 * shifted_month + 2) / 5 + 1, 2);
}

void text_time(struct text *text, const struct timespec *time) {
    uint64_t seconds = (uint64_t) time->tv_sec;
    text_date(text, seconds / 86400);
    text_string(text, "T");
    text_padded(text, seconds / 3600 % 24, 2);
    text_string(text, ":");
    text_padded(text, seconds / 60 % 60, 2);
    text_string(text, ":");
    text_padded(text, seconds % 60, 2);
    text_string(text, ".");
    text_padded(text, (uint64_t) time->tv_nsec, 9);
    text_string(text, "Z");
}

bool number_parse(const char *string, uint64_t most, uint64_t *number) {
    uint64_t value = 0;
    errno = EINVAL;
    if (*string == '\0') return false;
    for (; *string != '\0'; string++) {
        if (*string < '0' || *string > '9') return false;
        uint64_t digit = (uint64_t) (*string - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            errno = ERANGE;
            return false;
        }
        value = value * 10 + digit;
    }
    errno = ERANGE;
    if (value > most) return false;
    *number = value;
    return true;
}

bool mask_parse(const char *string, uint64_t *mask) {
    uint64_t value = 0;
    size_t digits = strlen(string);
    errno = digits == 0 ? EINVAL : ERANGE;
    if (digits == 0 || digits > 16) return false;
    for (; *string != '\0'; string++) {
        int digit = hex_digit(*string);
        errno = EINVAL;
        if (digit < 0) return false;
        value = value << 4 | (uint64_t) digit;
    }
    *mask = value;
    return true;
}

int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}
