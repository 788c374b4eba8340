/*
 * input.h - the bytes that a fuzzer makes up, taken piece by piece. When they are used up, zeros
 * and empty pieces come. Every target is one file fuzz_NAME.c with LLVMFuzzerTestOneInput; `make
 * fuzz` builds them, scripts/fuzz runs them.
 */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stddef.h>
#include <stdint.h>

struct input {
	const uint8_t *at;
	size_t left;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline uint8_t input_byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static inline uint16_t input_number(struct input *in)
{
	uint8_t low = input_byte(in);

	return (uint16_t)(low | input_byte(in) << 8);
}

/* A piece with its length in front (16 bits), or what is left of it. Points into the input. */
static inline const uint8_t *input_piece(struct input *in, size_t *len)
{
	size_t wanted = input_number(in);
	const uint8_t *piece = in->at;

	*len = wanted < in->left ? wanted : in->left;
	in->at += *len;
	in->left -= *len;
	return piece;
}

#endif
