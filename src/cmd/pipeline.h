/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a line, from bytes to events and counts. Joins what the layers
 * below do; one pipeline a thread.
 */
#ifndef MAILWHY_CMD_PIPELINE_H
#define MAILWHY_CMD_PIPELINE_H

#include "base/fault.h"
#include "base/stamp.h"
#include "cmd/options.h"
#include "count/account.h"
#include "out/layout.h"
#include "out/sink.h"

struct catalogue;
struct pipeline;

/* The catalogue in the language and from the places that the options and the
 * environment say. -1 and a fault. Free with catalogue_free(). */
int pipeline_load_catalogue(const struct options *options,
			    struct catalogue **loaded, struct fault *fault);

/*
 * Loads rulebases and catalogue and opens the output, as the options say. -1
 * and a fault. Free with pipeline_close().
 */
int pipeline_open(const struct options *options, struct pipeline **opened,
		  struct fault *fault);

/* Flushes and closes the output; -1 and a fault if that fails. */
int pipeline_close(struct pipeline *pipeline, struct fault *fault);

/* A new input begins, last written at that time: RFC 3164 stamps have no
 * year. */
void pipeline_begin(struct pipeline *pipeline, int64_t reference_us);

/* The input that is being read has grown until that time. */
void pipeline_reach(struct pipeline *pipeline, int64_t reference_us);

/*
 * For several inputs by turns: what the pipeline knows of the one being read.
 * pipeline_resume() goes on with it.
 */
struct pipeline_start {
	struct calendar calendar;
};

void pipeline_pause(const struct pipeline *pipeline,
		    struct pipeline_start *start);
void pipeline_resume(struct pipeline *pipeline,
		     const struct pipeline_start *start);

/* Takes a block of whole lines (the last one may lack its LF), of which `cut`
 * had been too long. -1 and a fault if output failed. */
int pipeline_block(struct pipeline *pipeline, struct slice block, uint64_t cut,
		   struct fault *fault);

/* All input has come: what waits for more of it is taken as far as it goes. */
int pipeline_end(struct pipeline *pipeline, struct fault *fault);

/* What was found so far leaves the program. */
int pipeline_flush(struct pipeline *pipeline, struct fault *fault);

/*
 * The window of --tally that is open closes with the first delivery behind it.
 * Where none comes: when the latest one was, how much log time is left after
 * it (false: no window is open), and what closes it when that has passed.
 */
bool pipeline_window(const struct pipeline *pipeline, int64_t *latest_us,
		     int64_t *left_us);
void pipeline_close_window(struct pipeline *pipeline);

/* Nobody reads the output any more. */
bool pipeline_is_done(const struct pipeline *pipeline);

/* Loads the catalogue anew and opens the output file anew. A catalogue with a
 * fault is refused, the old one stays; that is said on standard error. */
void pipeline_reload(struct pipeline *pipeline);

/* End of input: with --correlate the fates are as they are now, and what had to
 * be forgotten is said on standard error. Comes before what is written then. */
void pipeline_settle(struct pipeline *pipeline);

/* End of input: writes the tally, as the options say. */
int pipeline_finish(struct pipeline *pipeline, struct fault *fault);

/*
 * For worker threads. A worker is a pipeline that shares the catalogue of
 * `owner` and writes nothing itself: for each block it resumes where the owner
 * entered it, and yields what came of it, which the owner accepts in the order
 * of the input. At the end the owner merges what the worker counted. Only for
 * output that does not depend on what came before: pipeline_can_share().
 */
struct pipeline_result {
	struct buf output;
	struct samples samples;
};

bool pipeline_can_share(const struct pipeline *pipeline);
/* Whether the block holds lines of a log whose attempts are told in several
 * lines: from there on, one thread must read them in their order. */
bool pipeline_needs_order(struct pipeline *pipeline, struct slice block);
/* Makes the catalogue's texts ready, which otherwise waits for the first
 * failure; to be called before there are workers, who share them. */
int pipeline_open_shared(struct pipeline *owner, struct fault *fault);
/* One worker may borrow the owner's normaliser and explainer, which the owner
 * does not use meanwhile; the others open their own, each in its thread. */
int pipeline_open_worker(const struct pipeline *owner, bool borrow,
			 struct pipeline **opened, struct fault *fault);
void pipeline_enter(struct pipeline *owner, struct slice block,
		    struct pipeline_start *start);
/* Also for an owner of whose input lines were left out. */
void pipeline_resume(struct pipeline *worker,
		     const struct pipeline_start *start);
void pipeline_yield(struct pipeline *worker, struct pipeline_result *result);
int pipeline_accept(struct pipeline *owner, struct pipeline_result *result,
		    struct fault *fault);
void pipeline_merge(struct pipeline *owner, const struct pipeline *worker);
void pipeline_result_clear(struct pipeline_result *result);

/* For commands that write something of their own. */
const struct account *pipeline_account(const struct pipeline *pipeline);
const struct catalogue *pipeline_catalogue(const struct pipeline *pipeline);
struct sink *pipeline_sink(struct pipeline *pipeline);
struct layout pipeline_layout(struct pipeline *pipeline);

#endif
