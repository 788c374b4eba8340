/*
 * replay.h - a virtual run again, from the bundle that it left.
 *
 * `rehome replay BUNDLE` runs the bundle's scenario on the bundle's topology with its seed, speed
 * and mutants, and compares what happens, signal by signal, with the bundle's record: the trace
 * hash is the same, or the first signal that differs is shown. With --step it then stands at the
 * first signal and takes commands from standard input, a line each ("help" lists them). Going back
 * is running again: a virtual run is repeatable and short.
 *
 * A seed repeats the commit that it was run with; where the sources are of another, that is said.
 */
#ifndef SIM_REPLAY_REPLAY_H
#define SIM_REPLAY_REPLAY_H

struct sim_command;
struct sim_error;

/* rehome replay. SIM_PASSED: the same trace; SIM_FAILED: another. */
int sim_replay_command(struct sim_command *command, struct sim_error *err);

#endif
