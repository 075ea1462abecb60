package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.rowmill.producer.console.ExitCode;

/** Injects the faults of a plan into a run. Starts a killed head again, and counts both as one run. */
final class ChaosRun implements AutoCloseable {

    private static final Duration END_OF_KILLED = Duration.ofSeconds(60);
    private static final Duration SLOW = Duration.ofMillis(80);
    private static final int SLOW_MBIT = 8;
    private static final int SLOTS_OF_HEAD = 2;
    private static final double NANOS = 1e9;

    private final Testbed testbed;
    private final ChaosDisk disk;
    private final Path project;
    private final Path csv;
    private final List<String> csvLines;
    private final Consumer<String> report;
    private final Set<ChaosPlan.Fault> lasting = new LinkedHashSet<>();
    private final Map<ChaosPlan.Kind, Integer> counts = new EnumMap<>(ChaosPlan.Kind.class);
    private final long start = System.nanoTime();
    private ProducerCommand.Running head;

    /**
     * Starts the run.
     *
     * @param testbed has the nodes
     * @param disk stores the tables
     * @param project the project to run
     * @param csv the cluster file, which faults edit
     * @param report receives a line for each fault
     */
    ChaosRun(Testbed testbed, ChaosDisk disk, Path project, Path csv, Consumer<String> report) throws IOException {
        this.testbed = testbed;
        this.disk = disk;
        this.project = project;
        this.csv = csv;
        this.csvLines = Files.readAllLines(csv);
        this.report = report;
        this.head = startHead();
    }

    /** Rows record in {@code HOME} that they began; on a node it is the home of the node's user. */
    private ProducerCommand.Running startHead() {
        return ProducerCommand.of(
                        "run",
                        project,
                        "--output",
                        output(disk.directory()),
                        "--ssh-cluster-csv-path",
                        csv,
                        "--cpu-limit",
                        SLOTS_OF_HEAD,
                        "--no-progress",
                        "--retries",
                        5,
                        "--retry-failed",
                        "no",
                        "-v")
                .onJvmWith("-Duser.home=" + testbed.home())
                .with("HOME", testbed.home().toString())
                .behind(disk.prefix())
                .start();
    }

    private Path output(Path of) {
        return of.resolve(project.getFileName());
    }

    /** Returns the directory of the tables. */
    Path output() {
        return output(disk.seen());
    }

    /** Waits until every row is computed, and returns how long that took. */
    Duration finish(ChaosPlan plan, Duration limit) throws InterruptedException {
        for (ChaosPlan.Event event : plan.events()) {
            if (hasEndedBy(event.at())) {
                break;
            }
            perform(event);
        }
        hasEndedBy(limit);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(head.process().isAlive())
                .as("still runs after %s; stderr: %s", took, head.err())
                .isFalse();
        List.copyOf(lasting).forEach(fault -> perform(new ChaosPlan.Event(fault, false)));
        assertThat(head.process().exitValue())
                .as("exit code; stderr: %s", head.err())
                .isIn(ExitCode.DONE, ExitCode.SOME_FAILED);
        checkThatNoNodeIsExcluded();
        return took;
    }

    /** Starts the run again if it ended because the disk was full at its start. */
    private boolean hasEndedBy(Duration at) throws InterruptedException {
        while (head.process().waitFor(nanosUntil(at), TimeUnit.NANOSECONDS)) {
            if (!hasFoundNoRoom()) {
                return true;
            }
            if (isDiskFull()) {
                TimeUnit.NANOSECONDS.sleep(nanosUntil(at));
                return false;
            }
            head = startHead();
        }
        return false;
    }

    private boolean hasFoundNoRoom() {
        return head.process().exitValue() == ExitCode.WRONG_INPUT
                && head.err().contains("the table cannot be written here: No space left on device");
    }

    private boolean isDiskFull() {
        return lasting.stream().anyMatch(fault -> fault.kind() == ChaosPlan.Kind.FILL_DISK);
    }

    private long nanosUntil(Duration at) {
        return Math.max(0, at.toNanos() - (System.nanoTime() - start));
    }

    /** Returns how often each kind of fault was injected. */
    Map<ChaosPlan.Kind, Integer> counts() {
        return counts;
    }

    private void perform(ChaosPlan.Event event) {
        ChaosPlan.Fault fault = event.fault();
        String note = "";
        if (event.begins()) {
            note = begin(fault);
            counts.merge(fault.kind(), 1, Integer::sum);
            if (!fault.kind().isMomentary()) {
                lasting.add(fault);
            }
        } else {
            end(fault);
            lasting.remove(fault);
        }
        report.accept(String.format(
                Locale.ROOT,
                "%7.2f s (done at %7.2f s)  %s %s, %s%s",
                event.at().toNanos() / NANOS,
                (System.nanoTime() - start) / NANOS,
                event.begins() ? "     " : "end of",
                fault.kind(),
                fault.place() == ChaosPlan.HEAD ? "head" : "node " + fault.place(),
                note));
    }

    /** Injects a fault and returns what to add to the report. */
    private String begin(ChaosPlan.Fault fault) {
        int node = fault.place();
        switch (fault.kind()) {
            case KILL_NODE -> testbed.kill(node);
            case CRASH_NODE -> testbed.crash(node);
            case CUT -> testbed.cut(node);
            case FREEZE -> testbed.freeze(node);
            case SLOW_LINK -> testbed.slow(node, SLOW, SLOW_MBIT);
            case EDIT_CSV -> writeCsv(Stream.concat(lasting.stream(), Stream.of(fault)));
            case KILL_CONSUMER -> {
                return node == ChaosPlan.HEAD ? killConsumerOfHead() : killed(node, "java");
            }
            case KILL_SSHFS -> {
                return killed(node, "sshfs");
            }
            case KILL_HEAD -> runAgain();
            case FILL_DISK -> disk.fill();
        }
        return "";
    }

    private void end(ChaosPlan.Fault fault) {
        int node = fault.place();
        switch (fault.kind()) {
            case KILL_NODE, CRASH_NODE -> testbed.start(node);
            case CUT -> testbed.heal(node);
            case FREEZE -> testbed.thaw(node);
            case SLOW_LINK -> testbed.slow(node, Duration.ZERO);
            case EDIT_CSV -> writeCsv(lasting.stream().filter(other -> !other.equals(fault)));
            case FILL_DISK -> disk.free();
            case KILL_CONSUMER, KILL_SSHFS, KILL_HEAD -> throw new IllegalArgumentException("momentary: " + fault);
        }
    }

    private String killed(int node, String program) {
        return testbed.rexec(node, "pkill -KILL " + program + " || echo ', there was none'")
                .strip();
    }

    private String killConsumerOfHead() {
        List<ProcessHandle> consumers = head.consumers();
        consumers.forEach(ProcessHandle::destroyForcibly);
        return consumers.isEmpty() ? ", there was none" : "";
    }

    private void checkThatNoNodeIsExcluded() {
        assertThat(head.err()).doesNotContain("excluded for");
    }

    /** Kills both JVMs of the head and starts the same command again. */
    private void runAgain() {
        head.head().ifPresent(ProcessHandle::destroyForcibly);
        head.process().destroyForcibly();
        await().atMost(END_OF_KILLED).until(() -> !head.process().isAlive());
        checkThatNoNodeIsExcluded();
        head = startHead();
    }

    private void writeCsv(Stream<ChaosPlan.Fault> faults) {
        List<String> without = faults.filter(fault -> fault.kind() == ChaosPlan.Kind.EDIT_CSV)
                .map(fault -> testbed.address(fault.place()) + ",")
                .toList();
        try {
            Files.write(
                    csv,
                    csvLines.stream()
                            .map(line -> without.stream().anyMatch(line::startsWith) ? "# " + line : line)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        head.close();
    }
}
