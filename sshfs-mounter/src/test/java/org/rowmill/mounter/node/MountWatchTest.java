package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.sftp.SftpServer;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.schemas.protocol.HeldRow;

class MountWatchTest {

    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Traffic traffic = new Traffic();
    private final Told told = new Told();
    private final MountWatch watch = new MountWatch(traffic, told);

    @TempDir
    private Path directory;

    @Nested
    class AProbeThatDoesNotComeBack {

        @Test
        void meansThatTheMountHangsWhenNothingElseMoves() {
            for (int second = 2; second < 5; second++) {
                watch.silent(second, FRESH);
            }
            assertThat(told.lost).isEmpty();

            watch.silent(5, FRESH);

            assertThat(told.lost).singleElement().asString().contains("does not answer");
        }

        @Test
        void meansNothingWhileBytesMove() {
            for (int second = 2; second < 60; second++) {
                traffic.countStep();
                watch.silent(second, FRESH);
            }
            assertThat(told.lost).isEmpty();
        }

        @Test
        void meansNothingWhileTheHeadsFileSystemIsAsked() {
            traffic.answering(true);
            for (int second = 2; second < 60; second++) {
                watch.silent(second, FRESH);
            }
            assertThat(told.lost).isEmpty();
        }

        @Test
        void meansNothingWhileTheNodeHearsTheHeadLate() {
            for (int second = 2; second < 60; second++) {
                watch.silent(second, Duration.ofSeconds(5));
            }
            assertThat(told.lost).isEmpty();
        }

        @Test
        void isForgottenWhenItComesBackAfterAll() {
            watch.silent(2, FRESH);
            watch.silent(3, FRESH);
            watch.silent(4, FRESH);
            watch.silent(2, FRESH);
            watch.silent(3, FRESH);
            watch.silent(4, FRESH);

            assertThat(told.lost).isEmpty();
        }
    }

    private void serve(InputStream requests, CompletableFuture<Integer> sshfs) throws IOException {
        SharedDirectory shared = new SharedDirectory(directory, Set.of());
        watch.serve(new SftpServer(shared, requests, OutputStream.nullOutputStream(), traffic), sshfs);
    }

    @Test
    void theEndOfSshfsIsToldOnceWithItsSignal() throws IOException {
        serve(InputStream.nullInputStream(), CompletableFuture.completedFuture(137));
        watch.ended();
        watch.gone();

        assertThat(told.lost).containsExactly("its sshfs has ended (signal 9)");
    }

    @Test
    void whatWasUnmountedIsToldSoThoughSshfsEndsBeforeTheGuardSeesIt() throws IOException {
        serve(InputStream.nullInputStream(), CompletableFuture.completedFuture(0));
        watch.gone();

        assertThat(told.lost).containsExactly("its sshfs has ended: it was unmounted there");
    }

    @Test
    void theEndOfTheConnectionIsNoLossOfTheMount() throws IOException {
        serve(InputStream.nullInputStream(), CompletableFuture.failedFuture(new IOException("lost")));

        assertThat(told.lost).isEmpty();
    }

    @Test
    void aServerThatBreaksIsToldAndItsStackIsInTheLog() throws IOException {
        InputStream breaks = new ByteArrayInputStream(new byte[0]) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                throw new IllegalStateException("a fault");
            }
        };

        serve(breaks, new CompletableFuture<>());

        assertThat(told.lost).singleElement().asString().contains("server", "a fault");
        assertThat(told.printed).anyMatch(line -> line.contains("SftpPacketReader"));
    }

    @Test
    void anEndThatIsWantedIsNotTold() {
        watch.close();
        watch.ended();

        assertThat(told.lost).isEmpty();
    }

    private static final class Told implements NodeEvents {
        private final List<String> lost = new ArrayList<>();
        private final List<String> printed = new ArrayList<>();

        @Override
        public void done(ConnectionStep step, Duration time) {
            throw new AssertionError(step);
        }

        @Override
        public void printed(String line) {
            printed.add(line);
        }

        @Override
        public void consumerStarted(long pid) {
            throw new AssertionError(pid);
        }

        @Override
        public void consumerEnded(int exitCode, List<HeldRow> inHand) {
            throw new AssertionError(exitCode);
        }

        @Override
        public void mountLost(String how) {
            lost.add(how);
        }
    }
}
