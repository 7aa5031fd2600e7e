/* SPDX-License-Identifier: Apache-2.0 */
#include "out/gaps.h"

#include "base/jsonout.h"
#include "base/utf8.h"

/* More than that nobody reads; JSON has all. */
enum { REPLIES_SHOWN = 50 };

/* The surest first. */
static const enum basis bases[BASIS_COUNT] = {
	BASIS_PROVIDER, BASIS_TEXT,  BASIS_ENHANCED,
	BASIS_CODE,     BASIS_CLASS, BASIS_LOCAL,
};

struct writing {
	const struct layout *layout;
	struct buf *buf;
	uint64_t whole; /* failures and rejects */
	size_t shown;
};

static struct writing begin(const struct account *account, struct buf *buf)
{
	return (struct writing){ .buf = buf,
				 .whole = account->totals.failures +
					  account->totals.rejects };
}

/* In thousandths of the whole, rounded. */
static uint64_t share(const struct writing *writing, uint64_t part)
{
	return (uint64_t)((double)part * 1000.0 / (double)writing->whole + 0.5);
}

/* "          12     1.5 %  550   " */
static void write_cells(const struct writing *writing, uint64_t count,
			uint16_t smtp_code)
{
	uint64_t mille = share(writing, count);

	layout_number(writing->layout, 12, count);
	layout_number(writing->layout, 6, mille / 10);
	buf_add_char(writing->buf, '.');
	buf_add_number(writing->buf, mille % 10);
	buf_add(writing->buf, SLICE(" %  "));
	if (smtp_code)
		buf_add_padded(writing->buf, smtp_code, 3);
	else
		buf_add(writing->buf, SLICE("  -"));
	buf_add(writing->buf, SLICE("   "));
}

static void write_row(const struct coverage_reply *reply, void *context)
{
	struct writing *writing = context;

	if (writing->shown == REPLIES_SHOWN)
		return;
	writing->shown++;
	write_cells(writing, reply->count, reply->smtp_code);
	utf8_add_shown(writing->buf, reply->text);
	buf_add_char(writing->buf, '\n');
}

static void write_bases(const struct writing *writing,
			const struct account *account)
{
	struct buf *buf = writing->buf;

	layout_number(writing->layout, 0, account->totals.failures);
	buf_add(buf, SLICE(" failures, "));
	layout_number(writing->layout, 0, account->totals.rejects);
	buf_add(buf, SLICE(" rejects; explained by"));
	for (size_t i = 0; i < BASIS_COUNT; i++) {
		buf_add(buf, i ? SLICE(", ") : SLICE(" "));
		buf_add(buf, basis_word(bases[i]));
		buf_add_char(buf, ' ');
		layout_number(writing->layout, 0,
			      coverage_basis(account->coverage, bases[i]));
	}
	buf_add_char(buf, '\n');
}

void gaps_write_text(const struct account *account, const struct layout *layout)
{
	const struct coverage *coverage = account->coverage;
	struct writing writing = begin(account, layout->buf);

	writing.layout = layout;
	write_bases(&writing, account);
	if (!coverage_count(coverage))
		return;
	layout_add(layout, STYLE_BOLD,
		   SLICE("       count   share  code  reply"));
	buf_add_char(layout->buf, '\n');
	coverage_each(coverage, write_row, &writing);
	if (coverage_other(coverage)) {
		write_cells(&writing, coverage_other(coverage), 0);
		buf_add(layout->buf, SLICE("(other)\n"));
	}
	if (coverage_count(coverage) == writing.shown)
		return;
	layout_number(layout, 0, coverage_count(coverage) - writing.shown);
	buf_add(layout->buf, SLICE(" more; --format json lists all\n"));
}

static void write_object(const struct coverage_reply *reply, void *context)
{
	struct writing *writing = context;
	struct buf *buf = writing->buf;
	uint64_t mille = share(writing, reply->count);

	if (writing->shown++)
		buf_add_char(buf, ',');
	buf_add(buf, SLICE("\n{\"count\":"));
	buf_add_number(buf, reply->count);
	jsonout_key(buf, SLICE("share"));
	buf_add_number(buf, mille / 1000);
	buf_add_char(buf, '.');
	buf_add_padded(buf, mille % 1000, 3);
	jsonout_key(buf, SLICE("smtp_code"));
	if (reply->smtp_code)
		buf_add_number(buf, reply->smtp_code);
	else
		buf_add(buf, SLICE("null"));
	jsonout_member(buf, SLICE("reply"), reply->text);
	buf_add_char(buf, '}');
}

void gaps_write_json(const struct account *account, struct buf *buf)
{
	struct writing writing = begin(account, buf);

	jsonout_first_key(buf, SLICE("failures"));
	buf_add_number(buf, account->totals.failures);
	jsonout_count(buf, SLICE("rejects"), account->totals.rejects);
	jsonout_key(buf, SLICE("basis"));
	for (size_t i = 0; i < BASIS_COUNT; i++) {
		buf_add_char(buf, i ? ',' : '{');
		jsonout_string(buf, basis_word(bases[i]));
		buf_add_char(buf, ':');
		buf_add_number(buf,
			       coverage_basis(account->coverage, bases[i]));
	}
	buf_add_char(buf, '}');
	jsonout_count(buf, SLICE("other"), coverage_other(account->coverage));
	jsonout_key(buf, SLICE("replies"));
	buf_add_char(buf, '[');
	coverage_each(account->coverage, write_object, &writing);
	buf_add(buf, SLICE("]}\n"));
}
