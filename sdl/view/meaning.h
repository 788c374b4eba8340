/*
 * meaning.h - what a number in a message stands for. Private to sdl/view.
 *
 * It is told by its type where it has one, else by the field's name: the messages keep the field's
 * own names, so a name means the same everywhere but for the exceptions in the table.
 */
#ifndef SDL_VIEW_MEANING_H
#define SDL_VIEW_MEANING_H

#include <stdbool.h>
#include <stdint.h>
#include <protobuf-c/protobuf-c.h>

enum meaning {
	PLAIN,
	HANDLE,
	ADDRESS,
	RESULT,
	CAUSE_OF_CALL,
	CAUSE_OF_REFUSAL,
	SIGNAL_NUMBER,
	SECRET
};

enum meaning sdl_meaning(const ProtobufCMessageDescriptor *type,
			 const ProtobufCFieldDescriptor *field);
/* The name of a value; NULL when it has none. */
const char *sdl_meaning_name(const ProtobufCMessageDescriptor *type,
			     const ProtobufCFieldDescriptor *field, int64_t value);
/* Is this a text that such a field could show, names and numbers with parts? */
bool sdl_meaning_accepts(const ProtobufCMessageDescriptor *type,
			 const ProtobufCFieldDescriptor *field, const char *text);

#endif
