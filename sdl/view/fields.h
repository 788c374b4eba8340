/*
 * fields.h - messages by the names of their fields.
 *
 * For those who look at signals without knowing their types: expectations,
 * traces, reports. A field is named by a path: "device", "device.name" for a
 * field of a field, "line.2.dn" for the second of a list (counted from 1).
 *
 * How values look: numbers and texts as they are; enumerations, CTIERR results
 * and causes by their name (the number where they have none); handles
 * "node|id"; process ids "node,app,type,inst"; addresses "127.1.0.9"; flags
 * "true" and "false"; lists with commas; passwords never.
 *
 * Messages and descriptors are borrowed, nothing is kept.
 */
#ifndef SDL_VIEW_FIELDS_H
#define SDL_VIEW_FIELDS_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Long enough for any value that an expectation names. */
#define SDL_FIELD_TEXT_MAX 256

/* The message of a signal from its packed bytes (a record's payload); NULL when
 * they do not unpack. The caller ends it with sdl_fields_free. */
ProtobufCMessage *sdl_fields_unpack(uint16_t signal, const uint8_t *bytes, size_t len);
void sdl_fields_free(ProtobufCMessage **message);

/* The value as text, cut to the buffer. Returns its whole length, or -1 (and an
 * empty text) when there is no such field or it is absent. */
int sdl_field_text(const ProtobufCMessage *message, const char *field, char *buf, size_t size);
/* The value of a number, flag or enumeration. 0, or -1 when it is absent or has
 * no number. */
int sdl_field_int(const ProtobufCMessage *message, const char *field, int64_t *value);
/* Is the field there, and set? */
bool sdl_field_present(const ProtobufCMessage *message, const char *field);
/* Does the value equal what a person wrote: its text, or its number (0x.. too),
 * or for a list one of its elements? "" equals an absent field. */
bool sdl_field_is(const ProtobufCMessage *message, const char *field, const char *wanted);

/* Visits every field that is set, in order. The text is valid during the call.
 */
void sdl_fields_each(const ProtobufCMessage *message,
		     void (*visit)(void *arg, const char *field, const char *text), void *arg);
/* "field=value field=value", long values and lists shortened. Returns the whole
 * length. */
size_t sdl_fields_print(const ProtobufCMessage *message, char *buf, size_t size);

/* Checks before a run. Has the message of that signal such a field? */
bool sdl_field_known(uint16_t signal, const char *field);
/* Could the field ever have that value? false: a text where a number belongs,
 * or a name that the enumeration does not have; then `why` is a sentence (with
 * the names that are allowed). */
bool sdl_field_accepts(uint16_t signal, const char *field, const char *value, char *why,
		       size_t why_size);
/* The i-th field of a signal's message, NULL past the end: for help texts. */
const char *sdl_field_at(uint16_t signal, unsigned i);

#endif
