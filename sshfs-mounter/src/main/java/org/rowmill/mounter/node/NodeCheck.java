package org.rowmill.mounter.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.mounter.ssh.RemoteResult;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.mounter.ssh.SshSettings;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.protocol.HeldRow;

/** Prepares a node as a run does, measures it, and closes the session. */
public final class NodeCheck {

    private static final int LARGE_BYTES = 16 << 20;
    private static final int SMALL_FILES = 50;
    private static final int SMALL_BYTES = 100;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double NANOS = 1e9;

    private static final String MEASURE = """
            now() { date +%s%N; }
            cd .rowmill-remote/NAME || exit 1
            a=$(now); cat large >/dev/null; b=$(now); echo read $((b - a))
            a=$(now); dd if=/dev/zero of=written-NAME bs=131072 count=128 conv=fsync 2>/dev/null; b=$(now)
            echo write $((b - a)); rm -f written-NAME
            a=$(now); for i in small-*; do read -r x <$i; done; b=$(now); echo files $((b - a))
            """;

    private final Map<ConnectionStep, Duration> steps = new EnumMap<>(ConnectionStep.class);

    private NodeCheck() {}

    /**
     * Makes the files that a check reads through the mount.
     *
     * @param directory an empty directory; the project of the job
     * @throws IOException if the files cannot be written
     */
    public static void prepare(Path directory) throws IOException {
        byte[] large = new byte[LARGE_BYTES];
        new Random(1).nextBytes(large);
        Files.write(directory.resolve("large"), large);
        for (int i = 0; i < SMALL_FILES; i++) {
            Files.writeString(directory.resolve("small-" + i), "x".repeat(SMALL_BYTES) + "\n");
        }
    }

    /**
     * Checks a node.
     *
     * @param node the node
     * @param ssh how to reach it
     * @param job like a run's; its project is a {@link #prepare}d directory, its broker an echo server
     * @return the result
     */
    public static NodeReport of(ClusterNode node, SshSettings ssh, NodeJob job) throws InterruptedException {
        return new NodeCheck().check(node, ssh, job);
    }

    private NodeReport check(ClusterNode node, SshSettings ssh, NodeJob job) throws InterruptedException {
        try (NodeSession session = NodeSession.open(node, ssh, job, new StepTimes(), new Traffic())) {
            long ahead = session.probe().clockSeconds() - Clock.systemUTC().millis() / 1000;
            Optional<NodeReport.MountSpeed> mount = job.project().isPresent() ? measure(session) : Optional.empty();
            return new NodeReport(
                    node,
                    Optional.empty(),
                    steps,
                    Optional.of(login(session.ssh())),
                    Optional.of(session.probe()),
                    mount,
                    OptionalLong.of(session.broker().roundTripNanos()),
                    ahead);
        } catch (NodeFault fault) {
            return new NodeReport(
                    node,
                    Optional.of(fault),
                    steps,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    0);
        }
    }

    private static NodeReport.Login login(SshSession session) {
        return new NodeReport.Login(session.user(), session.port(), session.hostKeyInfo(), session.notes());
    }

    private static Optional<NodeReport.MountSpeed> measure(NodeSession session) throws NodeFault, InterruptedException {
        try {
            byte[] script = MEASURE.replace("NAME", session.mountName()).getBytes(StandardCharsets.UTF_8);
            RemoteResult result = session.ssh().run("exec sh -s", script, LIMIT);
            Map<String, Double> nanos = new HashMap<>();
            result.out().lines().map(line -> line.split(" ")).forEach(words -> {
                if (words.length == 2 && words[1].matches("\\d+")) {
                    nanos.put(words[0], Math.max(1, Double.parseDouble(words[1])));
                }
            });
            Double read = nanos.get("read");
            Double write = nanos.get("write");
            Double files = nanos.get("files");
            if (read == null || write == null || files == null) {
                return Optional.empty(); // the date command there does not print nanoseconds
            }
            return Optional.of(new NodeReport.MountSpeed(
                    LARGE_BYTES * NANOS / read, LARGE_BYTES * NANOS / write, files / SMALL_FILES));
        } catch (IOException e) {
            throw new NodeFault(ConnectionStep.MOUNT, "the mount does not answer: " + e.getMessage(), "Try again.");
        }
    }

    /** Records how long each step takes. */
    private final class StepTimes implements NodeEvents {
        @Override
        public void done(ConnectionStep step, Duration time) {
            steps.put(step, time);
        }

        @Override
        public void warned(String text) {
            // the node is usable
        }

        @Override
        public void noted(String what) {
            // the report has it
        }

        @Override
        public void printed(String line) {
            // no consumer runs
        }

        @Override
        public void consumerStarted(long pid) {
            // none is started
        }

        @Override
        public void consumerEnded(int exitCode, List<HeldRow> inHand) {
            // none was started
        }

        @Override
        public void mountLost(String how) {
            // the measurement fails and reports it
        }
    }
}
