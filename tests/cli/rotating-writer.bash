# SPDX-License-Identifier: Apache-2.0
# Writes numbered lines to the file log and rotates it 200 times; the last line
# of standard output is how many lines it wrote. A program of its own: bats
# traces each command of a test, which is too slow for a load.
#   rotating-writer.bash rename LINE        never waits for the reader
#   rotating-writer.bash copytruncate LINE  see below
# LINE is a line of a log with %d for the number; the reader writes to out.
# shellcheck shell=bash disable=SC2059 # the line is the format
line=$2
count=0

write() {
	local i
	for ((i = 0; i < $1; i++)); do
		printf "$line\n" $((++count)) >&7
	done
}

# Until the reader has written of the last line; 20 seconds at most.
wait_for_reader() {
	local i
	for ((i = 0; i < 4000; i++)); do
		tail -c 4096 out | grep -q "\"$count@a.example\"" && return
		sleep 0.005
	done
	echo "the reader did not come to line $count" >&2
	exit 1
}

# The reader gets no time to look between two renames. A writer goes on for a
# while before it notices that its file has been moved.
rename() {
	write 20
	mv log log.moved
	mv log.moved "log.$1"
	write 5
	exec 7>>log
}

# What is written between a reader's last look at the file and the moment when
# it is cut stands nowhere any more; no reader can have it. So the writer waits.
copytruncate() {
	write $(($1 % 3 ? 25 : 10))
	wait_for_reader
	cp log log.1
	: >log
	write $(($1 % 7))
}

exec 7>>log
write 1
wait_for_reader # it has started
for ((round = 1; round <= 200; round++)); do
	"$1" "$round"
done
write 20
wait_for_reader
echo "$count"
