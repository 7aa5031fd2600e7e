/* SPDX-License-Identifier: Apache-2.0 */
#include "why/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <libfastjson/json.h>

#include "base/buf.h"
#include "base/fd.h"

/* No honest file of the catalogue is larger; a device or a log given by
 * mistake is. */
enum { FILE_LIMIT = 64 * 1024 * 1024 };

static int read_bytes(const char *path, int fd, struct buf *bytes,
		      struct fault *fault)
{
	for (;;) {
		ssize_t got;

		if (bytes->len > FILE_LIMIT)
			return fault_set(fault, "%s: larger than 64 MiB", path);
		buf_reserve(bytes, 64 * 1024);
		got = fd_read(fd, bytes->at + bytes->len,
			      bytes->size - bytes->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault_set(fault, "%s: %s", path,
					 strerror(errno));
		if (got == 0)
			return 0;
		bytes->len += (size_t)got;
	}
}

static size_t line_of(struct slice text, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset && i < text.len; i++)
		line += text.at[i] == '\n';
	return line;
}

static int parse_json(const char *path, struct slice text,
		      struct fjson_object **root, struct fault *fault)
{
	struct fjson_tokener *tokener = fjson_tokener_new();
	size_t stopped;
	int result = -1;

	*root = fjson_tokener_parse_ex(tokener, text.at, (int)text.len);
	stopped = (size_t)tokener->char_offset;
	if (!*root)
		fault_set(fault, "%s:%zu: not valid JSON: %s", path,
			  line_of(text, stopped),
			  tokener->err == fjson_tokener_continue
				  ? "it ends too early"
				  : fjson_tokener_error_desc(tokener->err));
	/* Only white space may follow the object. */
	else if (!slice_is_blank(slice_after(text, stopped)))
		fault_set(fault, "%s:%zu: not valid JSON: text after its end",
			  path, line_of(text, stopped));
	else if (!fjson_object_is_type(*root, fjson_type_object))
		fault_set(fault, "%s:1: not a JSON object", path);
	else
		result = 0;
	fjson_tokener_free(tokener);
	if (result < 0) {
		fjson_object_put(*root);
		*root = NULL;
	}
	return result;
}

int json_file_bytes(const char *path, bool optional, struct buf *bytes,
		    struct fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result;

	buf_reset(bytes);
	if (fd < 0 && optional && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return fault_set(fault, "%s: %s; --rules says where it is",
				 path, strerror(errno));
	result = read_bytes(path, fd, bytes, fault);
	close(fd);
	/* A file that is empty is there all the same. */
	buf_reserve(bytes, 1);
	return result;
}

int json_file_load(const char *path, const char *flat, bool optional,
		   struct fjson_object **root, struct fault *fault)
{
	struct buf bytes = { 0 };
	int result = json_file_bytes(path, optional, &bytes, fault);

	*root = NULL;
	if (result == 0 && bytes.at) {
		json_place_flatten(bytes.at, bytes.len, flat);
		result = parse_json(path, buf_slice(&bytes), root, fault);
	}
	buf_clear(&bytes);
	return result;
}

size_t json_file_line(const char *path, const struct json_step *steps,
		      size_t count)
{
	struct buf bytes = { 0 };
	struct fault ignored;
	size_t line = 0;

	if (json_file_bytes(path, false, &bytes, &ignored) == 0)
		line = json_place_line(buf_slice(&bytes), steps, count);
	buf_clear(&bytes);
	return line;
}
