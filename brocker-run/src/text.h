#ifndef BROCKER_RUN_TEXT_H
#define BROCKER_RUN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/** A line being written into the caller's buffer. What does not fit is left out; nothing is terminated. */
struct text {
    char *bytes;
    size_t size;
    size_t length;
};

void text_bytes(struct text *text, const char *bytes, size_t length);
void text_string(struct text *text, const char *string);
void text_number(struct text *text, uint64_t number);

/** RFC 3339 in UTC with nanoseconds, 30 bytes: `2026-11-23T19:25:26.123456789Z`. For times since 1970. */
void text_time(struct text *text, const struct timespec *time);

/** A whole decimal string, 0 … most. False with EINVAL (not a number) or ERANGE in errno. */
bool number_parse(const char *string, uint64_t most, uint64_t *number);

/** A whole string of 1 … 16 hexadecimal digits. False with EINVAL or ERANGE in errno. */
bool mask_parse(const char *string, uint64_t *mask);

/** The value of a hexadecimal digit, -1 for anything else. */
int hex_digit(char digit);

#endif
