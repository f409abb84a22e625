/* Reading Code 39 barcodes from the widths of their bars. */

#include "barcode.h"

#include <string.h>

#define ELEMENTS_PER_CHARACTER 9

static const char ALPHABET[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Bit i is set where element i is wide; the order is that of ALPHABET. */
static const unsigned short PATTERNS[] = {
    0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049,
    0x148, 0x019, 0x118, 0x058, 0x00D, 0x10C, 0x04C, 0x01C, 0x103, 0x043, 0x142, 0x013,
    0x112, 0x052, 0x007, 0x106, 0x046, 0x016, 0x181, 0x0C1, 0x1C0, 0x091, 0x190, 0x0D0,
};

static unsigned mean_width(const unsigned *widths, size_t count)
{
    unsigned long total = 0;
    for (size_t i = 0; i < count; i++)
        total += widths[i];
    return count ? (unsigned)(total / count) : 0;
}

/* An element is wide when it is wider than the mean of its character: hand scanners never move evenly. */
static unsigned short pattern_of(const unsigned *widths)
{
    unsigned limit = mean_width(widths, ELEMENTS_PER_CHARACTER);
    unsigned short pattern = 0;
    for (size_t i = 0; i < ELEMENTS_PER_CHARACTER; i++)
        pattern = (unsigned short)(pattern << 1 | (widths[i] > limit));
    return pattern;
}

static int letter_of(unsigned short pattern)
{
    for (size_t i = 0; i < sizeof PATTERNS / sizeof *PATTERNS; i++)
        if (PATTERNS[i] == pattern)
            return ALPHABET[i];
    return -1;
}

int code_is_valid(const char *code)
{
    unsigned total = 0;
    size_t length = strlen(code);
    if (length != CODE_LENGTH)
        return 0;
    for (size_t i = 0; i < length; i++) {
        const char *at = strchr(ALPHABET, code[i]);
        unsigned weight = i % 2 == 0 && i + 1 < length ? 3 : 1;
        if (at == NULL)
            return 0;
        total += weight * (unsigned)(at - ALPHABET);
    }
    return total % 10 == 0;
}

enum read_result read_barcode(const struct scan_line *line, char *code)
{
    size_t step = ELEMENTS_PER_CHARACTER + 1; /* a narrow gap follows each character */
    if (line->count + 1 < step * CODE_LENGTH)
        return READ_TOO_SHORT;
    for (size_t i = 0; i < CODE_LENGTH; i++) {
        int letter = letter_of(pattern_of(line->widths + i * step));
        if (letter < 0)
            return READ_BAD_PATTERN;
        code[i] = (char)letter;
    }
    code[CODE_LENGTH] = '\0';
    return code_is_valid(code) ? READ_OK : READ_BAD_CHECK_DIGIT;
}
