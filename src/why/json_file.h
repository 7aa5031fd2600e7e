/* SPDX-License-Identifier: Apache-2.0 */
/* A file that holds one JSON object, read by libfastjson. */
#ifndef MAILWHY_WHY_JSON_FILE_H
#define MAILWHY_WHY_JSON_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fault.h"
#include "why/json_place.h"

struct fjson_object;

/*
 * Reads the object in the file; the caller frees *root by fjson_object_put().
 * Its member `flat`, if that is an object, is made a list of names and values
 * (json_place_flatten). 0 and a NULL root if there is no such file and it is
 * optional. -1 and a fault with file and line if it cannot be read or is no
 * JSON object.
 */
int json_file_load(const char *path, const char *flat, bool optional,
		   struct fjson_object **root, struct fault *fault);

/* The bytes of a file of the catalogue; bytes->at stays NULL if there is none
 * and it is optional. -1 and a fault. */
int json_file_bytes(const char *path, bool optional, struct buf *bytes,
		    struct fault *fault);

/* The line of what `steps` lead to in the file (json_place_line); 0 if it
 * cannot be read any more. */
size_t json_file_line(const char *path, const struct json_step *steps,
		      size_t count);

#endif
