#ifndef WAYBILL_BARCODE_H
#define WAYBILL_BARCODE_H

#include <stddef.h>

#define CODE_LENGTH 12

/* What reading a barcode can come to. */
enum read_result {
    READ_OK,
    READ_TOO_SHORT,
    READ_BAD_PATTERN,
    READ_BAD_CHECK_DIGIT
};

/* Widths of the bars and gaps as the sensor saw them, in clock ticks. */
struct scan_line {
    const unsigned *widths;
    size_t count;
};

/* Decodes a line of widths into a code; `code` has room for CODE_LENGTH + 1 characters. */
enum read_result read_barcode(const struct scan_line *line, char *code);

/* Whether the weighted sum of a code is a multiple of ten. */
int code_is_valid(const char *code);

#endif
