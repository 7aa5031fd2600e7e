#!/bin/sh
# Fails when a file of src/ includes a header that its layer must not know.
# The table is the architecture: a layer, then what it may include besides itself.
cd "${srcdir:-.}/src" || exit 1
status=0
while read -r layer may; do
	[ -d "$layer" ] || continue
	allowed=$(echo "$layer $may" | sed 's/ /|/g')
	grep -rnE '^#include "[a-z]+/' "$layer" |
		grep -vE "#include \"($allowed)/" && status=1
done <<'TABLE'
base
read base
parse base
why base parse
count base parse why
out base parse why count
keep base parse why count
rsyslog base read out keep
web base parse why count out keep
TABLE
[ $status -eq 0 ] || printf 'not '
echo "ok 1 - includes go downwards only"
echo 1..1
exit $status
