/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/period.h"

#define HOUR_US INT64_C(3600000000)
#define DAY_US  (24 * HOUR_US)

int64_t period_slack_us(int64_t us)
{
	bool changing = stamp_local(us - DAY_US).offset_s !=
			stamp_local(us + DAY_US).offset_s;

	return PERIOD_SLACK_US + (changing ? 2 * HOUR_US : 0);
}

bool period_has(const struct period *period, struct stamp stamp)
{
	return (!period->since.known || stamp.us >= period->since.us) &&
	       (!period->until.known || stamp.us < period->until.us);
}

void period_begin(struct period_filter *filter, const struct period *period,
		  const struct calendar *calendar)
{
	filter->period = *period;
	filter->calendar = *calendar;
	filter->inside = !period->since.known;
	if (!filter->envelope)
		filter->envelope = envelope_new();
}

void period_end(struct period_filter *filter)
{
	envelope_free(filter->envelope);
	buf_clear(&filter->kept);
}

/* Whether the next line belongs to the period; takes it off *rest, with its
 * newline. */
static bool take_line(struct period_filter *filter, struct slice *rest)
{
	struct slice line = *rest;
	struct stamp stamp;

	if (!slice_cut(rest, '\n', &line))
		*rest = (struct slice){ 0 };
	stamp = envelope_stamp(filter->envelope, line, &filter->calendar);
	if (stamp.known)
		filter->inside = period_has(&filter->period, stamp);
	return filter->inside;
}

/* Runs of lines are kept at once; a block that is one run is not copied. */
struct slice period_keep(struct period_filter *filter, struct slice block)
{
	struct slice rest = block;
	const char *end = block.at + block.len;

	buf_reset(&filter->kept);
	while (rest.len) {
		const char *from = rest.at;
		bool inside = take_line(filter, &rest);
		struct slice run;

		while (rest.len) {
			const char *line = rest.at;

			if (take_line(filter, &rest) == inside)
				continue;
			rest = (struct slice){ line, (size_t)(end - line) };
			break;
		}
		run = (struct slice){
			from, (size_t)((rest.len ? rest.at : end) - from)
		};
		if (inside && run.len == block.len)
			return block;
		if (inside)
			buf_add(&filter->kept, run);
	}
	return buf_slice(&filter->kept);
}
