#!/bin/sh
# Fails when a source uses a function that the project does without: those that
# overrun, depend on the locale, or belong to one place only.
cd "${srcdir:-.}/src" || exit 1
status=0
refuse() { # what, where it may stand (a pattern of paths), the functions
	found=$(grep -rnE "(^|[^a-z_])($3)[[:space:]]*\(" . --include='*.[ch]' |
		grep -vE "^\./($2)")
	[ -z "$found" ] && return
	printf '# %s:\n%s\n' "$1" "$(echo "$found" | sed 's/^/# /')"
	status=1
}
refuse 'unsafe or locale-dependent' 'none$' \
	'strtok|strcpy|strcat|sprintf|vsprintf|sscanf|atoi|atol|strtol|strtoul|gets'
refuse 'not thread-safe' 'none$' 'gmtime|localtime|ctime|asctime'
refuse 'needs a shell or loses signals' 'none$' 'signal|system|popen'
refuse 'memory belongs to base/memory.c' 'base/memory\.c' \
	'malloc|calloc|realloc|strdup|strndup|alloca'
refuse 'only base/diag.c and cmd/ speak to people' '(base/diag\.c|cmd/)' \
	'printf|fprintf|puts|perror'
[ $status -eq 0 ] || printf 'not '
echo 'ok 1 - no banned functions'
echo 1..1
exit $status
