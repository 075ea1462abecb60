package org.rowmill.benchmarks;

import java.time.Duration;

/** The CPU time of processes. */
final class Cpu {

    private Cpu() {}

    /** Returns the CPU time of all threads of a process since its start. On Linux it has steps of 10 ms. */
    static Duration of(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException(
                        "this system does not report the CPU time of process " + process.pid()));
    }
}
