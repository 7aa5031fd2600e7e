/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that no signal interrupts: signals are for the one that reads. */
#ifndef MAILWHY_BASE_THREAD_H
#define MAILWHY_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Starts `run` with `context`; join with pthread_join(). False: no thread. */
bool thread_start(pthread_t *thread, void *(*run)(void *context),
		  void *context);

#endif
