package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.mounter.sftp.Traffic;

class MountTrafficTest {

    /** A packet that begins a session: length, type, version. */
    private static final byte[] INIT = {0, 0, 0, 5, 1, 0, 0, 0, 3};

    @TempDir
    private Path project;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MountTraffic mounts = new MountTraffic(meters);

    private Traffic session(String node) throws IOException {
        Traffic session = new Traffic(mounts.of(node));
        new SftpServer(
                        new SharedDirectory(project),
                        new ByteArrayInputStream(INIT),
                        OutputStream.nullOutputStream(),
                        session)
                .serve();
        return session;
    }

    private double operations(String node) {
        FunctionCounter counter =
                meters.get("rowmill.mount.operations").tag("node", node).functionCounter();
        return counter.count();
    }

    @Test
    void theMetricsOfANodeThatComesBackGoOn() throws IOException {
        assertThat(session("one").operations()).isEqualTo(1);
        assertThat(session("one").operations()).isEqualTo(1);
        session("two");

        assertThat(operations("one")).isEqualTo(2);
        assertThat(operations("two")).isEqualTo(1);
    }
}
