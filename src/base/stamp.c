/* SPDX-License-Identifier: Apache-2.0 */
#include "base/stamp.h"

#include <time.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S     INT64_C(86400)
#define SLACK_US  (300 * SECOND_US)

/* 9999-12-31T23:59:59 and 0000-01-01T00:00:00, the ends of RFC 3339. */
#define LAST_S  INT64_C(253402300799)
#define FIRST_S INT64_C(-62167219200)

enum { QUARTER_S = 900 };

/* How much later than a line's stamp its witness's may be, and how much
 * earlier, as clocks are rounded; and how far zones lie apart. */
enum { WITNESS_LATE_S = 120, WITNESS_EARLY_S = 2, ZONE_QUARTERS = 4 * 14 };

/* A date and time without a zone. */
struct civil {
	int year;
	int month; /* 1 to 12 */
	int day;
	int hour;
	int minute;
	int second;
	int32_t us;
	uint8_t digits;
};

/*
 * The offsets around a local time. Equal: there is nothing to choose. First
 * the greater one: the time occurs twice. First the lesser one: it does not
 * exist.
 */
struct offsets {
	int32_t before_s;
	int32_t after_s;
};

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/*
 * Days since 1970-01-01; years begin in March, so that the leap day comes
 * last.
 */
static int64_t civil_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day -
			  1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static int64_t civil_seconds(const struct civil *civil)
{
	return civil_days(civil->year, civil->month, civil->day) * DAY_S +
	       civil->hour * 3600 + civil->minute * 60 + civil->second;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exactly `digits` digits. */
static bool take_digits(struct slice *rest, size_t digits, int *number)
{
	int value = 0;

	if (rest->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (!is_digit(rest->at[i]))
			return false;
		value = value * 10 + (rest->at[i] - '0');
	}
	*number = value;
	*rest = slice_after(*rest, digits);
	return true;
}

static bool take_char(struct slice *rest, char c)
{
	if (rest->len == 0 || rest->at[0] != c)
		return false;
	*rest = slice_after(*rest, 1);
	return true;
}

/* ".123456": up to 6 digits count, further ones are skipped. */
static void take_fraction(struct slice *rest, struct civil *civil)
{
	struct slice copy = *rest;
	int32_t scale = 100000;

	if (!take_char(&copy, '.') || !copy.len || !is_digit(copy.at[0]))
		return;
	while (copy.len && is_digit(copy.at[0])) {
		if (civil->digits < 6) {
			civil->us += (copy.at[0] - '0') * scale;
			scale /= 10;
			civil->digits++;
		}
		copy = slice_after(copy, 1);
	}
	*rest = copy;
}

/* "10:11:12", with a fraction; 60 is a leap second. */
static bool take_time(struct slice *rest, struct civil *civil)
{
	if (!take_digits(rest, 2, &civil->hour) || !take_char(rest, ':') ||
	    !take_digits(rest, 2, &civil->minute) || !take_char(rest, ':') ||
	    !take_digits(rest, 2, &civil->second))
		return false;
	take_fraction(rest, civil);
	return civil->hour < 24 && civil->minute < 60 && civil->second <= 60;
}

/* "2026-11-23", a day of that month. */
static bool take_date(struct slice *rest, struct civil *civil)
{
	return take_digits(rest, 4, &civil->year) && take_char(rest, '-') &&
	       take_digits(rest, 2, &civil->month) && take_char(rest, '-') &&
	       take_digits(rest, 2, &civil->day) && civil->month >= 1 &&
	       civil->month <= 12 && civil->day >= 1 &&
	       civil->day <= month_days(civil->year, civil->month);
}

static struct stamp stamp_of(const struct civil *civil, int64_t local_s,
			     int32_t offset_s)
{
	return (struct stamp){
		.us = (local_s - offset_s) * SECOND_US + civil->us,
		.offset_s = offset_s,
		.digits = civil->digits,
		.known = true,
	};
}

static bool take_offset(struct slice *rest, int32_t *offset_s)
{
	int sign = rest->len && rest->at[0] == '-' ? -1 : 1;
	int hours = 0;
	int minutes = 0;

	*offset_s = 0;
	if (take_char(rest, 'Z'))
		return true;
	if (!take_char(rest, '+') && !take_char(rest, '-'))
		return false;
	if (!take_digits(rest, 2, &hours))
		return false;
	(void)take_char(rest, ':');
	if (!take_digits(rest, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* A leap second would lead out of the years that can be written. */
static bool is_past_all(const struct civil *civil)
{
	return civil->year == 9999 && civil->second == 60;
}

size_t stamp_parse_rfc3339(struct slice text, struct stamp *stamp)
{
	struct slice rest = text;
	struct civil civil = { 0 };
	int32_t offset_s;

	*stamp = (struct stamp){ 0 };
	if (!take_date(&rest, &civil))
		return 0;
	if (!take_char(&rest, 'T') && !take_char(&rest, ' '))
		return 0;
	if (!take_time(&rest, &civil) || !take_offset(&rest, &offset_s) ||
	    is_past_all(&civil))
		return 0;
	*stamp = stamp_of(&civil, civil_seconds(&civil), offset_s);
	return text.len - rest.len;
}

static int64_t floor_div(int64_t number, int64_t by)
{
	return number / by - (number % by < 0);
}

/* Offset of the local zone at that instant. */
static int32_t offset_at(int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (!localtime_r(&time, &parts))
		return 0;
	return (int32_t)parts.tm_gmtoff;
}

static struct offsets offsets_around(int64_t local_s)
{
	struct offsets found = { offset_at(local_s - DAY_S),
				 offset_at(local_s + DAY_S) };
	bool is_before;
	bool is_after;

	if (found.before_s == found.after_s)
		return found;
	is_before = offset_at(local_s - found.before_s) == found.before_s;
	is_after = offset_at(local_s - found.after_s) == found.after_s;
	if (is_before && !is_after)
		found.after_s = found.before_s;
	if (is_after && !is_before)
		found.before_s = found.after_s;
	return found;
}

/*
 * Zones change their offset by quarters of an hour, at quarters of an hour. So
 * one look-up does for a quarter; where it does not (local mean time of the
 * 19th century), nothing is kept.
 */
static struct offsets cached_offsets(struct calendar *calendar, int64_t local_s)
{
	int64_t quarter = floor_div(local_s, QUARTER_S);
	struct offsets start;
	struct offsets end;

	if (calendar->cached && calendar->cached_quarter == quarter)
		return (struct offsets){ calendar->cached_before_s,
					 calendar->cached_after_s };
	start = offsets_around(quarter * QUARTER_S);
	end = offsets_around(quarter * QUARTER_S + QUARTER_S - 1);
	calendar->cached = start.before_s == end.before_s &&
			   start.after_s == end.after_s;
	calendar->cached_quarter = quarter;
	calendar->cached_before_s = start.before_s;
	calendar->cached_after_s = start.after_s;
	return calendar->cached ? start : offsets_around(local_s);
}

/* The stamp of a date and time of the local zone. */
static struct stamp local_stamp(struct calendar *calendar,
				const struct civil *civil, int64_t local_s)
{
	struct offsets offsets = cached_offsets(calendar, local_s);
	struct stamp stamp = stamp_of(civil, local_s, offsets.before_s);

	if (offsets.before_s < offsets.after_s)
		stamp.offset_s = offsets.after_s;
	else if (offsets.before_s > offsets.after_s && calendar->last.known &&
		 stamp.us < calendar->last.us - SLACK_US)
		stamp = stamp_of(civil, local_s, offsets.after_s);
	return stamp;
}

/* In local time. References beyond what has four digits are cut. */
static int64_t limit_of(int64_t reference_us)
{
	int64_t seconds = floor_div(reference_us, SECOND_US);

	if (seconds < 0)
		seconds = 0;
	if (seconds > LAST_S - 2 * DAY_S)
		seconds = LAST_S - 2 * DAY_S;
	return seconds + DAY_S + offset_at(seconds + DAY_S);
}

void calendar_init(struct calendar *calendar, int64_t reference_us, int year)
{
	*calendar = (struct calendar){
		.first_year = year,
		.limit_local_s = year ? INT64_MAX : limit_of(reference_us),
	};
}

void calendar_reach(struct calendar *calendar, int64_t reference_us)
{
	int64_t limit = limit_of(reference_us);

	if (limit > calendar->limit_local_s)
		calendar->limit_local_s = limit;
}

/* The year at that time of the local zone. */
static int year_of(int64_t local_s)
{
	time_t time = (time_t)local_s;
	struct tm parts;

	return gmtime_r(&time, &parts) ? parts.tm_year + 1900 : 1970;
}

static bool has_day(int year, const struct civil *civil)
{
	return year >= 1 && year <= 9999 - (civil->second == 60) &&
	       civil->day <= month_days(year, civil->month);
}

/*
 * The year, of those around `middle`, that puts the date nearest to `near_s`;
 * the earlier of two, 0 if there is none. 29 February may be 8 years away
 * (1896 to 1904).
 */
static int nearest_year(const struct calendar *calendar, struct civil civil,
			int middle, int64_t near_s)
{
	int64_t least = INT64_MAX;
	int best = 0;

	for (int year = middle - 8; year <= middle + 8; year++) {
		int64_t local_s;
		int64_t apart;

		if (!has_day(year, &civil))
			continue;
		civil.year = year;
		local_s = civil_seconds(&civil);
		apart = local_s > near_s ? local_s - near_s : near_s - local_s;
		if (local_s <= calendar->limit_local_s && apart < least) {
			least = apart;
			best = year;
		}
	}
	return best;
}

/* The year of a first stamp; 0 if there is none. */
static int first_year(const struct calendar *calendar,
		      const struct civil *civil)
{
	struct civil said = *civil;
	int64_t limit = calendar->limit_local_s;

	if (!calendar->first_year)
		return nearest_year(calendar, *civil, year_of(limit), limit);
	if (has_day(calendar->first_year, civil))
		return calendar->first_year;
	/* Seen from the 28th, the earlier of two leap years is nearer. */
	said.year = calendar->first_year;
	said.day = 28;
	return nearest_year(calendar, *civil, said.year, civil_seconds(&said));
}

/*
 * Whether the date, in the year of the latest stamp, is so near to that one
 * that no other year can be nearer: so it is for nearly every line.
 */
static bool is_of_latest_year(const struct calendar *calendar,
			      struct civil *civil)
{
	int64_t ahead_s;

	if (!calendar->latest_year || !has_day(calendar->latest_year, civil))
		return false;
	civil->year = calendar->latest_year;
	ahead_s = civil_seconds(civil) - calendar->latest_local_s;
	return ahead_s >= -180 * DAY_S && ahead_s <= 180 * DAY_S &&
	       calendar->latest_local_s + ahead_s <= calendar->limit_local_s;
}

static bool find_year(const struct calendar *calendar, struct civil *civil)
{
	if (is_of_latest_year(calendar, civil))
		return true;
	if (calendar->latest_year)
		civil->year = nearest_year(calendar, *civil,
					   calendar->latest_year,
					   calendar->latest_local_s);
	else
		civil->year = first_year(calendar, civil);
	return civil->year != 0;
}

static bool take_month(struct slice *rest, int *month)
{
	static const char names[][4] = { "Jan", "Feb", "Mar", "Apr",
					 "May", "Jun", "Jul", "Aug",
					 "Sep", "Oct", "Nov", "Dec" };

	if (rest->len < 4 || rest->at[3] != ' ')
		return false;
	for (int i = 0; i < 12; i++) {
		if (!memcmp(names[i], rest->at, 3)) {
			*month = i + 1;
			*rest = slice_after(*rest, 4);
			return true;
		}
	}
	return false;
}

/* "23", " 3", "03", "3". */
static bool take_day(struct slice *rest, int *day)
{
	(void)take_char(rest, ' ');
	if (!take_digits(rest, 2, day) && !take_digits(rest, 1, day))
		return false;
	return *day >= 1 && take_char(rest, ' ');
}

/*
 * The stamp that a date and time without year and zone has by the calendar's
 * witness. False if it has none, or the two do not fit.
 */
static bool stamp_by_witness(const struct calendar *calendar,
			     struct civil civil, struct stamp *stamp)
{
	int64_t witness_s = floor_div(calendar->witness.us, SECOND_US);
	int year;

	if (!calendar->witness.known)
		return false;
	year = year_of(witness_s);
	for (civil.year = year - 1; civil.year <= year + 1; civil.year++) {
		int64_t local_s = civil_seconds(&civil);
		int64_t later_s = local_s - witness_s + WITNESS_LATE_S;
		int64_t quarters = floor_div(later_s, QUARTER_S);

		if (!has_day(civil.year, &civil) ||
		    later_s - quarters * QUARTER_S >
			    WITNESS_LATE_S + WITNESS_EARLY_S ||
		    quarters > ZONE_QUARTERS || quarters < -ZONE_QUARTERS)
			continue;
		*stamp = stamp_of(&civil, local_s,
				  (int32_t)quarters * QUARTER_S);
		return true;
	}
	return false;
}

size_t stamp_parse_rfc3164(struct slice text, struct calendar *calendar,
			   struct stamp *stamp)
{
	struct slice rest = text;
	struct civil civil = { 0 };
	int64_t local_s;

	*stamp = (struct stamp){ 0 };
	if (!take_month(&rest, &civil.month) || !take_day(&rest, &civil.day) ||
	    !take_time(&rest, &civil))
		return 0;
	if (stamp_by_witness(calendar, civil, stamp))
		return text.len - rest.len;
	if (!find_year(calendar, &civil))
		return 0;
	local_s = civil_seconds(&civil);
	*stamp = local_stamp(calendar, &civil, local_s);
	calendar->last = *stamp;
	if (!calendar->latest_year || local_s > calendar->latest_local_s) {
		calendar->latest_local_s = local_s;
		calendar->latest_year = civil.year;
	}
	return text.len - rest.len;
}

/* " +0100"; false, and nothing touched, if there is none. */
static bool take_zone(struct slice *rest, int32_t *offset_s)
{
	struct slice copy = *rest;

	if (!take_char(&copy, ' ') || !copy.len ||
	    (copy.at[0] != '+' && copy.at[0] != '-') ||
	    !take_offset(&copy, offset_s))
		return false;
	*rest = copy;
	return true;
}

size_t stamp_parse_plain(struct slice text, struct calendar *calendar,
			 struct stamp *stamp)
{
	struct slice rest = text;
	struct civil civil = { 0 };
	int32_t offset_s;

	*stamp = (struct stamp){ 0 };
	if (!take_date(&rest, &civil) || !take_char(&rest, ' ') ||
	    !take_time(&rest, &civil) || !has_day(civil.year, &civil))
		return 0;
	if (take_zone(&rest, &offset_s))
		*stamp = stamp_of(&civil, civil_seconds(&civil), offset_s);
	else
		*stamp = local_stamp(calendar, &civil, civil_seconds(&civil));
	calendar->last = *stamp;
	return text.len - rest.len;
}

/* "Mon ", in English whatever the language is. */
static bool take_weekday(struct slice *rest)
{
	static const char names[] = "Mon Tue Wed Thu Fri Sat Sun ";

	for (size_t i = 0; i + 1 < sizeof(names); i += 4)
		if (slice_skip(rest, (struct slice){ names + i, 4 }))
			return true;
	return false;
}

/* "+03", "-0330": what zones have that have no letters. */
static bool take_numeric_zone(struct slice *rest, int32_t *offset_s)
{
	int sign = rest->len && rest->at[0] == '-' ? -1 : 1;
	int hours = 0;
	int minutes = 0;

	if ((!take_char(rest, '+') && !take_char(rest, '-')) ||
	    !take_digits(rest, 2, &hours))
		return false;
	(void)take_digits(rest, 2, &minutes);
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return hours <= 23 && minutes <= 59;
}

/* "CET". */
static bool take_letters(struct slice *rest)
{
	size_t len = 0;

	while (len < rest->len && rest->at[len] >= 'A' && rest->at[len] <= 'Z')
		len++;
	*rest = slice_after(*rest, len);
	return len >= 2 && len <= 6;
}

size_t stamp_parse_full(struct slice text, struct calendar *calendar,
			struct stamp *stamp)
{
	struct slice rest = text;
	struct civil civil = { 0 };
	int32_t offset_s = 0;

	*stamp = (struct stamp){ 0 };
	if (!take_weekday(&rest) || !take_date(&rest, &civil) ||
	    !take_char(&rest, ' ') || !take_time(&rest, &civil) ||
	    !take_char(&rest, ' ') || is_past_all(&civil))
		return 0;
	if (slice_skip(&rest, SLICE("UTC")) ||
	    slice_skip(&rest, SLICE("GMT")) ||
	    take_numeric_zone(&rest, &offset_s))
		*stamp = stamp_of(&civil, civil_seconds(&civil), offset_s);
	else if (take_letters(&rest))
		*stamp = calendar->last = local_stamp(calendar, &civil,
						      civil_seconds(&civil));
	else
		return 0;
	return text.len - rest.len;
}

/* A number as it stands: digits * 10^-decimals, `whole` of the digits before
 * the point. */
struct decimal {
	uint64_t digits;
	int whole;
	int decimals;
};

/* Digits are taken up to 19, further decimals skipped. */
static bool take_decimal(struct slice *rest, struct decimal *decimal)
{
	bool point = false;
	size_t at = 0;

	for (; at < rest->len; at++) {
		char c = rest->at[at];

		if (c == '.' && !point && decimal->whole) {
			point = true;
			continue;
		}
		if (!is_digit(c))
			break;
		if (decimal->whole + decimal->decimals == 19) {
			if (!point)
				return false;
			continue;
		}
		decimal->digits = decimal->digits * 10 + (uint64_t)(c - '0');
		decimal->whole += !point;
		decimal->decimals += point;
	}
	*rest = slice_after(*rest, at);
	return decimal->whole > 0;
}

/* "e+09": moves the point. */
static bool take_exponent(struct slice *rest, struct decimal *decimal)
{
	int exponent = 0;
	int sign = 1;

	if (!take_char(rest, 'e') && !take_char(rest, 'E'))
		return true;
	if (take_char(rest, '-'))
		sign = -1;
	else
		(void)take_char(rest, '+');
	if (!take_digits(rest, 2, &exponent) &&
	    !take_digits(rest, 1, &exponent))
		return false;
	decimal->whole += sign * exponent;
	decimal->decimals -= sign * exponent;
	return true;
}

size_t stamp_parse_unix(struct slice text, struct stamp *stamp)
{
	struct slice rest = text;
	struct decimal number = { 0 };

	*stamp = (struct stamp){ 0 };
	if (!text.len || text.at[0] == '0' || !take_decimal(&rest, &number) ||
	    !take_exponent(&rest, &number) || number.whole < 9 ||
	    number.whole > 19)
		return 0;
	/* Seconds have 9 to 11 digits, milliseconds 12 to 14 ... */
	number.decimals += (number.whole - 9) / 3 * 3;
	stamp->digits = number.decimals < 0   ? 0
			: number.decimals > 6 ? 6
					      : (uint8_t)number.decimals;
	for (; number.decimals > 6; number.decimals--)
		number.digits /= 10;
	for (; number.decimals < 6; number.decimals++)
		number.digits *= 10;
	stamp->us = (int64_t)number.digits;
	stamp->offset_s = offset_at(stamp->us / SECOND_US);
	stamp->known = true;
	return text.len - rest.len;
}

static void write_offset(struct buf *buf, int32_t minutes)
{
	uint64_t size = (uint64_t)(minutes < 0 ? -minutes : minutes);

	buf_add_char(buf, minutes < 0 ? '-' : '+');
	buf_add_padded(buf, size / 60, 2);
	buf_add_char(buf, ':');
	buf_add_padded(buf, size % 60, 2);
}

static void write_date_and_time(struct buf *buf, int64_t local_s)
{
	time_t time = (time_t)local_s;
	struct tm parts = { .tm_year = 70, .tm_mday = 1 };

	(void)gmtime_r(&time, &parts);
	buf_add_padded(buf, (uint64_t)(parts.tm_year + 1900), 4);
	buf_add_char(buf, '-');
	buf_add_padded(buf, (uint64_t)(parts.tm_mon + 1), 2);
	buf_add_char(buf, '-');
	buf_add_padded(buf, (uint64_t)parts.tm_mday, 2);
	buf_add_char(buf, 'T');
	buf_add_padded(buf, (uint64_t)parts.tm_hour, 2);
	buf_add_char(buf, ':');
	buf_add_padded(buf, (uint64_t)parts.tm_min, 2);
	buf_add_char(buf, ':');
	buf_add_padded(buf, (uint64_t)parts.tm_sec, 2);
}

void stamp_write(struct buf *buf, struct stamp stamp)
{
	int64_t seconds = floor_div(stamp.us, SECOND_US);
	int64_t fraction = stamp.us % SECOND_US;
	int32_t minutes = (int32_t)floor_div(stamp.offset_s + INT64_C(30), 60);

	if (fraction < 0)
		fraction += SECOND_US;
	seconds += minutes * INT64_C(60);
	if (seconds < FIRST_S)
		seconds = FIRST_S;
	if (seconds > LAST_S)
		seconds = LAST_S;
	write_date_and_time(buf, seconds);
	if (stamp.digits) {
		for (unsigned i = stamp.digits; i < 6; i++)
			fraction /= 10;
		buf_add_char(buf, '.');
		buf_add_padded(buf, (uint64_t)fraction, stamp.digits);
	}
	write_offset(buf, minutes);
}

struct stamp stamp_local(int64_t us)
{
	return (struct stamp){ .us = us,
			       .offset_s = offset_at(floor_div(us, SECOND_US)),
			       .known = true };
}

/* Exactly `digits` hexadecimal digits. */
static bool take_hex(struct slice *rest, size_t digits, uint64_t *number)
{
	*number = 0;
	if (rest->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		char c = rest->at[i];

		if (is_digit(c))
			*number = *number << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*number = *number << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	*rest = slice_after(*rest, digits);
	return true;
}

/* Of labels before 1970, none is in a log. */
static bool take_tai64n(struct slice *rest, int64_t *us)
{
	/* 1970-01-01T00:00:00Z as daemontools label it: leap seconds that came
	 * later are not counted. */
	const uint64_t epoch = UINT64_C(0x400000000000000a);
	uint64_t label;
	uint64_t nanoseconds;

	if (!take_char(rest, '@') || !take_hex(rest, 16, &label) ||
	    !take_hex(rest, 8, &nanoseconds) || label < epoch ||
	    label - epoch > (uint64_t)LAST_S || nanoseconds > 999999999)
		return false;
	*us = (int64_t)(label - epoch) * SECOND_US +
	      (int64_t)(nanoseconds / 1000);
	return true;
}

/* "1795477808.237823": so many digits that a figure does not pass for it. Those
 * of the fraction are 6, or 9 where TAI64N was made readable. */
static bool take_epoch(struct slice *rest, int64_t *us)
{
	struct slice head = slice_head(*rest, sizeof("12345678901.") - 1);
	struct slice seconds;
	uint64_t number;
	int fraction;

	if (!slice_cut(&head, '.', &seconds) || seconds.len < 9 ||
	    !slice_number(seconds, &number))
		return false;
	*rest = slice_after(*rest, seconds.len + 1);
	if (!take_digits(rest, 6, &fraction))
		return false;
	while (rest->len && is_digit(rest->at[0]))
		*rest = slice_after(*rest, 1);
	*us = (int64_t)number * SECOND_US + fraction;
	return true;
}

size_t stamp_parse_counted(struct slice text, struct stamp *stamp)
{
	struct slice rest = text;
	int64_t us;

	*stamp = (struct stamp){ 0 };
	if (!take_tai64n(&rest, &us)) {
		rest = text;
		if (!take_epoch(&rest, &us))
			return 0;
	}
	*stamp = stamp_local(us);
	stamp->digits = 6;
	return text.len - rest.len;
}

struct stamp stamp_at_local(int64_t local_us)
{
	struct offsets offsets = offsets_around(floor_div(local_us, SECOND_US));

	return stamp_local(local_us - offsets.before_s * SECOND_US);
}

int64_t stamp_now_us(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t stamp_monotonic_us(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}
