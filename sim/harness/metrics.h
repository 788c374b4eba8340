/*
 * metrics.h - counters and alarms of a running cluster, as Prometheus reads them.
 *
 * Every program is asked through its door; nothing is kept between two looks. A counter of the
 * field is named after its object and itself, in Prometheus's spelling, and keeps its own name in
 * the HELP line:
 *
 *	# HELP cisco_cti_manager_devices_open DevicesOpen: Devices opened by applications
 *	# TYPE cisco_cti_manager_devices_open gauge
 *	cisco_cti_manager_devices_open{node="ccm1"} 3
 *	rehome_alarms_raised_total{node="ccm1",app="Cisco CallManager",facility="UC_CALLMANAGER",severity="5",alarm="SDLLinkISV"} 2
 *	rehome_program_up{node="ccm1",program="ccm1:callmanager"} 1
 *
 * A program that is down or does not answer has rehome_program_up 0 and nothing else. What it
 * counts begins anew when it starts again.
 *
 * Source: domain names of common/log/counter.def and alarm.def; Prometheus's text format 0.0.4.
 */
#ifndef SIM_HARNESS_METRICS_H
#define SIM_HARNESS_METRICS_H

#include "sim/harness/command.h"

#define SIM_METRIC_SIZE 96

/* "cisco_callmanager_calls_attempted_total". */
void sim_metric_name(const struct counter_def *def, char name[SIM_METRIC_SIZE]);
/* The application (sdl/sdl.h) whose programs keep it. */
uint16_t sim_counter_app(const struct counter_def *def);

/* `rehome metrics --listen PORT`: answers GET /metrics on 127.0.0.1 until it is told to end (INT,
 * TERM); the cluster may come and go meanwhile. */
int sim_metrics_listen(struct sim_command *command, struct sim_error *err);

#endif
