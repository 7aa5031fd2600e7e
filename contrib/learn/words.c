/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Learns what words speak for (why/words.h) from labelled replies: reads files
 * of tests/catalogue (reason, also, host, reply, source; tab-separated, a
 * header first) and writes rules/words.tsv to standard output. Multinomial
 * logistic regression by stochastic gradient descent with AdaGrad; the same
 * input gives the same output.
 *
 *     words FILE.tsv... >rules/words.tsv
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/intern.h"
#include "base/memory.h"
#include "parse/reply.h"
#include "why/pattern.h"
#include "why/words.h"

enum {
	ROUNDS = 4,
	FEATURES = 192,
	LINE_SIZE = 65536,
	LEAST_SEEN = 2,
	MOST_WEIGHTS = 14
};

static const double step = 0.2;
static const double least_weight = 0.3; /* smaller ones are left out */

struct sample {
	enum reason reason;
	uint32_t features[FEATURES];
	size_t count;
};

struct learner {
	struct intern *features;
	uint32_t *seen; /* by feature */
	double (*weights)[REASON_COUNT];
	double (*squares)[REASON_COUNT]; /* of the gradients so far */
	struct sample *samples;
	size_t count;
};

static void add_feature(struct slice feature, void *context)
{
	struct learner *learner = context;
	struct sample *sample = &learner->samples[learner->count];
	uint32_t number = intern_add(learner->features, feature);

	for (size_t i = 0; i < sample->count; i++)
		if (sample->features[i] == number)
			return;
	if (sample->count < FEATURES)
		sample->features[sample->count++] = number;
}

static void add_sample(struct learner *learner, enum reason reason, bool local,
		       struct slice text)
{
	struct buf scratch = { 0 };
	struct buf folded = { 0 };
	struct reply reply;
	struct wording wording = { .local = local };

	learner->samples = memory_resize(learner->samples, learner->count + 1,
					 sizeof(struct sample));
	learner->samples[learner->count] = (struct sample){ .reason = reason };
	reply_parse_bare(text, &scratch, &reply);
	pattern_fold(reply.text, &folded);
	wording.folded = buf_slice(&folded);
	wording.code = reply.code;
	wording.enhanced = reply.enhanced;
	words_each(&wording, add_feature, learner);
	learner->count++;
	buf_clear(&scratch);
	buf_clear(&folded);
}

static int read_file(struct learner *learner, const char *path)
{
	static char line[LINE_SIZE];
	FILE *file = fopen(path, "r");
	bool first = true;

	if (!file) {
		perror(path);
		return -1;
	}
	for (; fgets(line, sizeof(line), file); first = false) {
		struct slice rest = { line, strcspn(line, "\n") };
		struct slice reason;
		struct slice also;
		struct slice host;
		struct slice reply;
		enum reason label;

		if (first || !slice_cut(&rest, '\t', &reason) ||
		    !slice_cut(&rest, '\t', &also) ||
		    !slice_cut(&rest, '\t', &host) ||
		    !slice_cut(&rest, '\t', &reply) ||
		    !reason_from_word(reason, &label))
			continue;
		add_sample(learner, label, slice_equal(host, SLICE("local")),
			   reply);
	}
	fclose(file);
	return 0;
}

static void judge(const struct learner *learner, const struct sample *sample,
		  double shares[REASON_COUNT])
{
	double most = 0;
	double all = 0;

	for (size_t k = 0; k < REASON_COUNT; k++) {
		shares[k] = 0;
		for (size_t i = 0; i < sample->count; i++)
			shares[k] += learner->weights[sample->features[i]][k];
		most = shares[k] > most ? shares[k] : most;
	}
	for (size_t k = 0; k < REASON_COUNT; k++)
		all += shares[k] = exp(shares[k] - most);
	for (size_t k = 0; k < REASON_COUNT; k++)
		shares[k] /= all;
}

static void learn_sample(struct learner *learner, const struct sample *sample)
{
	double shares[REASON_COUNT];

	judge(learner, sample, shares);
	for (size_t k = 0; k < REASON_COUNT; k++) {
		double gradient = shares[k] - (k == sample->reason);

		if (fabs(gradient) < 0.01)
			continue;
		for (size_t i = 0; i < sample->count; i++) {
			uint32_t at = sample->features[i];

			learner->squares[at][k] += gradient * gradient;
			learner->weights[at][k] -=
				step * gradient /
				sqrt(1e-6 + learner->squares[at][k]);
		}
	}
}

/* Fisher and Yates, with a fixed sequence of numbers. */
static void shuffle(size_t *order, size_t count, uint64_t *state)
{
	for (size_t i = count; i > 1; i--) {
		size_t other;
		size_t kept = order[i - 1];

		*state = *state * 6364136223846793005u + 1442695040888963407u;
		other = (size_t)(*state >> 33) % i;
		order[i - 1] = order[other];
		order[other] = kept;
	}
}

static void learn(struct learner *learner)
{
	size_t features = intern_count(learner->features);
	size_t *order = memory_new(learner->count, sizeof(order[0]));
	uint64_t state = 1;

	learner->seen = memory_new(features, sizeof(learner->seen[0]));
	learner->weights = memory_new(features, sizeof(learner->weights[0]));
	learner->squares = memory_new(features, sizeof(learner->squares[0]));
	for (size_t i = 0; i < learner->count; i++) {
		order[i] = i;
		for (size_t k = 0; k < learner->samples[i].count; k++)
			learner->seen[learner->samples[i].features[k]]++;
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		shuffle(order, learner->count, &state);
		for (size_t i = 0; i < learner->count; i++)
			learn_sample(learner, &learner->samples[order[i]]);
	}
	free(order);
}

static int compare_weights(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* What is the same for most reasons says nothing: it is taken off all, so that
 * little is left to be written. */
static void centre(double weights[REASON_COUNT])
{
	double sorted[REASON_COUNT];
	double middle;

	memcpy(sorted, weights, sizeof(sorted));
	qsort(sorted, REASON_COUNT, sizeof(sorted[0]), compare_weights);
	middle = sorted[REASON_COUNT / 2];
	for (size_t k = 0; k < REASON_COUNT; k++)
		weights[k] -= middle;
}

/* Whether a weight is among the largest of its feature. */
static bool is_large(const double weights[REASON_COUNT], size_t at)
{
	size_t larger = 0;

	for (size_t k = 0; k < REASON_COUNT; k++)
		larger += fabs(weights[k]) > fabs(weights[at]);
	return larger < MOST_WEIGHTS && fabs(weights[at]) >= least_weight;
}

static void write_feature(const struct learner *learner, uint32_t at)
{
	struct slice text = intern_text(learner->features, at);
	bool any = false;

	if (learner->seen[at] < LEAST_SEEN)
		return;
	centre(learner->weights[at]);
	for (enum reason k = 0; k < REASON_COUNT; k++) {
		if (!is_large(learner->weights[at], k))
			continue;
		printf("%s %s:%ld", any ? "" : text.at, reason_word(k).at,
		       lround(learner->weights[at][k] * 100));
		any = true;
	}
	if (any)
		printf("\n");
}

int main(int argc, char **argv)
{
	struct learner learner = { .features = intern_new() };

	for (int i = 1; i < argc; i++)
		if (read_file(&learner, argv[i]) < 0)
			return 1;
	if (!learner.count) {
		fprintf(stderr, "usage: words FILE.tsv... >rules/words.tsv\n");
		return 2;
	}
	learn(&learner);
	printf("# Made by contrib/learn from labelled replies.\n");
	for (uint32_t i = 0; i < intern_count(learner.features); i++)
		write_feature(&learner, i);
	intern_free(learner.features);
	free(learner.seen);
	free(learner.weights);
	free(learner.squares);
	free(learner.samples);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
