package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.mounter.sftp.Traffic;

class MountWatchTest {

    private static final Duration RECENT = Duration.ofSeconds(1);

    private final Traffic traffic = new Traffic();
    private final RecordedEvents events = new RecordedEvents();
    private final MountWatch watch = new MountWatch(traffic, events);

    @TempDir
    private Path directory;

    @Nested
    class APendingProbe {

        @Test
        void meansThatTheMountHangsIfNothingMoves() {
            for (int second = 2; second < 5; second++) {
                watch.probePending(second, RECENT);
            }
            assertThat(events.mountLosses).isEmpty();

            watch.probePending(5, RECENT);

            assertThat(events.mountLosses).singleElement().asString().contains("does not answer");
        }

        @Test
        void meansNothingWhileBytesMove() {
            for (int second = 2; second < 60; second++) {
                traffic.countStep();
                watch.probePending(second, RECENT);
            }
            assertThat(events.mountLosses).isEmpty();
        }

        @Test
        void meansNothingWhileTheHeadsFileSystemIsBusy() {
            traffic.answering(true);
            for (int second = 2; second < 60; second++) {
                watch.probePending(second, RECENT);
            }
            assertThat(events.mountLosses).isEmpty();
        }

        @Test
        void meansNothingWhileHeartbeatsArriveLate() {
            for (int second = 2; second < 60; second++) {
                watch.probePending(second, Duration.ofSeconds(5));
            }
            assertThat(events.mountLosses).isEmpty();
        }

        @Test
        void isForgottenWhenItReturns() {
            watch.probePending(2, RECENT);
            watch.probePending(3, RECENT);
            watch.probePending(4, RECENT);
            watch.probePending(2, RECENT);
            watch.probePending(3, RECENT);
            watch.probePending(4, RECENT);

            assertThat(events.mountLosses).isEmpty();
        }
    }

    private void serve(InputStream requests, CompletableFuture<Integer> sshfs) throws IOException {
        SharedDirectory shared = new SharedDirectory(directory, Set.of());
        watch.serve(new SftpServer(shared, requests, OutputStream.nullOutputStream(), traffic), sshfs);
    }

    @Test
    void theEndOfSshfsIsReportedOnceWithItsSignal() throws IOException {
        serve(InputStream.nullInputStream(), CompletableFuture.completedFuture(137));
        watch.ended();
        watch.gone();

        assertThat(events.mountLosses).containsExactly("sshfs has ended (signal 9)");
    }

    @Test
    void anUnmountIsReportedEvenIfSshfsEndsBeforeTheAgentSeesIt() throws IOException {
        serve(InputStream.nullInputStream(), CompletableFuture.completedFuture(0));
        watch.gone();

        assertThat(events.mountLosses).containsExactly("sshfs has ended: it was unmounted there");
    }

    @Test
    void aLostConnectionIsNotALostMount() throws IOException {
        serve(InputStream.nullInputStream(), CompletableFuture.failedFuture(new IOException("lost")));

        assertThat(events.mountLosses).isEmpty();
    }

    @Test
    void aServerThatFailsIsReportedAndItsStackTraceIsLogged() throws IOException {
        InputStream failing = new ByteArrayInputStream(new byte[0]) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                throw new IllegalStateException("a fault");
            }
        };

        serve(failing, new CompletableFuture<>());

        assertThat(events.mountLosses).singleElement().asString().contains("server", "a fault");
        assertThat(events.printed).anyMatch(line -> line.contains("SftpPacketReader"));
    }

    @Test
    void anIntendedEndIsNotReported() {
        watch.close();
        watch.ended();

        assertThat(events.mountLosses).isEmpty();
    }
}
