/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/workers.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"

/* A block on its way. Jobs form a ring: filled, taken and written in order. */
struct job {
	enum { JOB_FREE, JOB_READY, JOB_TAKEN, JOB_DONE } state;
	struct buf input;
	uint64_t cut;
	struct pipeline_start start;
	struct pipeline_result result;
};

struct workers {
	struct pipeline *pipeline;
	pthread_mutex_t lock; /* of what stands below */
	pthread_cond_t changed;
	struct job *jobs;
	size_t job_count;
	size_t filled; /* jobs so far; modulo job_count: places in the ring */
	size_t taken;
	size_t written;
	bool ended; /* no more jobs will come */
	struct fault fault;
	bool failed;
	bool told; /* the fault has been handed out */
	struct worker *each;
	size_t count;
};

struct worker {
	struct workers *workers;
	struct pipeline *pipeline;
	pthread_t thread;
};

static struct job *job_at(struct workers *workers, size_t number)
{
	return &workers->jobs[number % workers->job_count];
}

/* The next job to work on; NULL when there will be none. Locked. */
static struct job *take_job(struct workers *workers)
{
	while (workers->taken == workers->filled && !workers->ended)
		pthread_cond_wait(&workers->changed, &workers->lock);
	if (workers->taken == workers->filled)
		return NULL;
	return job_at(workers, workers->taken++);
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct workers *workers = worker->workers;
	bool first = worker == workers->each;
	struct fault fault;
	struct job *job;

	/* The first one cannot fail, so somebody does the work. */
	if (pipeline_open_worker(workers->pipeline, first, &worker->pipeline,
				 &fault) < 0)
		return NULL;
	pthread_mutex_lock(&workers->lock);
	while ((job = take_job(workers))) {
		int result;

		pthread_mutex_unlock(&workers->lock);
		pipeline_resume(worker->pipeline, &job->start);
		result = pipeline_block(worker->pipeline,
					buf_slice(&job->input), job->cut,
					&fault);
		pipeline_yield(worker->pipeline, &job->result);
		pthread_mutex_lock(&workers->lock);
		if (result < 0 && !workers->failed) {
			workers->failed = true;
			workers->fault = fault;
		}
		job->state = JOB_DONE;
		pthread_cond_broadcast(&workers->changed);
	}
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

static void start_threads(struct workers *workers, size_t count)
{
	while (workers->count < count) {
		struct worker *worker = &workers->each[workers->count];

		worker->workers = workers;
		if (!thread_start(&worker->thread, work, worker))
			break;
		workers->count++;
	}
}

int workers_start(struct pipeline *pipeline, size_t count,
		  struct workers **started, struct fault *fault)
{
	struct workers *workers;

	*started = NULL;
	if (pipeline_open_shared(pipeline, fault) < 0)
		return -1;
	workers = memory_new(1, sizeof(*workers));
	workers->pipeline = pipeline;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_cond_init(&workers->changed, NULL);
	workers->job_count = 2 * count + 2;
	workers->jobs = memory_new(workers->job_count, sizeof(struct job));
	workers->each = memory_new(count, sizeof(struct worker));
	start_threads(workers, count);
	if (workers->count) {
		*started = workers;
		return 0;
	}
	(void)workers_finish(workers, fault);
	return fault_set(fault, "no thread can be started; use --jobs 1");
}

/* Writes what is done, in order, until a job that is not; with `all`, waits
 * for each. Locked. */
static int write_done(struct workers *workers, bool all, struct fault *fault)
{
	int result = 0;

	while (workers->written < workers->filled) {
		struct job *job = job_at(workers, workers->written);

		while (all && job->state != JOB_DONE)
			pthread_cond_wait(&workers->changed, &workers->lock);
		if (job->state != JOB_DONE)
			break;
		if (pipeline_accept(workers->pipeline, &job->result, fault) < 0)
			result = -1;
		job->state = JOB_FREE;
		workers->written++;
	}
	if (workers->failed && !workers->told && result == 0) {
		workers->told = true;
		*fault = workers->fault;
		result = -1;
	}
	return result;
}

int workers_block(struct workers *workers, struct slice block, uint64_t cut,
		  struct fault *fault)
{
	struct job *job;
	int result;

	pthread_mutex_lock(&workers->lock);
	result = write_done(workers, false, fault);
	job = job_at(workers, workers->filled);
	while (job->state != JOB_FREE && result == 0) {
		pthread_cond_wait(&workers->changed, &workers->lock);
		result = write_done(workers, false, fault);
	}
	pthread_mutex_unlock(&workers->lock);
	if (result < 0)
		return -1;
	buf_reset(&job->input);
	buf_add(&job->input, block);
	job->cut = cut;
	pipeline_enter(workers->pipeline, block, &job->start);
	pthread_mutex_lock(&workers->lock);
	job->state = JOB_READY;
	workers->filled++;
	pthread_cond_broadcast(&workers->changed);
	pthread_mutex_unlock(&workers->lock);
	return 0;
}

int workers_finish(struct workers *workers, struct fault *fault)
{
	struct fault ignored;
	int result;

	if (!workers)
		return 0;
	pthread_mutex_lock(&workers->lock);
	result = write_done(workers, true, fault);
	workers->ended = true;
	pthread_cond_broadcast(&workers->changed);
	pthread_mutex_unlock(&workers->lock);
	for (size_t i = 0; i < workers->count; i++) {
		pthread_join(workers->each[i].thread, NULL);
		if (!workers->each[i].pipeline)
			continue;
		pipeline_merge(workers->pipeline, workers->each[i].pipeline);
		(void)pipeline_close(workers->each[i].pipeline, &ignored);
	}
	for (size_t i = 0; i < workers->job_count; i++) {
		buf_clear(&workers->jobs[i].input);
		pipeline_result_clear(&workers->jobs[i].result);
	}
	pthread_cond_destroy(&workers->changed);
	pthread_mutex_destroy(&workers->lock);
	free(workers->jobs);
	free(workers->each);
	free(workers);
	return result;
}
