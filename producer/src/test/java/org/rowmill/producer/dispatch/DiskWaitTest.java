package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;

class DiskWaitTest {

    @TempDir
    Path directory;

    private final StopSignal stop = new StopSignal();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicInteger tries = new AtomicInteger();

    private DiskWait disk(Duration limit) {
        PrintStream out = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new DiskWait(directory, limit, stop, new Console(out, out, 0, false, Map.of()));
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private DiskWait.Write<Integer> failing(int times, IOException e) {
        return () -> {
            if (tries.incrementAndGet() <= times) {
                throw e;
            }
            return tries.get();
        };
    }

    @Test
    void whatWorksIsDoneOnce() throws Exception {
        assertThat(disk(Duration.ofMinutes(10)).until(failing(0, new IOException())))
                .isEqualTo(1);
        assertThat(told()).isEmpty();
    }

    @Test
    @Tag("slow")
    void itWaitsAndGoesOnByItself() throws Exception {
        IOException full = new FileSystemException("part", null, "No space left on device");

        assertThat(disk(Duration.ofMinutes(90)).until(failing(1, full))).isEqualTo(2);

        assertThat(told().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("warning: " + directory + ": results cannot be written: No space left on device (")
                .endsWith(
                        " free). The run waits and tries again each 3 s, for 90m at most (--disk-wait); results are kept"
                                + " in memory. Make room, or make it writable. Ctrl-C ends the run: what was published is safe");
        assertThat(told().lines().skip(1).findFirst().orElseThrow())
                .matches(".*: results can be written again, after [3-9] s; the run goes on");
    }

    @Test
    void theLimitEndsIt() {
        IOException broken = new IOException("Input/output error");
        assertThatThrownBy(() -> disk(Duration.ofMillis(500)).until(failing(100, broken)))
                .isSameAs(broken);
        assertThat(tries).hasValue(2);
        assertThat(told()).contains("for 500ms at most");
    }

    @Test
    void aStopEndsItAtOnce() {
        IOException full = new IOException("No space left on device");
        DiskWait.Write<Integer> interrupted = () -> {
            stop.request("interrupted", ExitCode.INTERRUPTED);
            throw full;
        };
        assertThatThrownBy(() -> disk(Duration.ofMinutes(10)).until(interrupted))
                .isSameAs(full);
        assertThat(told()).isEmpty();
    }

    @Test
    void whatIsNotTheDisksIsNotWaitedFor() throws IOException {
        IOException gone = new NoSuchFileException("part");
        assertThatThrownBy(() -> disk(Duration.ofMinutes(10)).until(failing(1, gone)))
                .isSameAs(gone);
        Files.delete(directory);
        IOException inTheWay = new FileSystemException("part", null, "Not a directory");
        assertThatThrownBy(() -> disk(Duration.ofMinutes(10)).until(failing(100, inTheWay)))
                .isSameAs(inTheWay);
        assertThat(told()).isEmpty();
    }
}
