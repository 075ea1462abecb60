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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final AtomicInteger writes = new AtomicInteger();
    private long nanos = Long.MAX_VALUE - 1; // overflows during the test

    private DiskWait disk(Duration limit) {
        PrintStream out = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(out, out, 0, false, Map.of());
        return new DiskWait(
                directory, limit, stop, console, () -> nanos, millis -> nanos += TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private DiskWait.Write<Integer> failing(int times, IOException e) {
        return () -> {
            if (writes.incrementAndGet() <= times) {
                throw e;
            }
            return writes.get();
        };
    }

    @Test
    void aWriteThatSucceedsIsNotRepeated() throws Exception {
        assertThat(disk(Duration.ofMinutes(10)).write(failing(0, new IOException())))
                .isEqualTo(1);
        assertThat(printed()).isEmpty();
    }

    @Test
    void aWriteIsRepeatedUntilTheDiskAcceptsIt() throws Exception {
        IOException full = new FileSystemException("part", null, "No space left on device");

        assertThat(disk(Duration.ofMinutes(90)).write(failing(3, full))).isEqualTo(4);

        assertThat(printed().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("warning: " + directory + ": results cannot be written: No space left on device (")
                .endsWith(" free). The run tries again every 3 s, for at most 90m (--disk-wait), and keeps results in"
                        + " memory. Free space, or make the directory writable. Ctrl-C ends the run; published rows are"
                        + " kept");
        assertThat(printed().lines().skip(1).findFirst().orElseThrow())
                .endsWith(": results can be written again after 9 s; the run continues");
    }

    @Test
    void theWaitEndsAtTheLimit() {
        IOException broken = new IOException("Input/output error");
        assertThatThrownBy(() -> disk(Duration.ofSeconds(7)).write(failing(100, broken)))
                .isSameAs(broken);
        assertThat(writes).hasValue(4); // at 0, 3, 6 and 7 s
        assertThat(printed()).contains("for at most 7s");
    }

    @Test
    void aStopBeforeTheWaitEndsIt() {
        IOException full = new IOException("No space left on device");
        DiskWait.Write<Integer> interrupted = () -> {
            stop.request("interrupted", ExitCode.INTERRUPTED);
            throw full;
        };
        assertThatThrownBy(() -> disk(Duration.ofMinutes(10)).write(interrupted))
                .isSameAs(full);
        assertThat(printed()).isEmpty();
    }

    @Test
    void anErrorThatIsNotOfTheDiskIsThrownAtOnce() throws IOException {
        IOException gone = new NoSuchFileException("part");
        assertThatThrownBy(() -> disk(Duration.ofMinutes(10)).write(failing(1, gone)))
                .isSameAs(gone);
        Files.delete(directory);
        IOException inTheWay = new FileSystemException("part", null, "Not a directory");
        assertThatThrownBy(() -> disk(Duration.ofMinutes(10)).write(failing(100, inTheWay)))
                .isSameAs(inTheWay);
        assertThat(printed()).isEmpty();
    }
}
