/* proc.h - what the kernel knows about a process. 0 where it tells nothing. */
#ifndef SIM_BENCH_PROC_H
#define SIM_BENCH_PROC_H

#include <sys/types.h>

/* Bytes of memory of its own: anonymous pages, without mapped files and records. */
double bench_proc_memory(pid_t pid);
/* Seconds of CPU so far, of all its threads. */
double bench_proc_cpu_s(pid_t pid);
/* Context switches so far, of all its threads. */
double bench_proc_switches(pid_t pid);

#endif
