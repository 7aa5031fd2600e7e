/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in a JSON text a value stands, so that a fault can name the line:
 * libfastjson does not keep it. Looked up only when there is a fault to tell;
 * the text must be valid JSON.
 */
#ifndef MAILWHY_WHY_JSON_PLACE_H
#define MAILWHY_WHY_JSON_PLACE_H

#include "base/slice.h"

/* One step down: a member's name, or (name NULL) an element of an array. */
struct json_step {
	const char *name;
	size_t index;
};

/*
 * The line, from 1, of what `steps` lead to; for a member the line of its name.
 * Where a step leads nowhere: the line of the step before it.
 */
size_t json_place_line(struct slice text, const struct json_step *steps,
		       size_t count);

/*
 * Makes a list of the object that is the member `name` of the whole, in place:
 * {"entries": {"a": 1}} becomes {"entries": ["a", 1]}. Nothing is changed if
 * there is none. For objects of many members, which take libfastjson a time
 * that grows with the square of their number.
 */
void json_place_flatten(char *text, size_t len, const char *name);

#endif
